//! What the simulator found about roles, removals and keys, each in its shortest form.

use dianbu::book::{Batch, Book, DevId, Dot, Op, Stamp};
use dianbu::domain::customer::customer;
use dianbu::domain::role::Role;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::store::Store as _;
use dianbu::sync::driver;
use dianbu::sync::engine::Limits;
use dianbu::sync::keys::{InviteKeys, LASTING, invite_id};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed};
use dianbu::sync::report::Trouble;
use dianbu::sync::wire::{self, Control, Epoch, Invite};

use crate::faults::copy_of;
use crate::kit::{Device, NOON, claim, edits, names, now, object, settle, write_kind};
use crate::rights::{duel, grant, grant_unheard, has, recovery};

const SOON: Limits = Limits { due_ops: 8, least_ops: 4, pack_segments: 64, clean_ms: 600_000 };

fn copy(device: &Device) -> Device {
    let mut clone = Device::founder(60);
    clone.store = copy_of(device, now(device.store.load()).unwrap());
    clone.restart();
    clone
}

/// The copy of a device that has noticed the original becomes its heir.
fn succeed(clone: &mut Device, bucket: &Bucket) {
    assert!(clone.round(bucket).troubles.contains(&Trouble::Cloned));
    now(driver::succeed(&clone.store, "副本".into(), NOON, &mut *clone.random)).unwrap();
    clone.restart();
}

/// The entries of a device that begin an epoch or hand one on.
fn epochs(device: &Device, bucket: &Bucket) -> Vec<Epoch> {
    let vault = device.engine.vault();
    let read = |name: String| {
        let (bytes, parsed) = (object(bucket, &name), Name::parse(&name)?);
        let sealed = Sealed::read(&bytes, parsed).ok()?;
        let key = vault.object_key(LASTING, Kind::Control, sealed.place.dev, sealed.place.seq)?;
        match wire::from_bytes(&sealed.open(&key).ok()?).ok()? {
            Control::Epoch(epoch) if sealed.place.dev == device.dev() => Some(epoch),
            _ => None,
        }
    };
    names(bucket, "/k/").into_iter().filter_map(read).collect()
}

/// Whether the last segment of the author opens with the keys of another device.
fn opens(author: &Device, other: &Device, bucket: &Bucket) -> bool {
    let seq = author.sync().segment.seq;
    let bytes = object(bucket, &author.segment(seq));
    let sealed = Sealed::read(&bytes, Name::parse(&author.segment(seq)).unwrap()).unwrap();
    let vault = other.engine.vault();
    vault.object_keys(sealed.place.epoch, Kind::Segment, author.dev(), seq).any(|key| sealed.open(&key).is_ok())
}

#[test]
fn an_heir_with_unsent_work_begins_from_a_snapshot() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let mut clone = copy(&team[1]);
    team[1].write("by the original");
    team[1].round(&bucket);
    team[0].engine.set_limits(SOON);
    edits(&mut team[0], &bucket, 12);
    now(team[0].session().checkpoint()).unwrap();
    assert!(team[0].round(&bucket).finished && !names(&bucket, "/n/").is_empty());
    clone.write("by the copy");
    succeed(&mut clone, &bucket);
    bucket.requests();
    assert!(clone.round(&bucket).finished);
    assert!(crate::kit::gets(&bucket.requests(), "/manifest") == 1, "it begins from the snapshot");
    assert!(has(&clone, "by the copy") && has(&clone, "edit 11") && has(&clone, "by the original"));
}

#[test]
fn an_heir_does_not_believe_what_its_device_said_and_nobody_heard() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let mut clone = copy(&team[0]);
    team[0].write("the original goes on");
    team[0].round(&bucket);
    let other = team[1].dev();
    grant_unheard(&mut clone, other, Role::Removed);
    succeed(&mut clone, &bucket);
    team.push(clone);
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.engine.rights().role(other) == Role::Manager));
    // And what it heard twice counts once: books are compared under the same grants.
    assert!(team.iter().all(|device| device.engine.rights() == team[0].engine.rights()));
}

#[test]
fn nobody_begins_from_a_snapshot_of_who_may_not_change_everything() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let viewer = team[0].invite_as(&bucket, Role::Viewer, 1);
    team.push(Device::joiner(50, &viewer, &bucket));
    edits(&mut team[0], &bucket, 12);
    team[1].round(&bucket);
    // A changed app has rows of its own in its book and offers them to whoever comes.
    write_kind(&team[1].store, team[1].dev(), NOON, customer::ID, "smuggled");
    team[1].round(&bucket);
    team[1].engine.set_limits(SOON);
    now(team[1].session().checkpoint()).unwrap();
    team[1].round(&bucket);
    assert!(names(&bucket, "/n/").is_empty());
    let invitation = team[0].invite(&bucket, 1).unwrap();
    let mut joiner = Device::joiner(51, &invitation, &bucket);
    assert!(joiner.round(&bucket).finished);
    assert!(has(&joiner, "edit 11") && !has(&joiner, "smuggled"));
}

#[test]
fn a_write_that_saw_what_was_not_allowed_gives_one_book_in_any_order() {
    let (cheat, honest) = (DevId([1; 16]), DevId([2; 16]));
    let stamp = Stamp::at(NOON);
    let op = |stamp, rows| Op { opn: 1, stamp, by: None, batch: None, rows };
    let mut rows = crate::kit::rows(customer::ID, "x");
    rows[0].cells[0].bases = vec![Dot { stamp, dev: cheat }];
    let left_out = Batch { dev: cheat, ops: vec![op(stamp, Vec::new())] };
    let saw_it = Batch { dev: honest, ops: vec![op(stamp.next(NOON), rows)] };
    let [mut one, mut other] = [Book::default(), Book::default()];
    one.apply(&left_out);
    one.apply(&saw_it);
    other.apply(&saw_it);
    other.apply(&left_out);
    assert_eq!(one.standing(), other.standing());
}

#[test]
fn a_later_word_of_an_owner_holds_against_a_clock_that_is_years_ahead() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let owner = team[0].invite_as(&bucket, Role::Owner, 1);
    team.push(Device::joiner(53, &owner, &bucket));
    settle(&bucket, &mut team);
    let dev = team[1].dev();
    team[2].clock += 10 * 365 * 86_400_000;
    grant(&mut team[2], &bucket, dev, Role::Viewer).unwrap();
    settle(&bucket, &mut team);
    grant(&mut team[0], &bucket, dev, Role::Keeper).unwrap();
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.engine.rights().role(dev) == Role::Keeper));
}

#[test]
fn a_removed_device_gets_no_key_by_an_invitation_of_its_own_or_the_sheet_it_came_with() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let paper = recovery(&mut team[0], &bucket);
    let mut guest = Device::joiner(54, &paper, &bucket);
    guest.round(&bucket);
    settle(&bucket, &mut team);
    let secret = InviteKeys::new(&[7; 16]);
    let (public, seal, epoch) = (secret.public(), secret.seal_to(), 1);
    let invite = Invite { public, role: Role::Owner, uses: 9, expires_ms: u64::MAX, seal, epoch, recovery: true };
    let gone = team[2].dev();
    claim(&mut team[2], &Control::Invite(invite));
    team[2].round(&bucket);
    settle(&bucket, &mut team);
    grant(&mut team[0], &bucket, gone, Role::Removed).unwrap();
    grant(&mut team[0], &bucket, guest.dev(), Role::Removed).unwrap();
    guest.round(&bucket);
    team[2].round(&bucket);
    let own = DevId(invite_id(gone, &public).0);
    let begun = epochs(&team[0], &bucket);
    assert!(begun.len() >= 2 && begun.iter().all(|epoch| !epoch.keys.contains_key(&own)));
    team[0].write("for those who stay");
    team[0].round(&bucket);
    settle(&bucket, &mut team[..2]);
    guest.round(&bucket);
    assert!(opens(&team[0], &team[1], &bucket));
    assert!(!opens(&team[0], &team[2], &bucket) && !opens(&team[0], &guest, &bucket));
}

#[test]
fn an_heir_gets_the_keys_of_all_epochs_and_whoever_claims_to_have_given_them_does_not_count() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 3);
    let mut heir = copy(&team[1]);
    // Two removals, so two epochs, that the copy does not hear of while it has the old name.
    for gone in [3, 2] {
        let dev = team[gone].dev();
        grant(&mut team[0], &bucket, dev, Role::Removed).unwrap();
        team[0].write(&format!("epoch after {gone}"));
        team[0].round(&bucket);
    }
    now(driver::succeed(&heir.store, "副本".into(), NOON, &mut *heir.random)).unwrap();
    heir.restart();
    heir.round(&bucket);
    team[1].round(&bucket);
    for Epoch { number, id, .. } in epochs(&team[0], &bucket) {
        let (keys, without) = ([(heir.dev(), vec![7; 80].into())].into(), vec![team[0].dev()]);
        claim(&mut team[1], &Control::Epoch(Epoch { number, keys, without, id }));
    }
    team[1].round(&bucket);
    team[0].round(&bucket);
    let report = heir.round(&bucket);
    assert!(has(&heir, "epoch after 3") && has(&heir, "epoch after 2"), "{report:?}");
}

#[test]
fn what_was_sealed_with_the_key_of_an_owner_who_was_not_heard_is_read_all_the_same() {
    let bucket = Bucket::default();
    let (mut team, [_, last]) = duel(&bucket, 56);
    // The second device hears the later owner first, and seals with the key that is kept from the founder.
    team[2].round(&bucket);
    team[1].round(&bucket);
    team[1].write("in good faith");
    team[1].round(&bucket);
    assert!(!opens(&team[1], &team[0], &bucket));
    for _ in 0..3 {
        team[0].round(&bucket);
        team[1].round(&bucket);
    }
    assert_eq!(team[0].engine.rights().role(last), Role::Removed);
    assert!(has(&team[0], "in good faith"));
}

#[test]
fn an_invitation_that_another_member_enters_too_is_another_invitation() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let invitation = team[0].invite_as(&bucket, Role::Staff, 1);
    team[2].round(&bucket);
    let keys = InviteKeys::new(&invitation.secret);
    let (public, seal) = (keys.public(), keys.seal_to());
    let copied = Invite { public, role: Role::Owner, uses: 9, expires_ms: u64::MAX, seal, epoch: 1, recovery: true };
    claim(&mut team[1], &Control::Invite(copied));
    team[1].round(&bucket);
    // One device reads the copy first, another the guest.
    team[0].round(&bucket);
    let mut guest = Device::joiner(61, &invitation, &bucket);
    guest.round(&bucket);
    settle(&bucket, &mut team);
    team.push(guest);
    settle(&bucket, &mut team);
    let guest = team[3].dev();
    for device in &team {
        assert_eq!(device.engine.rights().role(guest), Role::Staff);
    }
}

//! Roles hold on every device, whoever is taken out is out, and nobody needs to be online together for it.

use dianbu::book::{DevId, Draft, RowId, Standing};
use dianbu::domain::customer::customer;
use dianbu::domain::role::Role;
use dianbu::domain::standard::edition;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::session::Act;
use dianbu::store::{Store as _, StoreError};
use dianbu::sync::driver::{self, InviteError};
use dianbu::sync::engine::{Engine, Terms};
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::name::Name;
use dianbu::sync::object::Sealed;
use dianbu::sync::report::Report;
use dianbu::sync::wire::{Control, Grant};

use crate::kit::{Device, NOON, TERMS, claim, connection, names, now, object, settle, write_kind};

pub fn grant(device: &mut Device, bucket: &Bucket, to: DevId, role: Role) -> Result<(), InviteError> {
    let Device { engine, store, clock, random } = device;
    now(driver::grant(engine, store, bucket, (to, role), *clock, random))
}

/// Writes the grant down as if nothing had been heard of the device since the last round.
pub fn grant_unheard(device: &mut Device, to: DevId, role: Role) {
    let Device { engine, store, clock, random } = device;
    let commit = engine.record_grant(to, role, *clock, random).unwrap().unwrap();
    assert!(now(store.transact(|state| commit.apply(state))).unwrap().1);
}

pub fn has(device: &Device, text: &str) -> bool {
    device.session().with(|book| book.live(customer::ID, RowId::shipped(text)).is_some())
}

fn held(report: &Report, dev: DevId) -> Option<Fault> {
    report.held.iter().find(|held| held.dev == dev).map(|held| held.fault)
}

/// Everybody's book is the same, as each counts it from its rows; so it is for a device that joins now.
fn assert_one_book(bucket: &Bucket, team: &mut [Device]) -> Standing {
    let standings: Vec<Standing> = team.iter().map(Device::standing).collect();
    assert!(standings.windows(2).all(|pair| pair[0] == pair[1]), "{standings:?}");
    let invitation = team[0].invite(bucket, 9).unwrap();
    let mut joiner = Device::joiner(900, &invitation, bucket);
    assert!(joiner.round(bucket).finished);
    assert_eq!(joiner.standing(), standings[0], "a new device reads the same book");
    for device in team {
        let report = device.standing_round(bucket);
        assert!(report.finished && report.diverged.is_empty(), "{report:?}");
    }
    standings[0]
}

#[test]
fn what_a_role_does_not_allow_is_left_out_by_everybody_and_shown() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let staff = team[0].invite_as(&bucket, Role::Staff, 1);
    team.push(Device::joiner(50, &staff, &bucket));
    settle(&bucket, &mut team);
    let cheat = team[2].dev();
    // A changed app writes past its session.
    write_kind(&team[2].store, cheat, NOON, edition::ID, "no standard of ours");
    team[2].write("a customer, which is allowed");
    team[2].round(&bucket);
    for device in &mut team[..2] {
        let report = device.round(&bucket);
        assert_eq!(held(&report, cheat), Some(Fault::NotAllowed), "{report:?}");
        assert!(report.finished);
        assert!(has(device, "a customer, which is allowed"), "the chain goes on");
        let edition = device.session().with(|book| book.row(edition::ID, RowId::shipped("no standard of ours")));
        assert!(edition.is_none());
    }
    assert_one_book(&bucket, &mut team[..2]);
}

#[test]
fn a_session_refuses_what_the_role_does_not_allow() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let viewer = team[0].invite_as(&bucket, Role::Viewer, 1);
    let mut viewer = Device::joiner(51, &viewer, &bucket);
    let rows = crate::kit::rows(customer::ID, "x");
    // Already before the first round: what it may do stands in the invitation.
    let refused = now(viewer.session().save(&rows, Act::default())).unwrap_err();
    assert_eq!(refused, StoreError::NotAllowed(Role::Viewer));
    viewer.round(&bucket);
    let before = viewer.state();
    let refused = now(viewer.session().save(&rows, Act::default())).unwrap_err();
    assert_eq!(refused, StoreError::NotAllowed(Role::Viewer));
    assert_eq!(viewer.state(), before, "nothing is half done");
    // A promotion is heard of with the next round.
    grant(&mut team[0], &bucket, viewer.dev(), Role::Keeper).unwrap();
    viewer.round(&bucket);
    now(viewer.session().save(&rows, Act::default())).unwrap();
    viewer.round(&bucket);
    team[0].round(&bucket);
    assert!(has(&team[0], "x"));
}

#[test]
fn whoever_is_removed_is_heard_no_more_and_reads_nothing_new() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[2].write("before");
    team[2].round(&bucket);
    settle(&bucket, &mut team);
    let open = team[0].invite(&bucket, 9).unwrap();
    let gone = team[2].dev();
    grant(&mut team[0], &bucket, gone, Role::Removed).unwrap();
    assert!(!names(&bucket, "/i/").contains(&open.name().to_string()), "open invitations are taken back");
    team[0].write("after, for the others only");
    team[0].round(&bucket);
    team[2].write("a last word");
    let report = team[2].round(&bucket);
    assert_eq!(held(&report, team[0].dev()), Some(Fault::UnknownEpoch), "{report:?}");
    assert_eq!(team[2].state().role, Role::Removed);
    assert!(!has(&team[2], "after, for the others only") && has(&team[2], "a last word"));
    let refused = now(team[2].session().save(&crate::kit::rows(1, "y"), Act::default())).unwrap_err();
    assert_eq!(refused, StoreError::NotAllowed(Role::Removed));
    for device in &mut team[..2] {
        let report = device.round(&bucket);
        assert_eq!(held(&report, gone), Some(Fault::Removed), "{report:?}");
        assert!(report.finished && !report.read_anew);
        assert!(has(device, "before") && !has(device, "a last word") && has(device, "after, for the others only"));
        assert_eq!(report.members.iter().find(|member| member.dev == gone).unwrap().role, Role::Removed);
    }
    assert_one_book(&bucket, &mut team[..2]);
}

#[test]
fn no_object_after_a_removal_opens_with_a_key_that_the_removed_device_has() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let gone = team[2].dev();
    let before: Vec<String> = names(&bucket, "");
    grant(&mut team[1], &bucket, gone, Role::Removed).unwrap_err();
    grant(&mut team[0], &bucket, gone, Role::Removed).unwrap();
    settle(&bucket, &mut team[..2]);
    for device in &mut team[..2] {
        device.write(&format!("secret of {:?}", device.dev()));
        device.round(&bucket);
    }
    settle(&bucket, &mut team);
    let data = |name: &String| name.contains("/s/") && !before.contains(name);
    let fresh: Vec<_> = names(&bucket, "/d/").into_iter().filter(data).collect();
    assert!(fresh.len() >= 2);
    for name in fresh {
        let bytes = object(&bucket, &name);
        let sealed = Sealed::read(&bytes, Name::parse(&name).unwrap()).unwrap();
        let place = sealed.place;
        let own = |device: &Device| {
            let vault = device.engine.vault();
            vault.object_keys(place.epoch, place.kind, place.dev, place.seq).any(|key| sealed.open(&key).is_ok())
        };
        assert!(own(&team[0]) && own(&team[1]), "{name}");
        assert!(!own(&team[2]), "{name}");
    }
}

#[test]
fn who_had_read_further_than_the_removal_reads_the_book_anew() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let gone = team[2].dev();
    team[2].write("too late");
    team[2].round(&bucket);
    team[1].write("own work, sealed");
    assert!(team[1].round(&bucket).finished);
    assert!(has(&team[1], "too late"));
    now(team[1].session().checkpoint()).unwrap();
    grant_unheard(&mut team[0], gone, Role::Removed);
    assert!(team[0].round(&bucket).finished);
    assert!(!has(&team[0], "too late"));
    // Something of our own that is not sealed yet waits for the round, not the other way round.
    team[1].write("own work, fresh");
    let report = team[1].round(&bucket);
    assert!(report.finished && report.read_anew, "{report:?}");
    assert!(!has(&team[1], "too late"));
    assert!(has(&team[1], "own work, sealed") && has(&team[1], "own work, fresh") && has(&team[1], "founder's first"));
    settle(&bucket, &mut team[..2]);
    assert!(!team[1].round(&bucket).read_anew, "once");
    assert_one_book(&bucket, &mut team[..2]);
    team[1].restart();
    team[1].write("and on it goes");
    assert!(team[1].round(&bucket).finished);
    team[0].round(&bucket);
    assert!(has(&team[0], "and on it goes"));
}

#[test]
fn work_that_a_lost_role_does_not_cover_is_left_out_on_the_device_itself_as_well() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[1].write("while it was allowed");
    team[1].round(&bucket);
    settle(&bucket, &mut team);
    let dev = team[1].dev();
    team[1].write("offline, in good faith");
    grant(&mut team[0], &bucket, dev, Role::Viewer).unwrap();
    let report = team[1].round(&bucket);
    assert!(report.finished && report.read_anew, "{report:?}");
    assert_eq!(team[1].state().role, Role::Viewer);
    let report = team[0].round(&bucket);
    assert_eq!(held(&report, dev), Some(Fault::NotAllowed), "it is kept and can be taken over");
    for device in &team {
        assert!(has(device, "while it was allowed") && !has(device, "offline, in good faith"));
    }
    assert_one_book(&bucket, &mut team);
}

#[test]
fn only_owners_give_roles_and_a_given_owner_does() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 3);
    let (second, third, fourth) = (team[1].dev(), team[2].dev(), team[3].dev());
    assert_eq!(grant(&mut team[1], &bucket, third, Role::Viewer), Err(InviteError::NotAllowed));
    // A changed app says so all the same.
    forced(&mut team[1], third, Role::Removed);
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.engine.rights().role(third) == Role::Manager));
    grant(&mut team[0], &bucket, second, Role::Owner).unwrap();
    settle(&bucket, &mut team);
    grant(&mut team[1], &bucket, fourth, Role::Removed).unwrap();
    settle(&bucket, &mut team);
    assert_eq!(team[0].engine.rights().role(fourth), Role::Removed);
    // What it had said before it was an owner does not count for that.
    assert_eq!(team[0].engine.rights().role(third), Role::Manager);
    assert_one_book(&bucket, &mut team[..3]);
}

/// Writes a grant into the control chain of a device that has no right to.
fn forced(device: &mut Device, to: DevId, role: Role) {
    let read = device.sync().cursors[&to].clone();
    let (segment, control) = (read.segment, read.control);
    claim(device, &Control::Grant(Grant { dev: to, role, segment, control, kept: Vec::new(), at_ms: NOON }));
}

/// The founder, a manager and another owner; the owners have taken each other out, each before hearing of the other.
pub fn duel(bucket: &Bucket, seed: u64) -> (Vec<Device>, [DevId; 2]) {
    let mut team = Device::team(bucket, 1);
    let owner = team[0].invite_as(bucket, Role::Owner, 1);
    team.push(Device::joiner(seed, &owner, bucket));
    settle(bucket, &mut team);
    let (first, last) = (team[0].dev(), team[2].dev());
    grant_unheard(&mut team[0], last, Role::Removed);
    grant_unheard(&mut team[2], first, Role::Removed);
    (team, [first, last])
}

#[test]
fn two_owners_who_remove_each_other_come_to_one_end_everywhere() {
    let bucket = Bucket::default();
    let (mut team, [first, last]) = duel(&bucket, 60);
    for _ in 0..3 {
        for device in &mut team {
            device.round(&bucket);
        }
    }
    let verdict = |device: &Device| [first, last].map(|dev| device.engine.rights().role(dev));
    assert_eq!(verdict(&team[1]), [Role::Owner, Role::Removed], "the founder is heard first");
    assert_eq!(verdict(&team[0]), verdict(&team[1]));
}

#[test]
fn a_stolen_device_of_the_founder_is_shut_out_with_the_recovery_sheet() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let sheet = recovery(&mut team[0], &bucket);
    let stolen = team[0].dev();
    let mut saved = Device::joiner(61, &sheet, &bucket);
    assert!(saved.round(&bucket).finished);
    assert_eq!(saved.state().role, Role::Owner);
    settle(&bucket, &mut team);
    grant(&mut saved, &bucket, stolen, Role::Removed).unwrap();
    // The thief strikes back at the same moment, and then goes on.
    grant_unheard(&mut team[0], saved.dev(), Role::Removed);
    team[0].write("by the thief");
    team[0].round(&bucket);
    saved.round(&bucket);
    team[1].round(&bucket);
    let mut rest = vec![saved, team.remove(1)];
    settle(&bucket, &mut rest);
    for device in &rest {
        assert_eq!(device.engine.rights().role(stolen), Role::Removed);
        assert_eq!(device.engine.rights().role(rest[0].dev()), Role::Owner);
        assert!(!has(device, "by the thief"));
    }
    assert_one_book(&bucket, &mut rest);
}

pub fn recovery(device: &mut Device, bucket: &Bucket) -> Invitation {
    let Device { engine, store, clock, random } = device;
    let terms = Terms { role: Role::Owner, uses: 9, expires_ms: u64::MAX, recovery: true };
    now(driver::invite(engine, store, bucket, connection(), terms, *clock, random)).unwrap()
}

#[test]
fn a_recovery_sheet_opens_the_book_after_epochs_and_years_and_an_emptied_bucket() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let sheet = recovery(&mut team[0], &bucket);
    let gone = team[2].dev();
    grant(&mut team[0], &bucket, gone, Role::Removed).unwrap();
    settle(&bucket, &mut team[..2]);
    team[1].write("sealed with the new key");
    team[1].round(&bucket);
    settle(&bucket, &mut team[..2]);
    bucket.with_objects(std::collections::BTreeMap::clear);
    for device in &mut team[..2] {
        device.engine.reseed();
        assert!(device.round(&bucket).finished);
    }
    let mut saved = Device::joiner(62, &sheet, &bucket);
    saved.clock += 20 * 365 * 86_400_000;
    let report = saved.round(&bucket);
    assert!(report.finished, "{report:?}");
    assert!(has(&saved, "sealed with the new key") && has(&saved, "founder's first"));
    assert_eq!(saved.standing(), team[0].standing());
    saved.write("a new beginning");
    assert!(saved.round(&bucket).finished);
    team[0].round(&bucket);
    assert!(has(&team[0], "a new beginning"));
}

#[test]
fn an_heir_or_a_guest_of_a_removed_device_that_nobody_knew_is_out_with_it() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let gone = team[2].dev();
    let known = team[2].invite_as(&bucket, Role::Staff, 9);
    team.push(Device::joiner(63, &known, &bucket));
    settle(&bucket, &mut team);
    grant(&mut team[0], &bucket, gone, Role::Removed).unwrap();
    // It makes itself another device, and lets in a friend with the secret that it kept.
    let Device { store, clock, random, .. } = &mut team[2];
    let heir = now(driver::succeed(&*store, "again".into(), *clock, &mut **random)).unwrap();
    team[2].restart();
    team[2].write("by the back door");
    team[2].round(&bucket);
    settle(&bucket, &mut team[..2]);
    for device in &team[..2] {
        assert_eq!(device.engine.rights().role(heir), Role::Removed);
        assert_eq!(device.engine.rights().role(team[3].dev()), Role::Staff, "who had come before stays");
        assert!(!has(device, "by the back door"));
    }
    let mut stay = vec![team.remove(0), team.remove(0), team.remove(1)];
    settle(&bucket, &mut stay);
    stay[2].write("still here");
    stay[2].round(&bucket);
    settle(&bucket, &mut stay);
    assert!(has(&stay[0], "still here"));
    assert_one_book(&bucket, &mut stay);
}

#[test]
fn who_may_invite_whom() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let try_invite = |device: &mut Device, role| {
        let Device { engine, store, clock, random } = device;
        let terms = Terms { role, ..TERMS };
        now(driver::invite(engine, store, &bucket, connection(), terms, *clock, random)).map(drop)
    };
    assert_eq!(try_invite(&mut team[1], Role::Manager), Err(InviteError::NotAllowed));
    assert_eq!(try_invite(&mut team[1], Role::Staff), Ok(()));
    assert_eq!(try_invite(&mut team[0], Role::Owner), Ok(()));
}

#[test]
fn a_device_that_missed_the_key_gets_it_from_an_owner() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    // The joiner comes with an invitation that an owner has not heard of when the epoch begins.
    let guest = team[1].invite_as(&bucket, Role::Staff, 9);
    let gone = team[2].dev();
    let mut joiner = Device::joiner(64, &guest, &bucket);
    grant_unheard(&mut team[0], gone, Role::Removed);
    let engine: &mut Engine = &mut team[0].engine;
    assert!(!engine.roster().members.contains_key(&joiner.dev()));
    team[0].round(&bucket);
    team[0].write("with the new key");
    team[0].round(&bucket);
    joiner.round(&bucket);
    team[0].round(&bucket);
    let report = joiner.round(&bucket);
    assert!(has(&joiner, "with the new key"), "{report:?}");
}

#[test]
fn an_owner_takes_over_what_was_held_and_is_not_asked_again() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let (lost, gone) = (team[1].dev(), team[2].dev());
    let edit = |device: &Device, text: &str| {
        let mut draft =
            device.session().with(|book| Draft::open(book, customer::ID, RowId::shipped("founder's first")));
        draft.set(customer::NAME, &text.to_owned());
        let rows: Vec<_> = draft.write().into_iter().collect();
        now(device.session().save(&rows, Act { now_ms: device.clock, ..Act::default() })).unwrap();
    };
    // Both work on, offline; one edits the same field twice.
    edit(&team[1], "by the first");
    edit(&team[2], "by the second");
    edit(&team[2], "by the second, again");
    team[2].write("a new customer");
    grant(&mut team[0], &bucket, lost, Role::Viewer).unwrap();
    grant(&mut team[0], &bucket, gone, Role::Removed).unwrap();
    team[1].round(&bucket);
    team[2].round(&bucket);
    team[0].round(&bucket);
    for dev in [gone, lost] {
        let Device { engine, store, .. } = &mut team[0];
        let work = now(driver::held_work(engine, &*store, &bucket, dev)).unwrap();
        assert!(!work.ops.is_empty());
        let rows = work.rows();
        now(team[0].session().save(&rows, Act { now_ms: NOON, ..Act::default() })).unwrap();
        let Device { engine, store, .. } = &mut team[0];
        now(driver::taken_over(engine, &*store, &work)).unwrap();
    }
    let report = team[0].round(&bucket);
    assert_eq!((held(&report, gone), held(&report, lost)), (None, None), "{report:?}");
    team[0].restart();
    let report = team[0].round(&bucket);
    assert_eq!((held(&report, gone), held(&report, lost)), (None, None), "{report:?}");
    let row = team[0].session().with(|book| book.row(customer::ID, RowId::shipped("founder's first"))).unwrap();
    let live: Vec<_> = row.cell(customer::NAME.field, None).unwrap().live.iter().map(|w| w.value.text()).collect();
    // Both had seen the founder's value and not each other's: two versions, and the one in between is none.
    assert_eq!(live, [Some("by the first"), Some("by the second, again")]);
    assert!(has(&team[0], "a new customer"));
    let mut stay = vec![team.remove(0), team.remove(0)];
    settle(&bucket, &mut stay);
    assert_one_book(&bucket, &mut stay);
}

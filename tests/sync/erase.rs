//! What is erased is gone from everything that lies on a device or in the bucket, and nobody loses anything else.

use dianbu::book::erase::erasing;
use dianbu::book::{Draft, RowId, Value};
use dianbu::domain::customer::customer;
use dianbu::remote::memory::Fate;
use dianbu::session::Act;
use dianbu::sync::driver;
use dianbu::sync::engine::{ACTIVE_MS, Limits};
use dianbu::sync::fault::Fault;
use dianbu::sync::object::Sealed;
use dianbu::sync::report::{Report, Trouble};
use dianbu::sync::state::Link;
use dianbu::sync::wire::{self, HeadBody, Objects, Reach};

use super::kit::*;
use dianbu::remote::RemoteError;
use dianbu::remote::memory::{Memory as Bucket, Request};
use dianbu::store::Store as _;
use dianbu::sync::name::Name;
use dianbu::sync::wire::Role;

const SECRET: &str = "王小明13812345678";
const HOUR: u64 = 3_600_000;

fn person(n: u8) -> RowId {
    RowId([n; 16])
}

/// Somebody writes a customer of this name.
fn note(device: &mut Device, n: u8, name: &str) {
    let session = device.session();
    let mut draft = session.with(|book| Draft::open(book, customer::ID, person(n)));
    draft.put(customer::NAME.field, None, Value::Text(name.to_owned()));
    let act = Act { now_ms: device.clock, ..Act::default() };
    now(session.save(&[draft.write().unwrap()], act)).unwrap();
}

fn erase(device: &mut Device, n: u8) {
    let act = Act { now_ms: device.clock, ..Act::default() };
    now(device.session().save(&[erasing(customer::ID, person(n), None)], act)).unwrap();
}

/// A turn of the app's loop.
pub fn beat(device: &mut Device, bucket: &Bucket) -> Report {
    now(device.session().purge()).unwrap();
    device.note_book();
    let report = device.round(bucket);
    let session = device.session();
    if report.wants_checkpoint {
        now(session.checkpoint()).unwrap();
    }
    now(session.purge()).unwrap();
    report
}

/// Beats of all until nothing is put or deleted any more; what a round pulled is known to the next one.
pub fn rest(bucket: &Bucket, team: &mut [Device]) {
    let mut quiet = 0;
    for _ in 0..40 {
        bucket.requests();
        let clock = team.iter().map(|device| device.clock).max().unwrap() + 60_000;
        for device in &mut *team {
            device.clock = clock;
            let report = beat(device, bucket);
            assert!(report.troubles.is_empty(), "{:?}", report.troubles);
        }
        let busy = bucket.requests().iter().any(|request| matches!(request, Request::Put(_) | Request::Delete(_)));
        quiet = if busy { 0 } else { quiet + 1 };
        if quiet > 1 {
            return;
        }
    }
    panic!("the devices never come to rest");
}

/// Whether an object tells it to somebody who has the keys; in what it carries whole as well.
fn tells(device: &Device, name: Name, object: &[u8]) -> bool {
    let Ok(sealed) = Sealed::read(object, name) else { return false };
    let place = sealed.place;
    let keys = device.engine.vault().object_keys(place.epoch, place.kind, place.dev, place.seq);
    let Ok(body) = sealed.open_with(keys) else { return false };
    let (vault, dev) = (place.vault, place.dev);
    let inside = match name {
        Name::Pack(..) => {
            let Objects(objects) = wire::from_bytes(&body).unwrap();
            (place.seq..).zip(objects).any(|(seq, object)| tells(device, Name::Segment(vault, dev, seq), &object))
        }
        Name::Head(..) => {
            let head: HeadBody = wire::from_bytes(&body).unwrap();
            head.inline.is_some_and(|object| tells(device, Name::Segment(vault, dev, head.segment.seq), &object))
        }
        _ => false,
    };
    inside || holds(&body)
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
}

/// Objects of the bucket that tell the secret.
fn in_bucket(device: &Device, bucket: &Bucket) -> Vec<String> {
    bucket.with_objects(|objects| {
        let told = objects.iter().filter(|(name, object)| tells(device, Name::parse(name).unwrap(), object));
        told.map(|(name, _)| name.clone()).collect()
    })
}

/// What of a device's store tells it.
fn on_device(device: &Device) -> Vec<String> {
    let loaded = now(device.store.load()).unwrap();
    let mut found = Vec::new();
    found.extend(loaded.pages.iter().filter(|(_, page)| holds(page)).map(|(number, _)| format!("page {number}")));
    let tail = now(device.store.tail_after(0)).unwrap();
    found.extend(tail.iter().filter(|(_, entry)| holds(entry)).map(|(lsn, _)| format!("tail {lsn}")));
    for name in (1..=device.sync().segment.seq).map(|seq| device.segment(seq)).chain([device.head()]) {
        let object = now(device.store.log(&name)).unwrap().unwrap_or_default();
        found.extend(tells(device, Name::parse(&name).unwrap(), &object).then_some(name));
    }
    found
}

fn assert_gone(bucket: &Bucket, team: &[Device]) {
    for device in team {
        assert_eq!(in_bucket(device, bucket), [""; 0]);
        assert_eq!(on_device(device), [""; 0]);
        assert_eq!(device.standing(), team[0].standing());
        device.session().with(|book| assert!(book.row(customer::ID, person(1)).is_none_or(|row| row.is_erased())));
    }
}

/// A founder, a manager and staff; each has written the person and others.
fn team(bucket: &Bucket) -> (Vec<Device>, dianbu::sync::invite::Invitation) {
    let mut team = Device::team(bucket, 1);
    let invitation = team[0].invite_as(bucket, Role::Staff, 9);
    team.push(Device::joiner(7, &invitation, bucket));
    rest(bucket, &mut team);
    for n in 0..3_u8 {
        let device = &mut team[usize::from(n)];
        note(device, n + 10, "别人");
        beat(device, bucket);
        note(device, 1, &format!("{SECRET} {n}"));
        beat(device, bucket);
        note(device, n + 20, "另一位");
        rest(bucket, &mut team);
    }
    (team, invitation)
}

fn at_rest(report: &Report) -> Vec<Option<bool>> {
    report.members.iter().filter(|member| member.role != Role::Removed).map(|member| member.at_rest).collect()
}

#[test]
fn a_person_is_erased_from_every_device_and_from_the_bucket() {
    let bucket = Bucket::default();
    let (mut team, invitation) = team(&bucket);
    assert!(in_bucket(&team[0], &bucket).len() >= 3 && !on_device(&team[2]).is_empty());
    assert_eq!(at_rest(&beat(&mut team[0], &bucket)), [None; 3]);
    erase(&mut team[0], 1);
    assert!(at_rest(&beat(&mut team[0], &bucket)).contains(&Some(false)));
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    for device in &mut team {
        assert_eq!(at_rest(&beat(device, &bucket)), [Some(true); 3]);
        bucket.requests();
        device.round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0), "an idle poll stays one LIST");
    }
    // Whoever comes now has all the rest, and whoever starts again works as before.
    let mut joiner = Device::joiner(40, &invitation, &bucket);
    let report = beat(&mut joiner, &bucket);
    assert!(report.finished && report.held.is_empty(), "{report:?}");
    team.push(joiner);
    for (n, device) in (0..).zip(&mut team) {
        device.restart();
        note(device, 30 + n, "之后");
    }
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    assert_eq!(team[3].session().with(|book| book.count(customer::ID)), 1 + 6 + 4);
}

#[test]
fn what_is_written_about_them_later_goes_as_well() {
    let bucket = Bucket::default();
    let (mut team, _) = team(&bucket);
    // Written without a network while they were erased elsewhere.
    note(&mut team[2], 1, &format!("{SECRET} again"));
    erase(&mut team[0], 1);
    let mut away = team.pop().unwrap();
    rest(&bucket, &mut team);
    assert!(!in_bucket(&team[0], &bucket).is_empty(), "the log of who is away is not cut without them");
    // It seals what it wrote before it hears of the erasure.
    away.round(&bucket);
    team.push(away);
    for device in &mut team {
        // One snapshot an hour is enough.
        device.clock += 2 * HOUR;
    }
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
}

#[test]
fn a_log_in_packs_is_cut_and_goes_on() {
    let bucket = Bucket::default();
    let (mut team, invitation) = team(&bucket);
    for n in 0..70 {
        note(&mut team[0], 50 + n, "很多");
        team[0].round(&bucket);
    }
    rest(&bucket, &mut team);
    assert_eq!(names(&bucket, "/p/").len(), 1);
    erase(&mut team[0], 1);
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    for n in 0..70 {
        note(&mut team[0], 120 + n, "更多");
        team[0].round(&bucket);
    }
    rest(&bucket, &mut team);
    assert_eq!(names(&bucket, "/p/").len(), 1, "what is left is packed again");
    team.push(Device::joiner(41, &invitation, &bucket));
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
}

#[test]
fn old_snapshots_go_as_well() {
    let bucket = Bucket::default();
    let (mut team, _) = team(&bucket);
    for device in &mut team {
        device.engine.set_limits(Limits { due_ops: 1, least_ops: 1, ..Limits::default() });
        device.clock += 2 * HOUR;
        now(device.session().checkpoint()).unwrap();
    }
    rest(&bucket, &mut team);
    let found = in_bucket(&team[0], &bucket);
    assert!(found.iter().any(|name| name.contains("/n/")), "{found:?}");
    for device in &mut team {
        device.engine.set_limits(Limits::default());
        device.clock += 2 * HOUR;
    }
    erase(&mut team[0], 1);
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
}

#[test]
fn a_device_that_slept_through_it_keeps_its_own_work() {
    let bucket = Bucket::default();
    let (mut team, _) = team(&bucket);
    let mut sleeper = team.pop().unwrap();
    // It wrote something that nobody read, and sealed something that nobody got.
    note(&mut sleeper, 60, "离线时写的");
    bucket.set_reachable(false);
    sleeper.round(&bucket);
    bucket.set_reachable(true);
    note(&mut sleeper, 61, "离线时又写的");
    erase(&mut team[0], 1);
    for device in &mut team {
        device.clock += ACTIVE_MS + HOUR;
    }
    rest(&bucket, &mut team);
    assert!(team[0].sync().start.segment.seq > 0 && team[1].sync().start.segment.seq > 0, "nobody waits for ever");
    sleeper.clock = team[0].clock;
    team.push(sleeper);
    rest(&bucket, &mut team);
    for device in &mut team {
        device.clock += 2 * HOUR;
    }
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    for n in [60, 61] {
        assert!(team[0].session().with(|book| book.live(customer::ID, person(n))).is_some());
    }
}

#[test]
fn the_log_of_a_removed_device_goes_as_well() {
    let bucket = Bucket::default();
    let (mut team, invitation) = team(&bucket);
    let gone = team.pop().unwrap();
    let Device { engine, store, clock, random } = &mut team[0];
    let act = (gone.dev(), Role::Removed);
    now(driver::grant(engine, store, &bucket, act, *clock, &mut **random)).unwrap();
    rest(&bucket, &mut team);
    erase(&mut team[0], 1);
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    let report = beat(&mut team[1], &bucket);
    assert!(report.held.is_empty() && report.members.iter().all(|member| member.at_rest == Some(true)), "{report:?}");
    // The invitation was taken back with the removal; whoever comes now has what the removed device wrote of others.
    let again = team[0].invite_as(&bucket, Role::Staff, 1);
    assert_ne!(again.secret, invitation.secret);
    let mut joiner = Device::joiner(44, &again, &bucket);
    let report = beat(&mut joiner, &bucket);
    assert!(report.finished && report.held.is_empty(), "{report:?}");
    assert!(joiner.session().with(|book| book.live(customer::ID, person(12))).is_some());
    team.push(joiner);
    assert_gone(&bucket, &team);
}

/// The head of a device says that its log begins where nothing is.
fn lie(bucket: &Bucket, device: &Device, reaches: bool) {
    reseal_head(bucket, device, |body| {
        let mut head: HeadBody = wire::from_bytes(body).unwrap();
        let (stamp, segment) = (head.stamp, Link { seq: 1_000, hash: head.segment.hash });
        head.start = Some(Reach { segment, opn: 1_000, stamp, bytes: 1_000_000 });
        if reaches {
            (head.segment, head.opn, head.inline) = (segment, 1_000, None);
        }
        *body = wire::to_bytes(&head);
    });
}

#[test]
fn a_false_start_of_one_log_keeps_nobody_from_the_others() {
    for reaches in [false, true] {
        let bucket = Bucket::default();
        let (mut team, invitation) = team(&bucket);
        erase(&mut team[0], 1);
        rest(&bucket, &mut team);
        let liar = team.pop().unwrap();
        lie(&bucket, &liar, reaches);
        // The honest go on with each other, and whoever comes begins from their snapshot, without which nothing goes.
        team.push(Device::joiner(50, &invitation, &bucket));
        for (n, device) in (0..).zip(&mut team) {
            note(device, 70 + n, "照常");
        }
        for _ in 0..3 {
            for device in &mut team {
                device.clock += 60_000;
                let report = beat(device, &bucket);
                assert!(report.finished && report.held.iter().all(|held| held.dev == liar.dev()), "{report:?}");
            }
        }
        for device in &mut team {
            assert_eq!(device.session().with(|book| book.count(customer::ID)), 1 + 6 + 3);
            bucket.requests();
            device.round(&bucket);
            assert_eq!(gets(&bucket.requests(), "/n/"), 0, "a snapshot that goes on with nothing is read once");
        }
        // With it removed, what is erased comes to rest.
        let Device { engine, store, clock, random } = &mut team[0];
        now(driver::grant(engine, store, &bucket, (liar.dev(), Role::Removed), *clock, &mut **random)).unwrap();
        note(&mut team[1], 2, SECRET);
        rest(&bucket, &mut team);
        for device in &mut team {
            device.clock += HOUR;
        }
        erase(&mut team[0], 2);
        rest(&bucket, &mut team);
        assert_gone(&bucket, &team);
        let report = beat(&mut team[1], &bucket);
        assert!(report.members.iter().all(|member| member.at_rest == Some(true)), "{report:?}");
    }
}

#[test]
fn a_person_known_to_one_device_alone_is_never_shared() {
    let bucket = Bucket::default();
    let mut founder = Device::founder(3);
    note(&mut founder, 1, SECRET);
    note(&mut founder, 2, "留下");
    erase(&mut founder, 1);
    now(founder.session().purge()).unwrap();
    assert_eq!(on_device(&founder), [""; 0]);
    let mut told = false;
    for _ in 0..4 {
        beat(&mut founder, &bucket);
        told |= !in_bucket(&founder, &bucket).is_empty();
    }
    assert!(!told);
    let invitation = founder.invite(&bucket, 1).unwrap();
    let mut team = vec![founder, Device::joiner(4, &invitation, &bucket)];
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    assert_eq!(team[1].session().with(|book| book.count(customer::ID)), 1);
}

#[test]
fn a_bucket_that_is_set_back_or_does_not_delete_is_noticed() {
    let bucket = Bucket::default();
    let (mut team, _) = team(&bucket);
    let before = bucket.with_objects(|objects| objects.clone());
    bucket.judge(|request| match request {
        Request::Delete(_) => Fate::Lost(RemoteError::Denied("AccessDenied".into())),
        _ => Fate::Done,
    });
    erase(&mut team[0], 1);
    let mut troubles = Vec::new();
    for _ in 0..6 {
        for device in &mut team {
            troubles.extend(beat(device, &bucket).troubles);
        }
    }
    assert!(
        troubles.iter().any(|it| matches!(it, Trouble::Undeleted { name } if name.contains("/s/"))),
        "{troubles:?}"
    );
    assert!(at_rest(&beat(&mut team[0], &bucket)).contains(&Some(false)));
    bucket.behave();
    rest(&bucket, &mut team);
    assert_gone(&bucket, &team);
    bucket.with_objects(|objects| *objects = before);
    for _ in 0..12 {
        for device in &mut team {
            device.clock += HOUR;
            beat(device, &bucket);
        }
    }
    assert_gone(&bucket, &team);
}

#[test]
fn only_owners_erase() {
    let bucket = Bucket::default();
    let (mut team, _) = team(&bucket);
    let write = [erasing(customer::ID, person(1), None)];
    let act = Act { now_ms: NOON, ..Act::default() };
    assert!(now(team[1].session().save(&write, act)).is_err());
    // A device that does not keep to it is not heard.
    let dev = team[2].dev();
    write_rows(&team[2].store, dev, team[2].clock, &write);
    team[2].round(&bucket);
    let held = beat(&mut team[0], &bucket).held;
    assert_eq!(held.iter().map(|held| held.fault).collect::<Vec<_>>(), [Fault::NotAllowed]);
    assert!(team[0].session().with(|book| book.live(customer::ID, person(1))).is_some());
}

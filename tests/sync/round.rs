//! Convergence, and what it costs.

use std::cell::Cell;

use dianbu::book::{Batch, Book, CellWrite, Op, RowId, RowWrite, Value};
use dianbu::remote::memory::{Fate, Memory as Bucket, Request};
use dianbu::remote::{Object, RemoteError};
use dianbu::session::{Changed, Session};
use dianbu::store::memory::Memory as Store;
use dianbu::store::{Change, Store as _};
use dianbu::sync::driver::{self, Follow, Moment};
use dianbu::sync::engine::Engine;
use dianbu::sync::invite::Invitation;
use dianbu::sync::object::MAX_OBJECT;
use dianbu::sync::report::Trouble;
use dianbu::sync::state::State;
use dianbu::sync::wire::Role;

use crate::kit::{Device, NOON, assert_equal, connection, counts, edits, now, settle, write};

#[test]
fn two_devices_share_what_they_wrote() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("from the counter");
    team[1].write("from the store room");
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert_eq!(team[0].ops().len(), 3);
    let report = team[1].engine.report();
    assert!(report.finished && report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
    assert_eq!(report.waiting_ops, 0);
    assert_eq!(report.members.len(), 2);
    let roles: Vec<_> = report.members.iter().map(|member| (member.own, member.role)).collect();
    assert!(roles.contains(&(true, Role::Manager)) && roles.contains(&(false, Role::Owner)));
}

#[test]
fn five_devices_converge_in_any_order() {
    let bucket = Bucket::default();
    bucket.set_page(2);
    let mut team = Device::team(&bucket, 4);
    for turn in 0..40_usize {
        let device = &mut team[turn * 7 % 5];
        device.write(&format!("edit {turn}"));
        if turn % 3 != 0 {
            device.round(&bucket);
        }
    }
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert_eq!(team[0].ops().len(), 41);
}

/// A tab whose book follows what a round writes.
struct Tab<'a> {
    session: Session<&'a Store>,
    rows: Cell<usize>,
}

impl Follow for Tab<'_> {
    async fn follow(&self, state: &State, batches: &[Batch]) {
        let tail = self.session.store().tail_after(state.lsn - batches.len() as u64).await.unwrap();
        let written: Vec<_> = tail.iter().map(|(_, bytes)| Batch::decode(bytes).unwrap()).collect();
        assert_eq!(written, batches, "what is told is what was written");
        let Changed::Rows(rows) = self.session.follow(state, batches).await.unwrap() else {
            panic!("nothing is read anew")
        };
        self.rows.set(self.rows.get() + rows.len());
    }
}

#[test]
fn a_book_follows_what_a_round_pulls_and_leaves_out_what_does_not_follow() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    settle(&bucket, &mut team);
    let Device { store, engine, random, .. } = &mut team.pop().unwrap();
    let author = &mut team[0];
    let session = Session::open(&*store, engine.dev(), &now(store.load()).unwrap()).unwrap();
    let tab = Tab { session, rows: Cell::new(0) };
    let mut pull = |engine: &mut Engine| {
        edits(author, &bucket, 3);
        let moment = Moment::new(NOON, &mut *random);
        let report = now(driver::round_followed(engine, &*store, &bucket, moment, &tab));
        assert!(report.finished && report.pulled_ops == 3, "{report:?}");
        tab.rows.take()
    };
    let is_whole = |dev| {
        let fresh = Session::open(&*store, dev, &now(store.load()).unwrap()).unwrap();
        tab.session.with(Book::digest) == fresh.with(Book::digest)
    };
    assert_eq!(pull(engine), 3);
    assert!(is_whole(engine.dev()), "without reading anything back");

    // Another tab was first: what comes after it waits until that is here too.
    write(store, engine.dev(), NOON, "of another tab");
    assert_eq!(pull(engine), 0);
    assert!(!is_whole(engine.dev()));
    let Changed::Rows(rows) = now(tab.session.catch_up()).unwrap() else { panic!("nothing is read anew") };
    assert_eq!(rows.len(), 4);
    assert!(is_whole(engine.dev()));
    assert_eq!(pull(engine), 3);
    assert!(is_whole(engine.dev()));
}

#[test]
fn an_idle_poll_is_one_list() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 3);
    for device in &mut team {
        device.round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0));
        device.restart();
        device.round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0), "after a restart too");
    }
}

#[test]
fn a_push_is_two_puts_and_a_pull_one_get_for_each_changed_device() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 3);
    for device in &mut team[1..] {
        device.write("a small edit");
        device.round(&bucket);
        let requests = bucket.requests();
        assert_eq!(requests.iter().filter(|request| matches!(request, Request::Put(_))).count(), 2);
    }
    assert_eq!(team[0].round(&bucket).pulled_ops, 3);
    assert_eq!(counts(&bucket.requests()), (1, 3, 0));
}

#[test]
fn further_segments_cost_one_get_each() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    for n in 0..5 {
        team[0].write(&format!("edit {n}"));
        team[0].round(&bucket);
    }
    bucket.requests();
    assert_eq!(team[1].round(&bucket).pulled_ops, 5);
    // The head carries the last of the five.
    assert_eq!(counts(&bucket.requests()), (1, 1 + 4, 0));
}

#[test]
fn joining_and_inviting_cost_others_no_further_request() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let invitation = team[0].invite(&bucket, 1).unwrap();
    let mut third = Device::joiner(77, &invitation, &bucket);
    third.round(&bucket);
    bucket.requests();
    team[1].round(&bucket);
    // Both heads changed: one carries the invitation, the other the enrolment.
    assert_eq!(counts(&bucket.requests()), (1, 2, 0));
    assert_eq!(team[1].engine.report().members.len(), 3);
}

#[test]
fn what_was_read_is_told_again_only_after_hours() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[0].write("an edit that nobody answers");
    settle(&bucket, &mut team);
    bucket.requests();
    team[1].clock += 13 * 3_600_000;
    team[1].round(&bucket);
    assert_eq!(counts(&bucket.requests()), (1, 0, 1), "the head alone");
    for _ in 0..3 {
        for device in &mut team {
            device.clock = NOON + 13 * 3_600_000 + 60_000;
            device.round(&bucket);
        }
    }
    bucket.requests();
    for device in &mut team {
        device.round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0), "no ping-pong");
    }
}

/// Writes operations of about this many bytes that do not compress, as an import does.
fn import(device: &mut Device, ops: u64, bytes: usize) {
    let dev = device.dev();
    let mut random = crate::kit::seeded(99);
    now(device.store.transact(|state| {
        let mut batch = Vec::new();
        for n in 0..ops {
            state.opn += 1;
            state.stamp = state.stamp.next(NOON);
            let mut noise = vec![0; bytes];
            random(&mut noise);
            let mut cells = vec![CellWrite { field: 2, elem: None, value: Value::Bytes(noise), bases: vec![] }];
            cells.insert(0, CellWrite { field: 1, elem: None, value: Value::Text(format!("row {n}")), bases: vec![] });
            let rows = vec![RowWrite { kind: 1, id: RowId::shipped(&n.to_string()), cells }];
            batch.push(Op { opn: state.opn, stamp: state.stamp, by: None, batch: None, rows });
        }
        Some(Change { tail: vec![Batch { dev, ops: batch }.encode()], ..Change::default() })
    }))
    .unwrap();
}

#[test]
fn a_large_import_becomes_segments_of_a_megabyte() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    import(&mut team[0], 5_000, 1_000);
    assert!(team[0].round(&bucket).finished);
    let sizes: Vec<usize> = bucket.with_objects(|objects| {
        objects.iter().filter(|(name, _)| name.contains("/s/")).map(|(_, o)| o.len()).collect()
    });
    assert!(sizes.len() >= 6 && sizes.iter().all(|size| *size <= 1 << 20), "{sizes:?}");
    assert_eq!(team[1].round(&bucket).pulled_ops, 5_000);
    assert_equal(&team);
}

#[test]
fn an_upload_that_breaks_off_goes_on_where_it_stopped() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    import(&mut team[0], 5_000, 1_000);
    let mut left = 4;
    bucket.judge(move |request| {
        if matches!(request, Request::Put(_)) {
            left -= 1;
        }
        if left < 0 { Fate::Lost(RemoteError::Offline) } else { Fate::Done }
    });
    assert!(!team[0].round(&bucket).finished);
    bucket.behave();
    bucket.requests();
    team[0].restart();
    assert!(team[0].round(&bucket).finished);
    let (_, gets, puts) = counts(&bucket.requests());
    let segments = usize::try_from(team[0].sync().segment.seq - 1).unwrap();
    assert!(gets == 0 && puts <= segments - 4 + 1, "{gets} {puts} of {segments}");
    team[1].round(&bucket);
    assert_equal(&team);
}

#[test]
fn an_operation_that_is_missing_in_the_tail_is_named_and_what_comes_after_it_stays() {
    // A segment for all of them, or one for each.
    for (length, lost) in [(1, 0), (1, 1), (1, 2), (700_000, 0), (700_000, 1), (700_000, 2)] {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        settle(&bucket, &mut team);
        let (dev, opn, lsn) = (team[0].dev(), team[0].state().opn, team[0].state().lsn);
        for n in 0..3 {
            team[0].write(&format!("{n}{}", "好".repeat(length)));
        }
        let nothing = Batch { dev, ops: Vec::new() }.encode();
        let change = Change { tail_anew: vec![(lsn + 1 + lost, nothing)], ..Change::default() };
        assert!(now(team[0].store.transact(|_| Some(change.clone()))).unwrap().1);
        for _ in 0..2 {
            let report = team[0].round(&bucket);
            let missing = Trouble::LocalDamage { what: format!("operation {}", opn + 1 + lost) };
            assert_eq!(report.troubles, [missing], "{length} {lost}");
        }
        assert!(team[0].state().droppable() <= lsn + 1 + lost, "{length} {lost}");
        assert!(team[1].round(&bucket).pulled_ops <= lost, "{length} {lost}");
    }
}

#[test]
fn one_operation_that_is_too_large_is_named_and_blocks_no_earlier_one() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("before");
    import(&mut team[0], 1, MAX_OBJECT + 1);
    let report = team[0].round(&bucket);
    assert!(report.troubles.contains(&Trouble::OpTooLarge { opn: 3 }), "{report:?}");
    assert_eq!(team[1].round(&bucket).pulled_ops, 1);
}

#[test]
fn a_device_works_alone_and_brings_everything_to_its_first_bucket() {
    let mut founder = Device::founder(5);
    founder.write("alone 1");
    founder.write("alone 2");
    assert_eq!(founder.state().droppable(), 0);
    let moment = founder.moment();
    now(driver::seal(&mut founder.engine, &founder.store, moment));
    let state = founder.state();
    assert_eq!((state.sealed_opn, state.droppable()), (2, state.lsn));
    let upto = state.lsn;
    now(founder.store.transact(|_| Some(Change { drop_tail: Some(upto), ..Change::default() }))).unwrap();
    founder.write("alone 3");

    let bucket = Bucket::default();
    assert!(founder.round(&bucket).finished);
    let invitation = founder.invite(&bucket, 1).unwrap();
    let mut joiner = Device::joiner(6, &invitation, &bucket);
    assert_eq!(joiner.round(&bucket).pulled_ops, 3);
    assert_eq!(joiner.engine.vault().name, "老王茶叶店");
}

#[test]
fn a_device_that_worked_alone_brings_its_operations_into_the_vault_it_joins() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let invitation = team[0].invite(&bucket, 1).unwrap();
    let mut alone = Device::founder(8);
    alone.write("noted before joining");
    let state = alone.state();
    let identity = alone.identity();
    let welcome = now(driver::welcome(&bucket, &invitation, NOON)).unwrap();
    let commit = welcome.join(&state, &identity, "旧平板".into(), NOON, &mut *alone.random).unwrap();
    assert!(now(alone.store.transact(|state| commit.apply(state))).unwrap().1);
    alone.restart();
    team.push(alone);
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert_eq!(team[0].ops().len(), 2);
}

#[test]
fn another_bucket_gets_everything_and_nothing_is_applied_twice() {
    let (first, second) = (Bucket::default(), Elsewhere(Bucket::default()));
    let mut team = Device::team(&first, 1);
    team[1].write("an edit");
    settle(&first, &mut team);
    for _ in 0..3 {
        for device in &mut team {
            let report = device.round(&second);
            assert!(report.finished, "{report:?}");
        }
    }
    assert_equal(&team);
    assert_eq!(second.0.with_objects(|objects| objects.len()), first.with_objects(|objects| objects.len()));
}

/// The same bucket at another address.
pub struct Elsewhere(pub Bucket);

impl dianbu::remote::Bucket for Elsewhere {
    fn place(&self) -> String {
        "elsewhere".into()
    }
    fn set_clock_offset(&self, offset_ms: i64) {
        self.0.set_clock_offset(offset_ms);
    }
    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<dianbu::remote::Page, RemoteError> {
        self.0.list(prefix, next).await
    }
    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        self.0.get(name).await
    }
    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        self.0.put(name, bytes, if_absent).await
    }
    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        self.0.delete(name).await
    }
    async fn answers(&self) -> bool {
        self.0.answers().await
    }
}

#[test]
fn two_tabs_may_both_synchronise_and_nothing_is_used_twice() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let mut other_tab = now(driver::open(&team[0].store)).unwrap().unwrap();
    for n in 0..4 {
        team[0].write(&format!("edit {n}"));
        let moment = team[0].moment();
        if n % 2 == 0 {
            assert!(team[0].round(&bucket).finished);
        } else {
            let report = now(driver::round(&mut other_tab, &team[0].store, &bucket, moment));
            assert!(report.finished, "{report:?}");
        }
    }
    team[1].round(&bucket);
    assert_equal(&team);
}

#[test]
fn a_link_carries_the_invitation_and_nothing_else_reads_as_one() {
    let bucket = Bucket::default();
    let mut founder = Device::founder(3);
    let invitation = founder.invite(&bucket, 1).unwrap();
    let text = invitation.to_link_payload();
    assert!(text.len() < 260, "{} characters", text.len());
    let read = Invitation::from_link_payload(&text).unwrap();
    assert!(read == invitation && read.connection == connection());
    for end in 0..text.len() {
        assert!(Invitation::from_link_payload(text.get(..end).unwrap()).is_none());
    }
    for message in [
        "https://shop.example/app/#/join?i=*",
        "账簿：http://127.0.0.1:8080/#/join?i=*（七天有效）",
        "Ours:\n#/join?i=* \n",
    ] {
        assert_eq!(Invitation::payload_in(&message.replace('*', &text)), Some(text.as_str()));
    }
    assert_eq!(Invitation::payload_in("https://shop.example/#/more"), None);
}

#[test]
fn an_invitation_runs_out() {
    let bucket = Bucket::default();
    let mut founder = Device::founder(3);
    let invitation = founder.invite(&bucket, 1).unwrap();
    let late = now(driver::welcome(&bucket, &invitation, NOON + 86_400_001));
    assert!(late.is_err());
    for seed in 10..12 {
        Device::joiner(seed, &invitation, &bucket).round(&bucket);
    }
    let report = founder.round(&bucket);
    assert!(report.troubles.iter().any(|trouble| matches!(trouble, Trouble::Overused { used: 2, uses: 1, .. })));
}

#[test]
fn a_wrong_clock_stops_nobody() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    // Ten years ahead, and the bucket does not tell the time.
    team[0].clock += 315_360_000_000;
    team[0].write("from the future");
    assert!(team[0].round(&bucket).finished);
    let report = team[1].round(&bucket);
    assert_eq!(report.pulled_ops, 1);
    assert!(report.troubles.iter().any(|trouble| matches!(trouble, Trouble::ClockAhead { .. })), "{report:?}");
    assert!(report.members.iter().any(|member| member.clock_ahead));
    let before = team[1].state().stamp;
    assert!(before.ms() < NOON + 600_000, "not absorbed");
    // Years behind, and the bucket tells the time: the stamps of what is written next are right.
    team[1].clock = 1_000_000_000_000;
    bucket.set_server_ms(Some(NOON + 5_000));
    let report = team[1].round(&bucket);
    assert!(report.finished);
    assert!(
        report.troubles.contains(&Trouble::OwnClock { offset_ms: (NOON + 5_000 - 1_000_000_000_000).cast_signed() })
    );
    team[1].write("corrected");
    assert!(team[1].state().stamp.ms() >= NOON);
    assert_eq!(State::default().now(7), 7);
}

#[test]
fn a_refusal_for_skew_teaches_the_clock_and_the_round_goes_on() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].clock = NOON - 7_200_000;
    let mut first = true;
    bucket.judge(move |_| {
        if std::mem::take(&mut first) { Fate::Lost(RemoteError::Skew { server_ms: Some(NOON) }) } else { Fate::Done }
    });
    team[0].write("an edit");
    assert!(team[0].round(&bucket).finished);
    assert_eq!(team[0].sync().clock_offset, 7_200_000);
}

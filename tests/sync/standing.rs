//! Equal places, equal books: a book that went wrong is noticed by everybody, and nobody's book is changed for it.

use dianbu::book::Batch;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::store::{Change, Store as _};
use dianbu::sync::report::Report;

use crate::kit::{Device, counts, now, settle};

/// Rounds of all, until everybody has told and heard where everybody stands.
fn tell_all(bucket: &Bucket, team: &mut [Device]) -> Vec<Report> {
    settle(bucket, team);
    for _ in 0..3 {
        for device in &mut *team {
            // The daily head, which also tells what was read.
            device.clock += 13 * 3_600_000;
            device.standing_round(bucket);
        }
    }
    team.iter_mut().map(|device| device.standing_round(bucket)).collect()
}

/// A device whose book took something else from an operation than it says.
fn corrupt(device: &mut Device) {
    let mut tail = now(device.store.tail_after(0)).unwrap();
    let (lsn, bytes) = tail.pop().unwrap();
    let mut batch = Batch::decode(&bytes).unwrap();
    batch.ops[0].rows[0].cells[0].value = dianbu::book::Value::Text("a flipped bit".into());
    let wrong = batch.encode();
    // The last entry of the tail is exchanged for another one.
    now(device.store.transact(|state| {
        state.lsn = lsn - 1;
        Some(Change { tail: vec![wrong.clone()], ..Change::default() })
    }))
    .unwrap();
}

#[test]
fn books_that_hold_the_same_are_no_alarm() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    for n in 0..6_usize {
        team[n % 3].write(&format!("edit {}", n % 2));
        team[n % 3].standing_round(&bucket);
    }
    for report in tell_all(&bucket, &mut team) {
        assert!(report.finished && report.diverged.is_empty() && report.troubles.is_empty(), "{report:?}");
    }
    let claims = |device: &Device| device.sync().cursors.values().filter(|c| c.standing.is_some()).count();
    assert!(team.iter().all(|device| claims(device) == 2), "they were compared");
    assert_eq!(team[0].standing(), team[1].standing());
}

#[test]
fn a_book_that_went_wrong_is_an_alarm_for_everybody_and_nothing_is_adopted() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[0].write("as it should be");
    settle(&bucket, &mut team);
    corrupt(&mut team[2]);
    let before = [team[0].ops(), team[2].ops()];
    let reports = tell_all(&bucket, &mut team);
    let (zero, one, two) = (team[0].dev(), team[1].dev(), team[2].dev());
    assert_eq!(reports[0].diverged, [two]);
    assert_eq!(reports[1].diverged, [two]);
    let mut others = reports[2].diverged.clone();
    others.sort_unstable();
    let mut expected = [zero, one];
    expected.sort_unstable();
    assert_eq!(others, expected, "the one that is wrong sees that it differs from all");
    assert!(reports.iter().all(|report| report.finished), "it stops nobody");
    assert_eq!([team[0].ops(), team[2].ops()], before);
    // The alarm outlives the session.
    team[0].restart();
    assert_eq!(team[0].round(&bucket).diverged, [two]);
}

#[test]
fn an_alarm_ends_when_the_book_is_right_again() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("as it should be");
    settle(&bucket, &mut team);
    let right = now(team[1].store.tail_after(0)).unwrap().pop().unwrap();
    corrupt(&mut team[1]);
    assert!(!tell_all(&bucket, &mut team)[0].diverged.is_empty());
    now(team[1].store.transact(|state| {
        state.lsn = right.0 - 1;
        Some(Change { tail: vec![right.1.clone()], ..Change::default() })
    }))
    .unwrap();
    let reports = tell_all(&bucket, &mut team);
    assert!(reports.iter().all(|report| report.diverged.is_empty()), "{reports:?}");
}

#[test]
fn telling_where_the_book_stands_costs_no_request() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("an edit");
    team[0].standing_round(&bucket);
    assert_eq!(counts(&bucket.requests()).2, 2);
    team[1].standing_round(&bucket);
    bucket.requests();
    for device in &mut team {
        device.standing_round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0));
    }
}

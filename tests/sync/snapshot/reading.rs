//! Beginning from a snapshot: what it costs, what it keeps, and when it is not worth it.

use super::*;

#[test]
fn a_hundred_thousand_records_are_read_in_thirty_requests_and_the_tail() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let invitation = team[0].invite(&bucket, 9).unwrap();
    import(&mut team[0], 100_000);
    checkpoint(&team[0]);
    assert!(team[0].round(&bucket).finished);
    assert!(team[0].sync().snapshots.named.is_none(), "what is not pushed yet is in no snapshot");
    checkpoint(&team[0]);
    assert!(team[0].round(&bucket).finished);
    let offer = team[0].sync().snapshots.named.unwrap();
    settle(&bucket, &mut team);
    // The tail: edits of two devices since then.
    crate::kit::edits(&mut team[1], &bucket, 5);
    crate::kit::edits(&mut team[2], &bucket, 3);
    settle(&bucket, &mut team);
    let sizes: Vec<usize> = bucket.with_objects(|objects| {
        objects.iter().filter(|(name, _)| name.contains("/n/")).map(|(_, object)| object.len()).collect()
    });
    assert!(sizes.iter().all(|size| *size <= PART_TARGET), "{sizes:?}");

    let mut joiner = Device::joiner(90, &invitation, &bucket);
    bucket.requests();
    let report = joiner.round(&bucket);
    assert!(report.finished && report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
    let (lists, gets, puts) = counts(&bucket.requests());
    let tail = 8;
    assert!(lists + gets + puts <= 30 + tail, "{lists} {gets} {puts} for {offer:?}");
    assert_eq!(joiner.standing(), team[0].standing());
    assert_eq!(joiner.session().with(|book| book.count(1)), team[0].session().with(|book| book.count(1)));
    // Everything goes on from there.
    joiner.write("the newcomer's");
    joiner.round(&bucket);
    team[1].write("after joining");
    team[1].round(&bucket);
    team.push(joiner);
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.standing() == team[0].standing()));
}

#[test]
fn a_book_that_is_open_is_read_anew_and_keeps_what_was_written_in_it() {
    let bucket = Bucket::default();
    let (mut team, invitation) = with_snapshot(&bucket, 0, LEAST_OPS);
    let mut joiner = Device::joiner(90, &invitation, &bucket);
    joiner.write("before the first round");
    let moment = joiner.moment();
    let loaded = now(joiner.store.load()).unwrap();
    let tab = Session::open(&joiner.store, joiner.engine.dev(), &loaded).unwrap();
    let report = now(driver::round(&mut joiner.engine, &joiner.store, &bucket, moment));
    assert!(report.finished && report.pulled_ops > LEAST_OPS, "{report:?}");
    assert!(matches!(now(tab.catch_up()).unwrap(), Changed::All));
    // The tab goes on writing and tidying in the book as it is now.
    let write = RowWrite { kind: 1, id: RowId([3; 16]), cells: vec![cell("written in the open tab")] };
    now(tab.save(&[write], Act { now_ms: NOON, ..Act::default() })).unwrap();
    now(tab.checkpoint()).unwrap();
    let standing = tab.with(Book::standing);
    assert_eq!(joiner.standing(), standing);
    settle(&bucket, std::slice::from_mut(&mut joiner));
    team[0].round(&bucket);
    assert_eq!(team[0].standing(), standing);
}

#[test]
fn a_tab_that_saves_into_pages_that_were_replaced_reads_them_first() {
    let bucket = Bucket::default();
    let (_, invitation) = with_snapshot(&bucket, 0, LEAST_OPS);
    for tidy in [true, false] {
        let mut joiner = Device::joiner(90, &invitation, &bucket);
        let moment = joiner.moment();
        let loaded = now(joiner.store.load()).unwrap();
        let tab = Session::open(&joiner.store, joiner.engine.dev(), &loaded).unwrap();
        now(driver::round(&mut joiner.engine, &joiner.store, &bucket, moment));
        if tidy {
            now(tab.checkpoint()).unwrap();
        } else {
            let write = RowWrite { kind: 1, id: RowId([3; 16]), cells: vec![cell("by a tab that slept")] };
            assert!(matches!(now(tab.save(&[write], Act::default())).unwrap().changed, Changed::All));
        }
        assert_eq!(tab.with(Book::standing), joiner.standing());
        assert!(tab.with(|book| book.count(1)) > usize::try_from(LEAST_OPS).unwrap());
    }
}

fn cell(text: &str) -> CellWrite {
    CellWrite { field: 1, elem: None, value: Value::Text(text.into()), bases: vec![] }
}

#[test]
fn a_short_log_is_read_without_a_snapshot() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let invitation = team[0].invite(&bucket, 9).unwrap();
    // Many operations in one segment: reading a snapshot would cost more than it saves.
    for n in 0..LEAST_OPS {
        team[0].write(&format!("edit {n}"));
    }
    team[0].round(&bucket);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    assert_eq!(snapshots(&bucket).len(), 2);
    let (faults, requests) = joined(&bucket, &team, &invitation);
    assert!(faults.is_empty());
    assert_eq!(gets(&requests, "/n/"), 0);
}

#[test]
fn a_device_that_slept_long_begins_from_a_snapshot_too() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[2].write("before it slept");
    settle(&bucket, &mut team);
    checkpoint(&team[2]);
    edits(&mut team[0], &bucket, LEAST_OPS * 2);
    team[1].round(&bucket);
    checkpoint(&team[1]);
    team[1].round(&bucket);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    assert!(!snapshots(&bucket).is_empty());
    team[2].write("written offline");
    bucket.requests();
    assert!(team[2].round(&bucket).finished);
    let requests = bucket.requests();
    assert!(gets(&requests, "/n/") >= 2 && gets(&requests, "/s/") == 0, "{requests:?}");
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.standing() == team[0].standing()));
    assert!(team[2].session().with(|book| book.reached(team[2].dev()).opn == 2));
}

#[test]
fn a_snapshot_that_lacks_own_sealed_work_is_not_adopted() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    edits(&mut team[0], &bucket, LEAST_OPS);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    // Sealed here and dropped from the tail before anybody saw it.
    team[2].write("sealed and not shared");
    let moment = team[2].moment();
    let sleeper = &mut team[2];
    now(driver::seal(&mut sleeper.engine, &sleeper.store, moment));
    for _ in 0..2 {
        checkpoint(&team[2]);
    }
    let report = team[2].round(&bucket);
    assert!(report.finished && report.held.is_empty(), "{report:?}");
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.standing() == team[0].standing()));
}

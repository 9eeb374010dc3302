//! A new device begins from a snapshot and reads only what came after it; whatever is wrong with one, it gets there.

mod lies;
pub mod meanwhile;
mod reading;

use dianbu::book::{Book, CellWrite, DevId, RowId, RowWrite, Value};
use dianbu::remote::RemoteError;
use dianbu::remote::memory::{Fate, Memory as Bucket, Request};
use dianbu::session::{Act, Changed, Session};
use dianbu::store::{Change, Store as _};
use dianbu::sync::driver;
use dianbu::sync::engine::{AGAIN_MS, DUE_OPS, LEAST_OPS, PART_TARGET};
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Place, Sealed, hash, seal};
use dianbu::sync::wire::{self, Manifest, Reach};

use crate::kit::{Device, NOON, counts, gets, names, now, settle};

/// Customers as an import brings them: a name, a phone, a tag and a note each.
fn import(device: &mut Device, rows: u32) {
    let rows: Vec<RowWrite> = (0..rows)
        .map(|n| {
            let text = |field, text: String| CellWrite { field, elem: None, value: Value::Text(text), bases: vec![] };
            let cells = vec![
                text(1, format!("客户{n}")),
                text(2, format!("1390{:07}", n * 7919 % 10_000_000)),
                CellWrite { field: 9, elem: Some(b"vip".to_vec()), value: Value::Bool(true), bases: vec![] },
                text(40, format!("第{}次来，喜欢{}", n % 17, ["龙井", "普洱", "白茶"][n as usize % 3])),
            ];
            RowWrite { kind: 1, id: RowId::shipped(&format!("row {n}")), cells }
        })
        .collect();
    let act = Act { now_ms: device.clock, batch: Some(RowId([7; 16])), ..Act::default() };
    now(device.session().save(&rows, act)).unwrap();
}

fn checkpoint(device: &Device) {
    now(device.session().checkpoint()).unwrap();
}

/// Edits of one burst, so that there are too few segments for a pack.
const BURST: u64 = 4;

/// `count` edits by a device, a few in each segment.
fn edits(device: &mut Device, bucket: &Bucket, count: u64) {
    for n in 0..count {
        device.write(&format!("edit {n}"));
        if (n + 1) % BURST == 0 || n + 1 == count {
            assert!(device.round(bucket).finished);
        }
    }
}

/// A team whose first device has written a snapshot after this many edits, and an invitation to it.
fn with_snapshot(bucket: &Bucket, others: u64, count: u64) -> (Vec<Device>, Invitation) {
    let mut team = Device::team(bucket, others);
    let invitation = team[0].invite(bucket, 9).unwrap();
    settle(bucket, &mut team);
    edits(&mut team[0], bucket, count);
    checkpoint(&team[0]);
    assert!(team[0].round(bucket).finished);
    (team, invitation)
}

fn snapshots(bucket: &Bucket) -> Vec<String> {
    names(bucket, "/n/")
}

/// Joins with a bucket that was tampered with; says what was reported, after checking that it got there all the same.
fn joined(bucket: &Bucket, team: &[Device], invitation: &Invitation) -> (Vec<Fault>, Vec<Request>) {
    // Each time another device.
    let seed = 90 + bucket.with_objects(|objects| objects.len() as u64);
    let mut joiner = Device::joiner(seed, invitation, bucket);
    bucket.requests();
    let report = joiner.round(bucket);
    assert!(report.finished, "{report:?}");
    let requests = bucket.requests();
    assert_eq!(joiner.standing(), team[0].standing(), "nothing is missing");
    (report.held.iter().map(|held| held.fault).collect(), requests)
}

#[test]
fn one_device_writes_a_snapshot_and_the_others_rest() {
    let bucket = Bucket::default();
    let (mut team, _) = with_snapshot(&bucket, 2, LEAST_OPS);
    settle(&bucket, &mut team);
    assert_eq!(snapshots(&bucket).len(), 2, "a manifest and a part");
    for device in &mut team {
        checkpoint(device);
        device.round(&bucket);
        bucket.requests();
        device.round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0), "an idle poll stays one LIST");
    }
    assert_eq!(snapshots(&bucket).len(), 2);
}

#[test]
fn the_daily_order_decides_who_goes_first_and_nobody_waits_for_ever() {
    // Days on which the founder is the first of two, and days on which it is not.
    let (mut first, mut second) = (0, 0);
    for day in 0..12_u64 {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        team[1].write("it takes part");
        settle(&bucket, &mut team);
        let own = LEAST_OPS - 2;
        edits(&mut team[0], &bucket, own);
        team[0].clock = NOON + day * 86_400_000;
        checkpoint(&team[0]);
        team[0].round(&bucket);
        if team[0].sync().snapshots.last > 0 {
            first += 1;
            continue;
        }
        second += 1;
        edits(&mut team[0], &bucket, LEAST_OPS / 20 + 1);
        checkpoint(&team[0]);
        team[0].round(&bucket);
        assert_eq!(team[0].sync().snapshots.last, 1, "the other one did not come");
    }
    assert!(first > 0 && second > 0, "{first} {second}");
}

#[test]
fn a_snapshot_is_due_again_after_a_quarter_or_five_thousand_operations() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    import(&mut team[0], 20_000);
    team[0].round(&bucket);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    assert_eq!(team[0].sync().snapshots.last, 1);
    team[0].clock += 2 * AGAIN_MS;
    // Far less than a quarter of its bytes.
    for n in 0..DUE_OPS - 1 {
        team[0].write(&format!("{n}"));
    }
    team[0].round(&bucket);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    assert_eq!(team[0].sync().snapshots.last, 1);
    team[0].write("one more");
    team[0].round(&bucket);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    assert_eq!(team[0].sync().snapshots.last, 2);
}

#[test]
fn an_older_snapshot_is_cleared_away_and_so_is_one_that_broke_off() {
    let bucket = Bucket::default();
    let (mut team, _) = with_snapshot(&bucket, 0, LEAST_OPS);
    let device = &mut team[0];
    // The second breaks off after its part.
    edits(device, &bucket, LEAST_OPS * 2);
    checkpoint(device);
    device.clock += 2 * AGAIN_MS;
    bucket.judge(|request| match request {
        Request::Put(name) if name.ends_with("manifest") => Fate::Lost(RemoteError::Offline),
        _ => Fate::Done,
    });
    assert!(!device.round(&bucket).finished);
    bucket.behave();
    device.restart();
    bucket.requests();
    assert!(device.round(&bucket).finished);
    assert_eq!(counts(&bucket.requests()), (1, 0, 0), "not again at once");
    let named = device.sync().snapshots.named.unwrap().manifest.seq;
    assert_eq!((named, device.sync().snapshots.last), (1, 2));
    for turn in 3..6 {
        edits(device, &bucket, LEAST_OPS * turn);
        checkpoint(device);
        device.clock += 2 * AGAIN_MS;
        assert!(device.round(&bucket).finished);
        assert_eq!(device.sync().snapshots.named.unwrap().manifest.seq, turn);
    }
    let left = snapshots(&bucket);
    assert!(left.iter().all(|name| name.contains("/n/0000000004/") || name.contains("/n/0000000005/")), "{left:?}");
    assert_eq!(left.len(), 4);
}

#[test]
fn a_bucket_that_does_not_take_a_part_costs_nothing_but_the_snapshot() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    edits(&mut team[0], &bucket, LEAST_OPS);
    checkpoint(&team[0]);
    // A copy of this device has been here.
    let name = Name::Part(team[0].engine.vault().id, team[0].dev(), 1, 1).to_string();
    bucket.with_objects(|objects| objects.insert(name, vec![1]));
    let report = team[0].round(&bucket);
    assert!(report.finished && report.waiting_ops == 0, "{report:?}");
    assert_eq!(team[0].sync().snapshots.named, None);
    settle(&bucket, &mut team);
    assert_eq!(team[0].standing(), team[1].standing());
}

#[test]
fn a_head_never_names_a_snapshot_that_is_not_there() {
    let bucket = Bucket::default();
    let (mut team, _) = with_snapshot(&bucket, 0, LEAST_OPS);
    let head = team[0].head();
    let heads =
        |requests: &[Request]| requests.iter().filter(|request| **request == Request::Put(head.clone())).count();
    // The bucket is emptied and filled again: the head that named the snapshot is not put for even a moment.
    bucket.with_objects(std::collections::BTreeMap::clear);
    team[0].round(&bucket);
    team[0].engine.reseed();
    bucket.requests();
    assert!(team[0].round(&bucket).finished);
    assert_eq!((heads(&bucket.requests()), team[0].sync().head.snapshot), (1, 0));
    let bundle = team[0].invite(&bucket, 1).unwrap();
    assert!(joined(&bucket, &team, &bundle).0.is_empty());
    // Of this device alone everything is gone.
    let bucket = Bucket::default();
    let (mut team, _) = with_snapshot(&bucket, 1, LEAST_OPS);
    settle(&bucket, &mut team);
    let dev = team[0].dev().to_string();
    bucket.with_objects(|objects| objects.retain(|name, _| !name.contains(&dev)));
    bucket.requests();
    assert!(team[0].round(&bucket).finished);
    assert_eq!((heads(&bucket.requests()), team[0].sync().head.snapshot), (1, 0));
}

#[test]
fn a_checkpoint_that_cannot_be_read_becomes_no_snapshot() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    edits(&mut team[0], &bucket, LEAST_OPS);
    checkpoint(&team[0]);
    let pages = now(team[0].store.load()).unwrap().pages;
    let (number, mut page) = pages[0].clone();
    let at = page.len() - 3;
    page[at] ^= 0x21;
    now(team[0].store.transact(|_| Some(Change { pages: vec![(number, Some(page.clone()))], ..Default::default() })))
        .unwrap();
    let report = team[0].round(&bucket);
    assert!(
        report.troubles.iter().any(|t| matches!(t, dianbu::sync::report::Trouble::LocalDamage { .. })),
        "{report:?}"
    );
    assert!(snapshots(&bucket).is_empty());
}

#[test]
fn parts_are_the_pages_of_the_checkpoint_byte_for_byte() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    import(&mut team[0], 20_000);
    team[0].round(&bucket);
    checkpoint(&team[0]);
    team[0].round(&bucket);
    let offer = team[0].sync().snapshots.named.unwrap();
    let vault = team[0].engine.vault().clone();
    let pages: Vec<Vec<u8>> = (1..=offer.parts)
        .flat_map(|part| {
            let name = Name::Part(vault.id, team[0].dev(), offer.manifest.seq, part);
            let object = crate::kit::object(&bucket, &name.to_string());
            let key = vault.object_key(1, Kind::Part, team[0].dev(), name.seq().unwrap()).unwrap();
            let wire::Pages(pages) =
                wire::from_bytes(&Sealed::read(&object, name).unwrap().open(&key).unwrap()).unwrap();
            pages
        })
        .map(Vec::from)
        .collect();
    let stored: Vec<Vec<u8>> = now(team[0].store.load()).unwrap().pages.into_iter().map(|(_, page)| page).collect();
    assert!(stored.len() > 1 && pages == stored);
}

#[test]
fn killed_at_every_effect_while_it_is_written_or_adopted_nothing_is_lost() {
    for effects in 0.. {
        let bucket = Bucket::default();
        let (mut team, invitation) = with_snapshot(&bucket, 0, 0);
        edits(&mut team[0], &bucket, LEAST_OPS);
        checkpoint(&team[0]);
        let survived = crate::crash::short_life(&mut team[0], &bucket, effects);
        team[0].restart();
        let mut joiner = Device::joiner(90, &invitation, &bucket);
        joiner.write("its own");
        let joined = crate::crash::short_life(&mut joiner, &bucket, effects);
        joiner.restart();
        assert_eq!(joiner.session().with(|book| book.reached(joiner.dev()).opn), 1, "its own work is there");
        team.push(joiner);
        settle(&bucket, &mut team);
        team[0].clock += 2 * AGAIN_MS;
        settle(&bucket, &mut team);
        assert_eq!(team[0].standing(), team[1].standing(), "after {effects} effects");
        assert!(team[0].sync().snapshots.named.is_some());
        for device in &team {
            let report = device.engine.report();
            assert!(report.finished && report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
        }
        if survived && joined {
            assert!(effects > 12);
            break;
        }
    }
}

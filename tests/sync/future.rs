//! What a newer version of the app writes passes through this one unharmed: kinds, fields and values that it does not know
//! lie in its book, its snapshots and the packs that it reads; entries that it does not know are kept and read later.

use dianbu::book::erase::ERASED;
use dianbu::book::{Cell, CellWrite, RowId, RowWrite, Value};
use dianbu::domain::customer::customer;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::store::Change;
use dianbu::store::Store as _;
use dianbu::sync::engine::{Limits, PACK_SEGMENTS};
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::wire::{self, Control, HeadBody, Role, Withdraw};

use crate::kit::*;

/// A kind and a field that no version has yet.
const KIND: u16 = 40_000;
const FIELD: u16 = 59_000;
/// CBOR of types that no cell holds yet: half a float, a tagged text, a map, a whole number beyond 64 bits with a sign.
const VALUES: [&[u8]; 4] =
    [&[0xf9, 0x43, 0x40], &[0xc0, 0x61, b'x'], &[0xa1, 0x01, 0xf5], &[0x1b, 255, 255, 255, 255, 255, 255, 255, 255]];

fn id(n: u8) -> RowId {
    RowId([n; 16])
}

/// What a newer device writes: an unknown kind, unknown fields of a known one, with elements and values of unknown types.
fn rows() -> Vec<RowWrite> {
    let cell = |field, elem: Option<&[u8]>, value: &[u8]| CellWrite {
        field,
        elem: elem.map(<[u8]>::to_vec),
        value: Value::Other(value.to_vec()),
        bases: vec![],
    };
    let name =
        CellWrite { field: customer::NAME.field, elem: None, value: Value::Text("王小明".into()), bases: vec![] };
    let known = vec![name, cell(FIELD, Some(b"new"), VALUES[0]), cell(FIELD + 1, None, VALUES[1])];
    vec![
        RowWrite { kind: customer::ID, id: id(1), cells: known },
        RowWrite {
            kind: KIND,
            id: id(2),
            cells: vec![cell(1, None, VALUES[2]), cell(ERASED - 1, Some(&[0]), VALUES[3])],
        },
    ]
}

/// The cells of those rows as a book holds them.
fn cells(device: &Device) -> Vec<Vec<Cell>> {
    let session = device.session();
    let row = |kind, row| session.with(|book| book.row(kind, row)).unwrap().cells;
    vec![row(customer::ID, id(1)), row(KIND, id(2))]
}

fn values(device: &Device) -> Vec<Value> {
    cells(device)
        .iter()
        .flatten()
        .map(|cell| cell.shown().clone())
        .filter(|value| matches!(value, Value::Other(_)))
        .collect()
}

#[test]
fn unknown_kinds_fields_and_values_pass_through_snapshot_and_pack() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let invitation = team[0].invite_as(&bucket, Role::Manager, 9);
    let (dev, clock) = (team[1].dev(), team[1].clock);
    write_rows(&team[1].store, dev, clock, &rows());
    let edit = |team: &mut Vec<Device>, count: u64| {
        for n in 0..count {
            team[1].write(&format!("edit {n}"));
            team[1].round(&bucket);
        }
        settle(&bucket, team);
    };
    edit(&mut team, PACK_SEGMENTS / 2);
    let written = values(&team[1]);
    assert_eq!(written, VALUES.map(|value| Value::Other(value.to_vec())));
    // A snapshot of the device that does not know them.
    team[0].engine.set_limits(Limits { due_ops: 1, least_ops: 1, ..Limits::default() });
    now(team[0].session().checkpoint()).unwrap();
    team[0].round(&bucket);
    let mut joiner = Device::joiner(31, &invitation, &bucket);
    joiner.round(&bucket);
    assert_eq!((values(&joiner), joiner.standing()), (written.clone(), team[1].standing()));
    assert!(joiner.state().rebuilt > 0, "it began from the snapshot");
    // And the pack of the other.
    edit(&mut team, PACK_SEGMENTS);
    assert_eq!(names(&bucket, "/p/").len(), 1);
    bucket.with_objects(|objects| objects.retain(|name, _| !name.contains("/n/") && !name.contains("/s/00000000")));
    let mut joiner = Device::joiner(32, &invitation, &bucket);
    joiner.round(&bucket);
    assert_eq!(values(&joiner), written);
    // An edit of what is known leaves the rest alone.
    let session = team[0].session();
    let mut draft = session.with(|book| dianbu::book::Draft::open(book, customer::ID, id(1)));
    draft.set(customer::NAME, &"王大明".to_owned());
    let act = dianbu::session::Act { now_ms: team[0].clock, ..Default::default() };
    now(session.save(&[draft.write().unwrap()], act)).unwrap();
    settle(&bucket, &mut team);
    assert_eq!(values(&team[1]), written);
}

#[test]
fn unknown_fields_of_a_head_are_skipped() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[1].write("with a newer head");
    team[1].round(&bucket);
    reseal_head(&bucket, &team[1], |body| {
        assert_eq!(body[0] >> 5, 5, "a map of fewer than 24");
        body[0] += 1;
        body.extend([0x18, 200, 0x82, 0xf6, 0x61, b'?']);
        assert!(wire::from_bytes::<HeadBody>(body).is_ok());
    });
    let report = team[0].round(&bucket);
    assert!(report.finished && report.held.is_empty() && report.pulled_ops == 1, "{report:?}");
}

#[test]
fn an_entry_of_an_unknown_type_is_kept_and_read_by_the_version_that_knows_it() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let invitation = team[0].invite(&bucket, 1).unwrap();
    settle(&bucket, &mut team);
    // A type that is not known goes by, and what comes after it is read.
    claim_bytes(&mut team[0], &[0x82, 0x18, 99, 0xa1, 0, 1]);
    team[0].write("after it");
    team[0].round(&bucket);
    let report = team[1].round(&bucket);
    assert_eq!(report.held.iter().map(|held| held.fault).collect::<Vec<_>>(), [Fault::UnknownEntry]);
    assert_eq!(report.pulled_ops, 1);
    // As a version would have left it that did not know how an invitation is taken back.
    let before = team[1].engine.roster().clone();
    let entry = Control::Withdraw(Withdraw { invite: invitation.id(), came: vec![] });
    claim(&mut team[0], &entry);
    team[0].round(&bucket);
    team[1].round(&bucket);
    let seq = team[0].sync().control.seq;
    let name = Name::Control(team[0].engine.vault().id, team[0].dev(), seq).to_string();
    let kept = [&[Fault::UnknownEntry.code()], object(&bucket, &name).as_slice()].concat();
    let roster = minicbor_serde::to_vec(&before).unwrap();
    let meta = vec![(dianbu::sync::member::META_ROSTER.to_owned(), Some(roster))];
    let change = Change { meta, held: vec![(name, Some(kept))], ..Change::default() };
    now(team[1].store.transact(|_| Some(change.clone()))).unwrap();
    team[1].restart();
    let withdrawn =
        |device: &Device| device.engine.roster().withdrawn(device.engine.rights(), invitation.id()).is_some();
    assert!(!withdrawn(&team[1]));
    let report = team[1].round(&bucket);
    assert!(withdrawn(&team[1]) && report.finished);
    team[1].restart();
    assert!(withdrawn(&team[1]), "it is remembered");
    assert_eq!(now(team[1].store.held()).unwrap().len(), 1, "the one that nobody knows yet stays");
}

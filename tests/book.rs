//! The merge: whatever the order of delivery, every device ends with the same book, nothing unseen is lost, and an
//! edit that saw another always wins over it. Checked against a naive oracle that keeps all operations.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use std::collections::{BTreeMap, BTreeSet};

use dianbu::book::erase::{self, ERASED, Erased};
use dianbu::book::{Batch, Book, DevId, Dot, Draft, Op, RowId, RowWrite, Span, Stamp, Value};
use dianbu::domain::customer::customer;
use proptest::prelude::*;

const DEVICES: usize = 3;

fn dev(n: usize) -> DevId {
    DevId([u8::try_from(n).unwrap() + 1; 16])
}

fn row(n: u8) -> RowId {
    RowId([n; 16])
}

/// A device with a clock of its own and the place up to which it has read each other's log.
struct Device {
    n: usize,
    book: Book,
    stamp: Stamp,
    read: [usize; DEVICES],
    stale: Option<Draft>,
}

#[derive(Clone, Debug)]
enum Act {
    Write {
        dev: usize,
        row: u8,
        field: u16,
        value: i64,
        clock: u64,
    },
    /// Opens a form that is saved by a later `Save`, after other things have arrived.
    Open {
        dev: usize,
        row: u8,
    },
    Save {
        dev: usize,
        field: u16,
        value: i64,
        clock: u64,
    },
    Delete {
        dev: usize,
        row: u8,
        clock: u64,
    },
    Erase {
        dev: usize,
        row: u8,
        field: Option<u16>,
        clock: u64,
    },
    Read {
        dev: usize,
        from: usize,
        count: usize,
    },
    Reopen {
        dev: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let (dev, row, field) = (0..DEVICES, 0..3_u8, 1..4_u16);
    // Clocks that jump by years in both directions.
    let clock = prop_oneof![0..1_000_u64, Just(600_000_000_000), 500_000..501_000_u64];
    prop_oneof![
        4 => (dev.clone(), row.clone(), field.clone(), 0..5_i64, clock.clone())
            .prop_map(|(dev, row, field, value, clock)| Act::Write { dev, row, field, value, clock }),
        1 => (dev.clone(), row.clone()).prop_map(|(dev, row)| Act::Open { dev, row }),
        1 => (dev.clone(), field, 0..5_i64, clock.clone())
            .prop_map(|(dev, field, value, clock)| Act::Save { dev, field, value, clock }),
        1 => (dev.clone(), row.clone(), clock.clone()).prop_map(|(dev, row, clock)| Act::Delete { dev, row, clock }),
        1 => (dev.clone(), row, prop::option::of(1..4_u16), clock)
            .prop_map(|(dev, row, field, clock)| Act::Erase { dev, row, field, clock }),
        4 => (dev.clone(), 0..DEVICES, 1..4_usize).prop_map(|(dev, from, count)| Act::Read { dev, from, count }),
        1 => dev.prop_map(|dev| Act::Reopen { dev }),
    ]
}

struct World {
    devices: Vec<Device>,
    logs: Vec<Vec<Op>>,
}

impl World {
    fn new() -> Self {
        let device = |n| Device { n, book: Book::default(), stamp: Stamp(0), read: [0; DEVICES], stale: None };
        Self { devices: (0..DEVICES).map(device).collect(), logs: vec![Vec::new(); DEVICES] }
    }

    fn save(&mut self, n: usize, draft: &Draft, clock: u64) {
        if let Some(write) = draft.write() {
            self.write(n, write, clock);
        }
    }

    fn write(&mut self, n: usize, write: RowWrite, clock: u64) {
        let device = &mut self.devices[n];
        device.stamp = device.stamp.next(clock);
        let opn = self.logs[n].len() as u64 + 1;
        let op = Op { opn, stamp: device.stamp, by: None, batch: None, rows: vec![write] };
        self.logs[n].push(op.clone());
        device.read[n] += 1;
        let bytes = Batch { dev: dev(n), ops: vec![op] }.encode();
        device.book.apply(&Batch::decode(&bytes).unwrap());
    }

    fn read(&mut self, n: usize, from: usize, count: usize) {
        let device = &mut self.devices[n];
        let log = &self.logs[from];
        let until = log.len().min(device.read[from] + count);
        let ops = log[device.read[from]..until].to_vec();
        device.read[from] = until;
        if from != device.n && !ops.is_empty() {
            device.book.apply(&Batch { dev: dev(from), ops });
        }
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Write { dev, row: r, field, value, clock } => {
                let mut draft = Draft::open(&self.devices[dev].book, customer::ID, row(r));
                draft.put(field, None, Value::Int(value));
                self.save(dev, &draft, clock);
            }
            Act::Open { dev, row: r } => {
                self.devices[dev].stale = Some(Draft::open(&self.devices[dev].book, customer::ID, row(r)));
            }
            Act::Save { dev, field, value, clock } => {
                if let Some(mut draft) = self.devices[dev].stale.take() {
                    draft.put(field, None, Value::Int(value));
                    self.save(dev, &draft, clock);
                }
            }
            Act::Delete { dev, row: r, clock } => {
                let mut draft = Draft::open(&self.devices[dev].book, customer::ID, row(r));
                draft.delete(&self.devices[dev].book);
                self.save(dev, &draft, clock);
            }
            Act::Erase { dev, row: r, field, clock } => {
                let fields = field.map(|field| [field]);
                self.write(dev, erase::erasing(customer::ID, row(r), fields.as_ref().map(<[u16; 1]>::as_slice)), clock);
            }
            Act::Read { dev, from, count } => self.read(dev, from, count),
            Act::Reopen { dev: at } => {
                let book = &mut self.devices[at].book;
                let checkpoint = book.checkpoint(7);
                book.checkpointed(checkpoint);
                // A device always holds all pages; here they are written whole each time.
                let mut whole = Book::default();
                for (n, log) in self.logs.iter().enumerate() {
                    let ops = log[..self.devices[at].read[n]].to_vec();
                    if !ops.is_empty() {
                        whole.apply(&Batch { dev: dev(n), ops });
                    }
                }
                let checkpoint = whole.checkpoint(7);
                let (opened, lsn) = Book::open(&checkpoint.base, &checkpoint.pages).unwrap();
                assert_eq!(lsn, 7);
                assert_eq!(opened.standing(), self.devices[at].book.standing());
                assert_eq!(opened.erased(), self.devices[at].book.erased());
                assert_eq!(shape(&opened), shape(&self.devices[at].book));
                self.devices[at].book = opened;
            }
        }
    }

    fn finish(&mut self) {
        for n in 0..DEVICES {
            for from in 0..DEVICES {
                self.read(n, from, usize::MAX / 2);
            }
        }
    }
}

type Cells = BTreeMap<(RowId, u16), Vec<(Dot, Value)>>;

/// What a book shows and keeps, without the local numbering of authors.
fn shape(book: &Book) -> (Cells, Cells) {
    let (mut live, mut past) = (Cells::new(), Cells::new());
    for (id, row) in book.rows(customer::ID).chain(book.deleted(customer::ID)) {
        for cell in row.cells.iter().filter(|cell| cell.field != ERASED) {
            let values = cell.live.iter().map(|w| (book.dot(w.mark), w.value.clone())).collect::<Vec<_>>();
            if !values.is_empty() {
                live.insert((id, cell.field), values);
            }
        }
        for it in &row.past {
            past.entry((id, it.field)).or_default().push((book.dot(it.written.mark), it.written.value.clone()));
        }
    }
    (live, past)
}

/// What all operations together erase: rows, with a field or whole.
fn erasures(logs: &[Vec<Op>]) -> BTreeSet<(RowId, Option<Vec<u8>>)> {
    let rows = logs.iter().flatten().flat_map(|op| &op.rows);
    let cells = rows.flat_map(|row| row.cells.iter().filter(|cell| cell.field == ERASED).map(|cell| (row.id, cell)));
    cells.map(|(id, cell)| (id, cell.elem.clone())).collect()
}

fn is_erased(erased: &BTreeSet<(RowId, Option<Vec<u8>>)>, id: RowId, field: u16) -> bool {
    field == ERASED || erased.contains(&(id, None)) || erased.contains(&(id, Some(field.to_be_bytes().to_vec())))
}

/// The last stamp of each device that wrote something erased.
fn last_erased(logs: &[Vec<Op>]) -> Erased {
    let (erased, mut last) = (erasures(logs), Erased::default());
    for (n, log) in logs.iter().enumerate() {
        for op in log {
            let wrote = |row: &RowWrite| {
                row.cells.iter().any(|cell| cell.field != ERASED && is_erased(&erased, row.id, cell.field))
            };
            if op.rows.iter().any(wrote) {
                last.note(Dot { stamp: op.stamp, dev: dev(n) });
            }
        }
    }
    last
}

/// Every write of every operation; a write is superseded when any other names it as seen.
fn oracle(logs: &[Vec<Op>]) -> (Cells, Cells) {
    let mut superseded = BTreeSet::new();
    let mut all = Vec::new();
    let erased = erasures(logs);
    for (n, log) in logs.iter().enumerate() {
        for op in log {
            for write in &op.rows {
                for cell in write.cells.iter().filter(|cell| !is_erased(&erased, write.id, cell.field)) {
                    superseded.extend(cell.bases.iter().map(|base| (write.id, cell.field, *base)));
                    let dot = Dot { stamp: op.stamp, dev: dev(n) };
                    all.push((write.id, cell.field, dot, cell.value.clone()));
                }
            }
        }
    }
    let (mut live, mut past) = (Cells::new(), Cells::new());
    for (id, field, dot, value) in all {
        let to = if superseded.contains(&(id, field, dot)) { &mut past } else { &mut live };
        to.entry((id, field)).or_default().push((dot, value));
    }
    for values in live.values_mut() {
        values.sort_by_key(|(dot, _)| std::cmp::Reverse(*dot));
    }
    for values in past.values_mut() {
        values.sort_by_key(|(dot, _)| *dot);
    }
    (live, past)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_delivery_gives_the_state_that_all_operations_together_demand(
        acts in prop::collection::vec(act(), 1..60),
    ) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        world.finish();
        let expected = oracle(&world.logs);
        for device in &world.devices {
            prop_assert_eq!(shape(&device.book), expected.clone());
            prop_assert_eq!(device.book.erased(), &last_erased(&world.logs));
            prop_assert_eq!(device.book.count_digest(), Some(device.book.digest()));
            prop_assert_eq!(device.book.standing(), world.devices[0].book.standing());
        }
    }

    #[test]
    fn the_digest_follows_every_step_and_differs_where_books_differ(acts in prop::collection::vec(act(), 1..40)) {
        let mut world = World::new();
        let mut seen: BTreeMap<u128, (Cells, Cells)> = BTreeMap::new();
        for (n, act) in acts.iter().enumerate() {
            world.act(act);
            for device in &mut world.devices {
                let digest = device.book.digest();
                prop_assert_eq!(device.book.count_digest(), Some(digest), "after {:?}", act);
                // New rows may be counted at any moment, or later.
                while n % 2 == 0 && device.book.count_some() {}
                prop_assert_eq!(device.book.digest(), digest);
                let shape = shape(&device.book);
                // What is superseded before it came is in the digest and not in the shape, so only one direction holds.
                prop_assert_eq!(seen.entry(digest.0).or_insert_with(|| shape.clone()), &shape);
            }
        }
    }

    #[test]
    fn applying_twice_changes_nothing(acts in prop::collection::vec(act(), 1..40)) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        world.finish();
        let before = shape(&world.devices[0].book);
        for (n, log) in world.logs.iter().enumerate() {
            if !log.is_empty() {
                let touched = world.devices[0].book.apply(&Batch { dev: dev(n), ops: log.clone() });
                prop_assert!(touched.is_empty());
            }
        }
        prop_assert_eq!(shape(&world.devices[0].book), before);
    }

    #[test]
    fn batches_survive_their_encoding(acts in prop::collection::vec(act(), 1..40)) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        for (n, log) in world.logs.iter().enumerate() {
            let batch = Batch { dev: dev(n), ops: log.clone() };
            prop_assert_eq!(&Batch::decode(&batch.encode()).unwrap(), &batch);
        }
    }

    #[test]
    fn reading_a_batch_from_any_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Batch::decode(&bytes);
    }
}

#[test]
fn what_is_erased_leaves_no_trace_in_the_pages_and_can_be_taken_out_of_what_is_kept_beside_them() {
    let name = |text: &str| Value::Text(text.to_owned());
    let (mut world, secret) = (World::new(), "王小明");
    let mut draft = Draft::open(&world.devices[0].book, customer::ID, row(0));
    draft.put(1, None, name(secret)).put(2, None, name("留下"));
    world.save(0, &draft, 5);
    world.finish();
    let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    let pages = |book: &mut Book| {
        let checkpoint = book.checkpoint(1);
        let holds = checkpoint.pages.iter().any(|(_, page)| holds(page));
        book.checkpointed(checkpoint);
        holds
    };
    assert!(pages(&mut world.devices[1].book));
    world.write(1, erase::erasing(customer::ID, row(0), Some(&[1])), 10);
    let mut kept = Batch { dev: dev(0), ops: world.logs[0].clone() };
    let book = &mut world.devices[1].book;
    assert!(holds(&kept.encode()) && book.redact(&mut kept) && !holds(&kept.encode()) && !book.redact(&mut kept));
    assert!(!pages(book) && book.live(customer::ID, row(0)).unwrap().value(2) == &name("留下"));
    world.write(1, erase::erasing(customer::ID, row(0), None), 11);
    let book = &mut world.devices[1].book;
    assert!(book.redact(&mut kept) && kept.ops[0].rows[0].cells.iter().all(|cell| cell.value.is_nil()));
    assert_eq!((book.rows(customer::ID).count(), book.deleted(customer::ID).count()), (0, 0));
    assert!(book.row(customer::ID, row(0)).unwrap().is_erased());
}

#[test]
fn an_informed_edit_wins_over_a_clock_that_is_years_ahead() {
    let mut world = World::new();
    world.act(&Act::Write { dev: 0, row: 0, field: 1, value: 1, clock: 600_000_000_000 });
    world.read(1, 0, 9);
    world.act(&Act::Write { dev: 1, row: 0, field: 1, value: 2, clock: 5 });
    world.finish();
    for device in &world.devices {
        let row = device.book.row(customer::ID, row(0)).unwrap();
        assert_eq!(row.value(1), &Value::Int(2));
        assert_eq!(row.conflicts().count(), 0);
    }
}

#[test]
fn two_people_who_did_not_see_each_other_both_find_their_value_and_settling_it_settles_it_everywhere() {
    let mut world = World::new();
    world.act(&Act::Write { dev: 0, row: 0, field: 7, value: 1, clock: 5 });
    world.finish();
    world.act(&Act::Write { dev: 0, row: 0, field: 7, value: 2, clock: 10 });
    world.act(&Act::Write { dev: 1, row: 0, field: 7, value: 3, clock: 11 });
    world.finish();
    for device in &world.devices {
        let row = device.book.row(customer::ID, row(0)).unwrap();
        let values: Vec<_> = row.cell(7, None).unwrap().live.iter().map(|w| w.value.clone()).collect();
        assert_eq!(values, [Value::Int(3), Value::Int(2)]);
        assert_eq!(row.conflicts().count(), 1);
    }
    let mut draft = Draft::open(&world.devices[0].book, customer::ID, row(0));
    draft.settle(7, None, Value::Int(3));
    world.save(0, &draft, 20);
    world.finish();
    for device in &world.devices {
        let row = device.book.row(customer::ID, row(0)).unwrap();
        assert_eq!((row.value(7), row.conflicts().count()), (&Value::Int(3), 0));
    }
}

#[test]
fn an_edit_made_while_the_row_was_deleted_elsewhere_is_found() {
    let mut world = World::new();
    world.act(&Act::Write { dev: 0, row: 0, field: 1, value: 1, clock: 5 });
    world.finish();
    world.act(&Act::Delete { dev: 0, row: 0, clock: 10 });
    world.act(&Act::Write { dev: 1, row: 0, field: 2, value: 9, clock: 11 });
    world.finish();
    for device in &world.devices {
        let row = device.book.row(customer::ID, row(0)).unwrap();
        assert!(row.is_deleted());
        assert_eq!(device.book.missed_by_deletion(&row), [2]);
        assert_eq!(device.book.rows(customer::ID).count(), 0);
        assert_eq!(device.book.deleted(customer::ID).count(), 1);
    }
}

#[test]
fn undo_puts_the_earlier_value_back_and_leaves_what_others_wrote_since() {
    let mut world = World::new();
    world.act(&Act::Write { dev: 0, row: 0, field: 1, value: 1, clock: 5 });
    world.act(&Act::Write { dev: 0, row: 0, field: 2, value: 1, clock: 6 });
    let from = world.devices[0].stamp.next(10);
    world.act(&Act::Write { dev: 0, row: 0, field: 1, value: 8, clock: 10 });
    world.act(&Act::Write { dev: 0, row: 0, field: 2, value: 8, clock: 11 });
    world.act(&Act::Write { dev: 0, row: 1, field: 1, value: 8, clock: 12 });
    let span = Span { dev: dev(0), stamps: (from, world.devices[0].stamp) };
    world.finish();
    world.act(&Act::Write { dev: 1, row: 0, field: 2, value: 5, clock: 20 });
    world.finish();
    let rows = world.devices[0].book.revert(span, None);
    let (opn, stamp) = (world.logs[0].len() as u64 + 1, world.devices[0].stamp.next(30));
    world.logs[0].push(Op { opn, stamp, by: None, batch: None, rows });
    world.read(0, 0, 0);
    for n in 0..DEVICES {
        let ops = world.logs[0].clone();
        world.devices[n].book.apply(&Batch { dev: dev(0), ops });
        let first = world.devices[n].book.row(customer::ID, row(0)).unwrap();
        assert_eq!((first.value(1), first.value(2)), (&Value::Int(1), &Value::Int(5)));
        assert!(world.devices[n].book.row(customer::ID, row(1)).unwrap().is_deleted());
    }
}

#[test]
fn a_new_row_shows_its_history_with_what_was_there_before() {
    let mut world = World::new();
    world.act(&Act::Write { dev: 0, row: 0, field: 1, value: 1, clock: 5 });
    world.act(&Act::Write { dev: 0, row: 0, field: 1, value: 2, clock: 6 });
    let history = world.devices[0].book.history(customer::ID, row(0));
    let steps: Vec<_> = history.iter().map(|e| (e.before.clone(), e.after.clone(), e.shown)).collect();
    assert_eq!(steps, [(Value::Int(1), Value::Int(2), true), (Value::Nil, Value::Int(1), false)]);
}

#[test]
fn new_rows_are_counted_once_also_when_they_are_written_again_after_a_checkpoint() {
    let mut world = World::new();
    for row in 0..3 {
        world.act(&Act::Write { dev: 0, row, field: 1, value: 1, clock: 5 });
    }
    let book = &mut world.devices[0].book;
    let checkpoint = book.checkpoint(1);
    book.checkpointed(checkpoint);
    world.act(&Act::Write { dev: 0, row: 1, field: 1, value: 2, clock: 6 });
    world.act(&Act::Write { dev: 0, row: 4, field: 1, value: 3, clock: 7 });
    let book = &mut world.devices[0].book;
    assert_eq!(book.count_digest(), Some(book.digest()));
    while book.count_some() {}
    assert_eq!(book.count_digest(), Some(book.digest()));
}

#[test]
fn the_digest_is_what_the_protocol_says() {
    use sha2::{Digest as _, Sha256};
    let entry = |state: u8, field: u8, elem: &[u8], author: u8, ms: u64, content: &[u8]| {
        let mut bytes = b"dianbu cell".to_vec();
        bytes.push(state);
        bytes.extend([0, 1]); // kind
        bytes.extend([8; 16]); // row
        bytes.extend([0, field]);
        bytes.extend(elem);
        bytes.extend([author; 16]);
        bytes.extend((ms << 16).to_be_bytes());
        bytes.extend(content);
        u128::from_be_bytes(Sha256::digest(&bytes)[..16].try_into().unwrap())
    };
    let cell = |field, elem: Option<&[u8]>, value, bases| dianbu::book::CellWrite {
        field,
        elem: elem.map(<[u8]>::to_vec),
        value,
        bases,
    };
    let write = |cells| dianbu::book::RowWrite { kind: 1, id: row(8), cells };
    let mut book = Book::default();
    let unseen = Dot { stamp: Stamp::at(3), dev: dev(2) };
    let cells = vec![cell(5, Some(b"vip"), Value::Bool(true), vec![]), cell(6, None, Value::Int(7), vec![unseen])];
    let first = Op { opn: 1, stamp: Stamp::at(9), by: Some(row(4)), batch: None, rows: vec![write(cells)] };
    let seen = Dot { stamp: Stamp::at(9), dev: dev(0) };
    let cells = vec![cell(6, None, Value::Text("八".into()), vec![seen])];
    let second = Op { opn: 1, stamp: Stamp::at(10), by: None, batch: None, rows: vec![write(cells)] };
    book.apply(&Batch { dev: dev(0), ops: vec![first] });
    book.apply(&Batch { dev: dev(1), ops: vec![second] });
    let staff = [&[1][..], &[4; 16]].concat();
    let expected = entry(0, 5, &[1, 0, 0, 0, 3, b'v', b'i', b'p'], 1, 9, &[&staff[..], &[0xf5]].concat())
        .wrapping_add(entry(1, 6, &[0], 1, 9, &[&staff[..], &[7]].concat()))
        .wrapping_add(entry(2, 6, &[0], 3, 3, &[]))
        .wrapping_add(entry(0, 6, &[0], 2, 10, &[0, 0x63, 0xe5, 0x85, 0xab]));
    assert_eq!(book.digest().0, expected);
    let place: Vec<u8> = [&[0xa2, 0x50][..], &[1; 16], &[1, 0x50], &[2; 16], &[1]].concat();
    assert_eq!(book.standing().place, Sha256::digest(&place)[..16]);
    assert_eq!(book.standing().digest, expected.to_be_bytes());
}

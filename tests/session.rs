//! A device at work: saved means durable, tabs agree, checkpoints lose nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use dianbu::book::{DevId, Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::session::{Act, Changed, Session};
use dianbu::store::Store;
use dianbu::store::memory::Memory;

const DEV: DevId = DevId([9; 16]);

/// The store in memory is always ready.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the store in memory never waits"),
    }
}

fn open(store: &Rc<Memory>) -> Session<Rc<Memory>> {
    let loaded = now(store.load()).unwrap();
    Session::open(store.clone(), DEV, &loaded).unwrap()
}

fn name(session: &Session<Rc<Memory>>, n: u8, name: &str, now_ms: u64) -> Changed {
    let mut draft = session.with(|book| Draft::open(book, customer::ID, RowId([n; 16])));
    draft.set(customer::NAME, &name.to_owned());
    let row = draft.write().unwrap();
    now(session.save(&[row], Act { now_ms, ..Act::default() })).unwrap().changed
}

fn names(session: &Session<Rc<Memory>>) -> Vec<String> {
    session.with(|book| book.rows(customer::ID).map(|(_, row)| row.text(customer::NAME).to_owned()).collect())
}

/// As after a synchronisation: everything of this device is in sealed segments, so that the tail may be dropped.
fn sealed(store: &Rc<Memory>) {
    let seal = |state: &mut dianbu::sync::state::State| {
        (state.sealed_opn, state.sealed_lsn) = (state.opn, state.lsn);
        Some(dianbu::store::Change::default())
    };
    now(store.transact(seal)).unwrap();
}

#[test]
fn what_is_saved_is_there_at_the_next_start() {
    let store = Rc::new(Memory::default());
    name(&open(&store), 1, "单雄信", 1);
    assert_eq!(names(&open(&store)), ["单雄信"]);
}

#[test]
fn tabs_write_in_turn_and_hold_the_same_book() {
    let store = Rc::new(Memory::default());
    let (one, two) = (open(&store), open(&store));
    for n in 0..20 {
        let tab = if n % 3 == 0 { &one } else { &two };
        name(tab, n, &format!("客户{n}"), u64::from(n % 5));
    }
    now(one.catch_up()).unwrap();
    now(two.catch_up()).unwrap();
    assert_eq!(names(&one), names(&two));
    assert_eq!(names(&one).len(), 20);
    let loaded = now(store.load()).unwrap();
    assert_eq!((loaded.state.opn, loaded.state.lsn), (20, 20));
}

#[test]
fn a_checkpoint_shortens_the_start_and_loses_nothing() {
    let store = Rc::new(Memory::default());
    let one = open(&store);
    for n in 0..10 {
        name(&one, n, "甲", u64::from(n));
    }
    now(one.checkpoint()).unwrap();
    assert_eq!(one.tail_length(), 0);
    name(&one, 3, "乙", 50);
    now(one.checkpoint()).unwrap();
    // Nothing is sealed yet: the tail is the only place that the operations can be sealed from.
    assert_eq!(now(store.tail_after(0)).unwrap().len(), 11);
    // A start has no use for what the pages hold already.
    assert!(now(store.load()).unwrap().tail.is_empty());
    sealed(&store);
    name(&one, 4, "丙", 60);
    sealed(&store);
    now(one.checkpoint()).unwrap();
    name(&one, 5, "丁", 70);
    // What the checkpoint before the last one covered is gone from the tail; the rest stays for slow tabs.
    assert_eq!(now(store.tail_after(0)).unwrap().len(), 2);
    assert_eq!(names(&open(&store)), names(&one));
    assert_eq!(open(&store).tail_length(), 1);
}

#[test]
fn a_tab_that_slept_through_two_checkpoints_reads_the_book_anew() {
    let store = Rc::new(Memory::default());
    let (one, sleeper) = (open(&store), open(&store));
    for n in 0..5 {
        name(&one, n, "甲", u64::from(n));
        sealed(&store);
        now(one.checkpoint()).unwrap();
    }
    assert_eq!(now(sleeper.catch_up()).unwrap(), Changed::All);
    assert_eq!(names(&sleeper), names(&one));
    // It holds other pages than it opened with, so its own checkpoint builds on them.
    name(&sleeper, 7, "乙", 90);
    now(sleeper.checkpoint()).unwrap();
    assert_eq!(names(&open(&store)), names(&sleeper));
}

#[test]
fn a_tab_that_slept_sees_that_it_is_behind_even_if_nothing_came_since_the_last_checkpoint() {
    let store = Rc::new(Memory::default());
    let (one, sleeper) = (open(&store), open(&store));
    name(&one, 1, "甲", 1);
    sealed(&store);
    now(one.checkpoint()).unwrap();
    now(one.checkpoint()).unwrap();
    now(sleeper.catch_up()).unwrap();
    assert_eq!(names(&sleeper), names(&one));
}

#[test]
fn a_large_undertaking_is_saved_whole_and_taken_back_whole() {
    let store = Rc::new(Memory::default());
    let one = open(&store);
    let rows: Vec<_> = (0..5_000_u32)
        .map(|n| {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&n.to_be_bytes());
            let mut draft = Draft::new(customer::ID, RowId(id));
            draft.set(customer::NAME, &format!("客户{n}"));
            draft.write().unwrap()
        })
        .collect();
    let act = Act { now_ms: 5, by: None, batch: Some(RowId([1; 16])) };
    let saved = now(one.save(&rows, act)).unwrap();
    assert_eq!(names(&one).len(), 5_000);
    assert_eq!(one.with(|book| book.undertakings()[&RowId([1; 16])].rows), 5_000);
    let back = one.with(|book| book.revert(saved.span, None));
    now(one.save(&back, Act { now_ms: 6, ..Act::default() })).unwrap();
    assert_eq!(names(&open(&store)).len(), 0);
}

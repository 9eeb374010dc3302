//! A device at work: saved means durable, tabs agree, checkpoints lose nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use dianbu::book::{Book, DevId, Draft, RowId, RowWrite};
use dianbu::domain::customer::customer;
use dianbu::session::{Act, Changed, Session};
use dianbu::store::memory::Memory;
use dianbu::store::{Change, Loaded, Store, StoreError};
use dianbu::sync::state::State;

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

/// An undertaking of 4,100 rows: more than one entry of the tail.
fn many() -> Vec<RowWrite> {
    let row = |n: u32| {
        let mut id = [0xff; 16];
        id[..4].copy_from_slice(&n.to_be_bytes());
        let mut draft = Draft::new(customer::ID, RowId(id));
        draft.set(customer::NAME, &format!("客户{n}"));
        draft.write().unwrap()
    };
    (0..4_100).map(row).collect()
}

#[test]
fn a_large_undertaking_is_saved_whole_and_taken_back_whole() {
    let store = Rc::new(Memory::default());
    let one = open(&store);
    let rows = many();
    let act = Act { now_ms: 5, by: None, batch: Some(RowId([1; 16])) };
    let saved = now(one.save(&rows, act)).unwrap();
    assert_eq!(names(&one).len(), 4_100);
    assert_eq!(one.with(|book| book.undertakings()[&RowId([1; 16])].rows), 4_100);
    let back = one.with(|book| book.revert(saved.span, None));
    now(one.save(&back, Act { now_ms: 6, ..Act::default() })).unwrap();
    assert_eq!(names(&open(&store)).len(), 0);
}

type Meanwhile = Box<dyn FnOnce()>;

/// A store in which something happens at one of the rests that long work takes.
#[derive(Default)]
struct Restless {
    memory: Rc<Memory>,
    rests: Cell<usize>,
    at: Cell<usize>,
    meanwhile: RefCell<Option<Meanwhile>>,
}

impl Store for Restless {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.memory.load().await
    }
    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        self.memory.transact(decide).await
    }
    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.memory.tail_after(lsn).await
    }
    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.log(name).await
    }
    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.memory.held().await
    }
    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.photo(name).await
    }
    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.memory.photo_names().await
    }
    async fn prepare(&self, _lsn: u64, change: Change) -> Change {
        self.rest().await;
        change
    }
    async fn rest(&self) {
        self.rests.set(self.rests.get() + 1);
        if self.rests.get() == self.at.get()
            && let Some(meanwhile) = self.meanwhile.take()
        {
            meanwhile();
        }
    }
}

/// Long work in one tab, and at each of its rests in turn something else: in the same tab or in another one.
fn at_every_rest(work: impl Fn(&Tab), saves_here: bool) {
    let meanwhile = |tab: Tab, memory: Rc<Memory>| -> Meanwhile {
        Box::new(move || if saves_here { one_more(&tab) } else { one_more(&open(&memory)) })
    };
    let mut at = 1;
    loop {
        let store = Rc::new(Restless { at: Cell::new(at), ..Restless::default() });
        let loaded = now(store.load()).unwrap();
        let tab: Tab = Rc::new(Session::open(store.clone(), DEV, &loaded).unwrap());
        store.meanwhile.replace(Some(meanwhile(tab.clone(), store.memory.clone())));
        work(&tab);
        if store.meanwhile.take().is_some() {
            assert!(at > 1, "long work rests");
            return;
        }
        if saves_here {
            assert!(tab.with(|book| book.row(customer::ID, RowId([7; 16]))).is_some(), "saved, and not shown at {at}");
        }
        now(tab.catch_up()).unwrap();
        let fresh = open(&store.memory);
        let held = |book: &Book| (book.digest(), book.reached(DEV));
        assert_eq!(tab.with(held), fresh.with(held), "at rest {at}");
        assert_eq!(fresh.with(|book| book.count(customer::ID)), 4_101);
        at += 1;
    }
}

type Tab = Rc<Session<Rc<Restless>>>;

fn one_more<S: Store>(session: &Session<S>) {
    let mut draft = Draft::new(customer::ID, RowId([7; 16]));
    draft.set(customer::NAME, &"单雄信".to_owned());
    now(session.save(&[draft.write().unwrap()], Act { now_ms: 9, ..Act::default() })).unwrap();
}

fn save_many<S: Store>(session: &Session<S>) -> Changed {
    now(session.save(&many(), Act { now_ms: 5, by: None, batch: Some(RowId([1; 16])) })).unwrap().changed
}

#[test]
fn whoever_saves_while_a_large_undertaking_is_saved_loses_nothing() {
    let large = |tab: &Tab| {
        let Changed::Rows(rows) = save_many(tab) else { panic!("nothing was read anew") };
        assert!(rows.len() >= 4_100, "all of it is told to the screens");
    };
    at_every_rest(large, true);
    at_every_rest(large, false);
}

#[test]
fn whoever_saves_while_a_tab_catches_up_loses_nothing() {
    let catch_up = |tab: &Tab| {
        save_many(&open(&tab.store().memory));
        now(tab.catch_up()).unwrap();
    };
    at_every_rest(catch_up, true);
    at_every_rest(catch_up, false);
}

#[test]
fn whoever_saves_while_the_book_is_read_anew_loses_nothing() {
    // Another tab wrote checkpoints, and this one has slept through them.
    let read_anew = |tab: &Tab| {
        let other = open(&tab.store().memory);
        save_many(&other);
        for _ in 0..2 {
            sealed(&tab.store().memory);
            now(other.checkpoint()).unwrap();
        }
        assert_eq!(now(tab.catch_up()).unwrap(), Changed::All);
    };
    at_every_rest(read_anew, true);
    at_every_rest(read_anew, false);
}

#[test]
fn a_checkpoint_during_which_somebody_saves_says_how_far_its_pages_reach() {
    let store = Rc::new(Restless { at: Cell::new(1), ..Restless::default() });
    let loaded = now(store.load()).unwrap();
    let tab: Tab = Rc::new(Session::open(store.clone(), DEV, &loaded).unwrap());
    let mut draft = Draft::new(customer::ID, RowId([8; 16]));
    draft.set(customer::NAME, &"秦琼".to_owned());
    now(tab.save(&[draft.write().unwrap()], Act { now_ms: 1, ..Act::default() })).unwrap();
    let saving = tab.clone();
    store.meanwhile.replace(Some(Box::new(move || one_more(&saving))));
    now(tab.checkpoint()).unwrap();
    let state = now(store.load()).unwrap().state;
    assert_eq!((state.base, state.lsn), (1, 2), "the pages end before what came meanwhile");
    assert!(state.covered().unwrap().contains_key(&DEV), "a snapshot can be made of them");
    assert_eq!(names(&open(&store.memory)).len(), 2);
}

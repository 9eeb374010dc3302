//! What other tabs do while a snapshot is written or adopted.

use std::cell::{Cell, RefCell};

use dianbu::store::memory::Memory as Store;
use dianbu::store::{Loaded, StoreError};
use dianbu::sync::state::State;

use super::*;

/// A store in which another tab does something just before the call that is counted down to.
pub struct Interrupted<'t, F> {
    store: &'t Store,
    load: bool,
    calls: Cell<u32>,
    meanwhile: RefCell<Option<F>>,
}

impl<'t, F: FnOnce()> Interrupted<'t, F> {
    pub fn new(store: &'t Store, load: bool, calls: u32, meanwhile: F) -> Self {
        Self { store, load, calls: Cell::new(calls), meanwhile: RefCell::new(Some(meanwhile)) }
    }

    fn count(&self, load: bool) {
        if load != self.load {
            return;
        }
        if self.calls.get() == 0
            && let Some(meanwhile) = self.meanwhile.take()
        {
            meanwhile();
        }
        self.calls.set(self.calls.get().saturating_sub(1));
    }
}

impl<F: FnOnce()> dianbu::store::Store for Interrupted<'_, F> {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.count(true);
        self.store.load().await
    }
    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        self.count(false);
        self.store.transact(decide).await
    }
    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.store.tail_after(lsn).await
    }
    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.log(name).await
    }
    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.store.held().await
    }
    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.photo(name).await
    }
    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.store.photo_names().await
    }
}

#[test]
fn what_was_written_and_tidied_away_while_a_snapshot_was_begun_is_not_in_it() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    edits(&mut team[0], &bucket, LEAST_OPS);
    checkpoint(&team[0]);
    let device = &mut team[0];
    let (moment, dev, clock) = (device.moment(), device.engine.dev(), device.clock);
    let store = Interrupted::new(&device.store, true, 0, || {
        crate::kit::write(&device.store, dev, clock, "not shared yet");
        let tab = Session::open(&device.store, dev, &now(device.store.load()).unwrap()).unwrap();
        now(tab.checkpoint()).unwrap();
    });
    assert!(now(driver::round(&mut device.engine, &store, &bucket, moment)).finished);
    assert!(snapshots(&bucket).is_empty());
    device.clock += 60_000;
    device.round(&bucket);
    device.round(&bucket);
    assert_eq!(snapshots(&bucket).len(), 2, "once it is shared");
}

#[test]
fn a_checkpoint_does_not_go_over_pages_that_were_just_replaced() {
    let bucket = Bucket::default();
    let (_, invitation) = with_snapshot(&bucket, 0, LEAST_OPS);
    let mut joiner = Device::joiner(90, &invitation, &bucket);
    let (moment, loaded) = (joiner.moment(), now(joiner.store.load()).unwrap());
    let (dev, store) = (joiner.engine.dev(), &joiner.store);
    // Between the look whether there is anything new and the writing of the pages.
    let interrupted = Interrupted::new(store, false, 1, || {
        assert!(now(driver::round(&mut joiner.engine, store, &bucket, moment)).pulled_ops >= LEAST_OPS);
    });
    let tab = Session::open(interrupted, dev, &loaded).unwrap();
    now(tab.checkpoint()).unwrap();
    assert!(tab.with(|book| book.count(1)) as u64 > LEAST_OPS);
    drop(tab);
    assert!(joiner.session().with(|book| book.count(1)) as u64 > LEAST_OPS);
}

//! The app is killed at every single effect, before it and after it, and started again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dianbu::remote::memory::{Memory as Bucket, Request};
use dianbu::remote::{Object, Page, RemoteError};
use dianbu::store::memory::Memory as Store;
use dianbu::store::{Change, Loaded, Store as _, StoreError};
use dianbu::sync::driver;
use dianbu::sync::report::Report;
use dianbu::sync::state::State;

use crate::kit::{Device, assert_equal, now, settle};

/// How many more effects the device lives through.
#[derive(Clone, Default)]
struct Life(Rc<Cell<u32>>);

impl Life {
    /// Counts an effect down; at the end of its life the device hangs for ever in the middle of it.
    async fn spend(&self) {
        if self.0.get() == 0 {
            std::future::pending::<()>().await;
        }
        self.0.set(self.0.get() - 1);
    }
}

/// A store or bucket whose device may die before an effect or after it, before its answer.
struct Mortal<'t, T>(&'t T, Life);

impl dianbu::store::Store for Mortal<'_, Store> {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.0.load().await
    }
    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        self.1.spend().await;
        let result = self.0.transact(decide).await;
        self.1.spend().await;
        result
    }
    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.0.tail_after(lsn).await
    }
    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.log(name).await
    }
    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.0.held().await
    }
    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.photo(name).await
    }
    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.0.photo_names().await
    }
}

impl dianbu::remote::Bucket for Mortal<'_, Bucket> {
    fn place(&self) -> String {
        self.0.place()
    }
    fn set_clock_offset(&self, offset_ms: i64) {
        self.0.set_clock_offset(offset_ms);
    }
    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        self.1.spend().await;
        self.0.list(prefix, next).await
    }
    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        self.1.spend().await;
        self.0.get(name).await
    }
    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        self.1.spend().await;
        let result = self.0.put(name, bytes, if_absent).await;
        self.1.spend().await;
        result
    }
    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        self.0.delete(name).await
    }
    async fn answers(&self) -> bool {
        self.0.answers().await
    }
}

/// A round in which the device lives through `effects` effects; whether it survived.
pub fn short_life(device: &mut Device, bucket: &Bucket, effects: u32) -> bool {
    let life = Life(Rc::new(Cell::new(effects)));
    short_lives(device, bucket, &life, &life)
}

/// A round with a store and a bucket that work only so long.
fn short_lives(device: &mut Device, bucket: &Bucket, of_store: &Life, of_bucket: &Life) -> bool {
    let moment = device.moment();
    let (store, bucket) = (Mortal(&device.store, of_store.clone()), Mortal(bucket, of_bucket.clone()));
    let mut future = Box::pin(driver::round(&mut device.engine, &store, &bucket, moment));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut survived = false;
    // After its life is spent nothing wakes any more; a few polls let everything else come to rest.
    for _ in 0..500 {
        if future.as_mut().poll(&mut context).is_ready() {
            survived = true;
            break;
        }
    }
    drop(future);
    survived
}

#[test]
fn killed_at_every_effect_a_device_loses_nothing_and_uses_no_number_twice() {
    for conditions in [true, false] {
        for effects in 0.. {
            let bucket = Bucket::default();
            let mut team = Device::team(&bucket, 2);
            bucket.set_conditions(conditions);
            team[1].write("to be pulled");
            team[1].round(&bucket);
            team[0].write("to be pushed");
            let survived = short_life(&mut team[0], &bucket, effects);
            let report = team[2].round(&bucket);
            assert!(report.held.is_empty(), "a head promised what was not put: {report:?}");
            team[0].restart();
            // Written after the crash and before the next round, as a person would.
            team[0].write("after the crash");
            settle(&bucket, &mut team);
            assert_equal(&team);
            assert_eq!(team[0].ops().len(), 4, "killed after {effects} effects");
            for device in &team {
                let report = device.engine.report();
                assert!(report.finished && report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
            }
            if survived {
                assert!(effects > 8, "the round has more effects than that");
                break;
            }
        }
    }
}

#[test]
fn nothing_is_put_before_it_is_durable() {
    for steps in 0..40 {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        team[0].write("to be pushed");
        // The disk hangs while the network works on.
        let (disk, network) = (Life(Rc::new(Cell::new(steps))), Life(Rc::new(Cell::new(1_000))));
        let survived = short_lives(&mut team[0], &bucket, &disk, &network);
        let sealed = team[0].sync().segment.seq == 2;
        let put = bucket.with_objects(|objects| objects.contains_key(&team[0].segment(2)));
        assert!(sealed || !put, "put after {steps} steps of the disk, and not remembered");
        team[0].restart();
        settle(&bucket, &mut team);
        assert_equal(&team);
        assert!(team[0].engine.report().troubles.is_empty());
        if survived {
            return;
        }
    }
    panic!("the round never ends");
}

/// A store in whose tabs a person writes just when the tail has been read for sealing.
struct Busy<'t, F>(&'t Store, RefCell<Option<F>>);

impl<F: FnOnce(&Store)> dianbu::store::Store for Busy<'_, F> {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.0.load().await
    }
    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        self.0.transact(decide).await
    }
    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let tail = self.0.tail_after(lsn).await;
        if let Some(meanwhile) = self.1.take() {
            meanwhile(self.0);
        }
        tail
    }
    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.log(name).await
    }
    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.0.held().await
    }
    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.photo(name).await
    }
    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.0.photo_names().await
    }
}

fn busy_round(device: &mut Device, bucket: &Bucket, meanwhile: impl FnOnce(&Store)) -> Report {
    let moment = device.moment();
    let store = Busy(&device.store, RefCell::new(Some(meanwhile)));
    now(driver::round(&mut device.engine, &store, bucket, moment))
}

#[test]
fn what_is_written_while_sealing_is_not_passed_over() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("before");
    let (dev, clock) = (team[0].dev(), team[0].clock);
    let report = busy_round(&mut team[0], &bucket, |store| crate::kit::write(store, dev, clock, "meanwhile"));
    assert!(report.finished && report.troubles.is_empty() && report.waiting_ops == 0, "{report:?}");
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert_eq!(team[1].ops().len(), 3);
}

#[test]
fn a_tab_that_synchronises_in_the_middle_of_another_ones_round_makes_it_begin_again() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("once");
    let mut other_tab = now(driver::open(&team[0].store)).unwrap().unwrap();
    let moment = team[0].moment();
    let report = busy_round(&mut team[0], &bucket, |store| {
        assert!(now(driver::round(&mut other_tab, store, &bucket, moment)).finished);
    });
    assert!(report.finished && report.troubles.is_empty(), "{report:?}");
    assert_eq!(team[0].sync().segment.seq, 2, "sealed once");
    settle(&bucket, &mut team);
    assert_equal(&team);
}

#[test]
fn killed_twice_in_a_row_it_still_comes_right() {
    for first in 0..14 {
        for second in 0..14 {
            let bucket = Bucket::default();
            let mut team = Device::team(&bucket, 1);
            team[0].write("one");
            short_life(&mut team[0], &bucket, first);
            team[0].restart();
            team[0].write("two");
            short_life(&mut team[0], &bucket, second);
            team[0].restart();
            settle(&bucket, &mut team);
            assert_equal(&team);
            assert_eq!(team[1].ops().len(), 3);
            assert!(team[1].engine.report().troubles.is_empty());
        }
    }
}

#[test]
fn an_answer_that_is_lost_is_not_a_fault() {
    for lost in 0..4 {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        team[0].write("an edit");
        let mut seen = 0;
        bucket.judge(move |request| {
            let fate = if matches!(request, Request::Put(_)) && seen == lost {
                dianbu::remote::memory::Fate::Unanswered(RemoteError::Offline)
            } else {
                dianbu::remote::memory::Fate::Done
            };
            seen += u32::from(matches!(request, Request::Put(_)));
            fate
        });
        team[0].round(&bucket);
        bucket.behave();
        settle(&bucket, &mut team);
        assert_equal(&team);
        let report = team[0].round(&bucket);
        assert!(report.finished && report.troubles.is_empty() && report.waiting_ops == 0, "{report:?}");
    }
}

#[test]
fn a_round_that_is_dropped_half_way_leaves_an_engine_that_goes_on() {
    for effects in 0..16 {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        team[1].write("to be pulled");
        team[1].round(&bucket);
        team[0].write("to be pushed");
        short_life(&mut team[0], &bucket, effects);
        // No restart: the tab lives on, only the round was abandoned.
        settle(&bucket, &mut team);
        assert_equal(&team);
        assert_eq!(team[0].ops().len(), 3);
        assert!(now(team[0].store.held()).unwrap().is_empty());
    }
}

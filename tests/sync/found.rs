//! What the simulator found, each in its shortest form.

use std::cell::{Cell, RefCell};

use dianbu::remote::memory::{Fate, Memory as Bucket, Request};
use dianbu::remote::{Object, Page, RemoteError};
use dianbu::store::memory::Memory as Store;
use dianbu::store::{Change, Loaded, Store as _, StoreError};
use dianbu::sync::driver;
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::report::Trouble;
use dianbu::sync::state::State;

use crate::kit::{Device, assert_equal, counts, now, object, settle};

/// What happens just before a request is answered, or to its answer.
type Hook<'t> = Box<dyn Fn(&str, &mut Object) + 't>;

/// A bucket that does not tell entity tags with GET and PUT, or garbles what it hands out.
struct Between<'t> {
    bucket: &'t Bucket,
    before_list: RefCell<Option<Box<dyn FnOnce() + 't>>>,
    on_get: Hook<'t>,
}

impl<'t> Between<'t> {
    fn new(bucket: &'t Bucket, on_get: impl Fn(&str, &mut Object) + 't) -> Self {
        Self { bucket, before_list: RefCell::new(None), on_get: Box::new(on_get) }
    }

    fn silent(bucket: &'t Bucket) -> Self {
        Self::new(bucket, |_, object| object.etag.clear())
    }
}

impl dianbu::remote::Bucket for Between<'_> {
    fn place(&self) -> String {
        self.bucket.place()
    }
    fn set_clock_offset(&self, offset_ms: i64) {
        self.bucket.set_clock_offset(offset_ms);
    }
    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        if let Some(before) = self.before_list.take() {
            before();
        }
        self.bucket.list(prefix, next).await
    }
    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        let mut object = self.bucket.get(name).await?;
        (self.on_get)(name, &mut object);
        Ok(object)
    }
    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        self.bucket.put(name, bytes, if_absent).await
    }
    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        self.bucket.delete(name).await
    }
    async fn answers(&self) -> bool {
        self.bucket.answers().await
    }
}

/// A store in which another tab works just before the tail, or our own head, is read.
struct Elsewhere<'t, F>(&'t Store, RefCell<Option<F>>);

impl<F: FnOnce(&Store)> dianbu::store::Store for Elsewhere<'_, F> {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.0.load().await
    }
    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        self.0.transact(decide).await
    }
    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        if let Some(before) = self.1.take() {
            before(self.0);
        }
        self.0.tail_after(lsn).await
    }
    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if name.contains("/h/")
            && let Some(before) = self.1.take()
        {
            before(self.0);
        }
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

#[test]
fn a_head_without_a_byte_is_told() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let head = team[1].head();
    let whole = bucket.with_objects(|objects| objects.insert(head.clone(), Vec::new())).unwrap();
    let report = team[0].round(&bucket);
    assert_eq!(report.held.first().map(|held| held.fault), Some(Fault::Foreign));
    bucket.with_objects(|objects| objects.insert(head, whole));
    assert!(team[0].round(&bucket).held.is_empty());
}

#[test]
fn what_an_earlier_session_held_is_released_when_the_same_head_comes_back() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let head = team[1].head();
    let whole = bucket.with_objects(|objects| objects.insert(head.clone(), b"dianbu".to_vec())).unwrap();
    assert_eq!(team[0].round(&bucket).held.len(), 1);
    bucket.with_objects(|objects| objects.insert(head, whole));
    team[0].restart();
    assert!(team[0].round(&bucket).held.is_empty());
    assert!(now(team[0].store.held()).unwrap().is_empty());
}

#[test]
fn without_tags_a_head_is_read_again_ever_more_seldom() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[1].write("an edit");
    team[1].round(&bucket);
    bucket.requests();
    for _ in 0..16 {
        assert!(team[0].round(&Between::silent(&bucket)).finished);
    }
    let (lists, gets, puts) = counts(&bucket.requests());
    assert_eq!((lists, gets, puts), (16, 5, 0), "at once, and in rounds 1, 2, 4, 8 after it");
}

#[test]
fn without_tags_a_head_that_is_neither_the_last_one_nor_the_listed_one_is_not_taken_for_it() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let head = team[1].head();
    team[1].write("first");
    team[1].round(&bucket);
    let middle = object(&bucket, &head);
    team[1].write("second");
    team[1].round(&bucket);
    // The listing shows the second, GET still hands out the first.
    let lags = Cell::new(true);
    let lagging = Between::new(&bucket, |name, object| {
        if name == head && lags.get() {
            object.bytes.clone_from(&middle);
        }
        object.etag.clear();
    });
    assert_eq!(team[0].round(&lagging).pulled_ops, 1);
    lags.set(false);
    assert_eq!(team[0].round(&lagging).pulled_ops, 1);
    assert_equal(&team);
}

#[test]
fn reading_an_older_head_to_its_end_does_not_hide_that_more_was_promised() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let old = object(&bucket, &team[1].head());
    team[1].write("hidden from some");
    team[1].round(&bucket);
    team[2].write("seen by me");
    team[2].round(&bucket);
    let head = team[1].head();
    bucket.with_objects(|objects| objects.insert(head, old));
    let silent = Between::silent(&bucket);
    let mut report = team[0].round(&silent);
    for _ in 0..6 {
        report = team[0].round(&silent);
    }
    let dev = team[1].dev();
    assert!(report.troubles.iter().any(|t| matches!(t, Trouble::Withheld { dev: of, .. } if *of == dev)), "{report:?}");
}

#[test]
fn a_tail_that_another_tab_sealed_and_dropped_meanwhile_is_no_damage() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("once");
    let mut other_tab = now(driver::open(&team[0].store)).unwrap().unwrap();
    let moment = team[0].moment();
    let device = &mut team[0];
    let store = Elsewhere(
        &device.store,
        RefCell::new(Some(|store: &Store| {
            assert!(now(driver::round(&mut other_tab, store, &bucket, moment)).finished);
            let upto = now(store.load()).unwrap().state.droppable();
            now(store.transact(|_| Some(Change { drop_tail: Some(upto), ..Change::default() }))).unwrap();
        })),
    );
    let report = now(driver::round(&mut device.engine, &store, &bucket, moment));
    assert!(report.finished && report.troubles.is_empty(), "{report:?}");
    assert_eq!(team[1].round(&bucket).pulled_ops, 1);
}

#[test]
fn a_head_that_another_tab_has_sealed_meanwhile_is_not_put_before_its_segments() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let (dev, clock) = (team[0].dev(), team[0].clock);
    let lost = |request: &Request| match request {
        Request::Put(name) if name.contains("/h/") => Fate::Lost(RemoteError::Offline),
        _ => Fate::Done,
    };
    team[0].write("first");
    bucket.judge(lost);
    assert!(!team[0].round(&bucket).finished, "sealed, and the head is not put");
    bucket.behave();
    team[0].restart();
    let mut other_tab = now(driver::open(&team[0].store)).unwrap().unwrap();
    let moment = team[0].moment();
    let Device { engine, store, .. } = &mut team[0];
    let elsewhere = Elsewhere(
        &*store,
        RefCell::new(Some(|store: &Store| {
            crate::kit::write(store, dev, clock, "second");
            // The other tab puts that head, seals the second edit with a head of its own, and loses its network.
            bucket.judge(|request| match request {
                Request::Put(name) if name.ends_with("/s/0000000003") => Fate::Lost(RemoteError::Offline),
                _ => Fate::Done,
            });
            now(driver::round(&mut other_tab, store, &bucket, moment));
            bucket.behave();
            bucket.requests();
        })),
    );
    let name = Name::Head(engine.vault().id, dev).to_string();
    now(driver::round(engine, &elsewhere, &bucket, moment));
    let there = bucket.requests();
    let place = |wanted: &str| there.iter().rposition(|request| *request == Request::Put(wanted.to_owned()));
    let last = team[0].sync().segment.seq;
    let puts = |wanted: &str| there.iter().filter(|request| **request == Request::Put(wanted.to_owned())).count();
    assert!(place(&team[0].segment(last)) < place(&name) && puts(&name) == 1, "{there:?}");
    settle(&bucket, &mut team);
    assert_equal(&team);
}

#[test]
fn a_head_that_another_tab_put_meanwhile_is_no_copy_of_this_device() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let mut other_tab = now(driver::open(&team[0].store)).unwrap().unwrap();
    team[0].write("by the other tab");
    let moment = team[0].moment();
    let Device { engine, store, .. } = &mut team[0];
    let store = &*store;
    let between = Between::new(&bucket, |_, _| ());
    *between.before_list.borrow_mut() = Some(Box::new(|| {
        assert!(now(driver::round(&mut other_tab, store, &bucket, moment)).finished);
    }));
    let report = now(driver::round(engine, store, &between, moment));
    assert!(report.finished && report.troubles.is_empty(), "{report:?}");
}

#[test]
fn an_own_head_that_is_damaged_hides_nothing_that_the_bucket_lost() {
    for garbled_always in [false, true] {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        team[0].write("first");
        team[0].round(&bucket);
        let copy = bucket.with_objects(|objects| objects.clone());
        team[0].write("second");
        team[0].round(&bucket);
        team[0].write("third");
        team[0].round(&bucket);
        // The bucket is put back, and what it says of our head arrives damaged: once, or again and again.
        bucket.with_objects(|objects| *objects = copy);
        let (head, left) = (team[0].head(), Cell::new(if garbled_always { 9 } else { 1 }));
        let garbling = Between::new(&bucket, |name, object| {
            if name == head && left.get() > 0 {
                left.set(left.get() - 1);
                object.bytes.truncate(99);
            }
        });
        let report = team[0].round(&garbling);
        let told = |trouble: &Trouble| matches!(trouble, Trouble::Occupied { .. } | Trouble::BucketBehind);
        assert!(report.finished && report.troubles.iter().any(told), "{report:?}");
        settle(&bucket, &mut team);
        assert_equal(&team);
    }
}

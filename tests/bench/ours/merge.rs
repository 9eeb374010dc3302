//! Two devices that were apart, on stores and a bucket in memory: what their meeting costs and keeps.

use std::rc::Rc;

use dianbu::book::{Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::remote::Connection;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::session::{Act, Session};
use dianbu::store::Store as _;
use dianbu::store::memory::Memory as Store;
use dianbu::sync::driver::{self, Moment};
use dianbu::sync::engine::{Engine, Terms};
use dianbu::sync::keys::Identity;
use dianbu::sync::member::{self, Founding, Names};
use dianbu::sync::state::State;
use dianbu::sync::wire::Role;
use dianbu::web::{clock, random};
use wasm_bindgen::prelude::*;

use super::failed;
use super::person::People;

struct Device {
    store: Rc<Store>,
    engine: Engine,
    session: Session<Rc<Store>>,
}

/// Two devices with the same book and a bucket between them.
#[wasm_bindgen]
pub struct Merge {
    bucket: Bucket,
    devices: [Device; 2],
}

impl std::fmt::Debug for Merge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Merge").finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl Merge {
    /// A founder and a joiner who have shared these customers.
    pub async fn new(people: &People) -> Result<Merge, JsError> {
        let bucket = Bucket::default();
        let mut first = Device::found().await?;
        first.session.save(people.writes(), act()).await.map_err(failed)?;
        let terms = Terms { role: Role::Staff, uses: 1, expires_ms: clock::now_ms() + 86_400_000, recovery: false };
        let connection = Connection { bucket: "shop".to_owned(), ..Connection::default() };
        let Device { engine, store, .. } = &mut first;
        let invitation =
            driver::invite(engine, &**store, &bucket, connection, terms, clock::now_ms(), &mut random::fill)
                .await
                .map_err(|error| failed(format!("{error:?}")))?;
        let welcome = driver::welcome(&bucket, &invitation, clock::now_ms())
            .await
            .map_err(|error| failed(format!("{error:?}")))?;
        let second = Device::join(&welcome).await?;
        let mut merge = Self { bucket, devices: [first, second] };
        // Until both have seen that the other is there.
        for _ in 0..3 {
            merge.meet().await?;
        }
        Ok(merge)
    }

    /// One device changes the note of a customer, as an action of its own.
    pub async fn edit(&self, device: usize, id: &str, note: String) -> Result<(), JsError> {
        let session = &self.devices.get(device).ok_or_else(|| failed("no such device"))?.session;
        let id = RowId::parse(id).ok_or_else(|| failed("no such customer"))?;
        let mut draft = session.with(|book| Draft::open(book, customer::ID, id));
        draft.set(customer::NOTE, &note);
        if let Some(write) = draft.write() {
            session.save(&[write], act()).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Both synchronise until both have everything.
    pub async fn meet(&mut self) -> Result<(), JsError> {
        let [first, second] = &mut self.devices;
        first.round(&self.bucket).await?;
        second.round(&self.bucket).await?;
        first.round(&self.bucket).await
    }

    /// Bytes that lie in the bucket: what both have sent.
    pub fn bytes(&self) -> usize {
        self.bucket.with_objects(|objects| objects.values().map(Vec::len).sum())
    }

    /// How many of two values can be read at a customer after the merge, on the device that can read fewer.
    pub fn readable(&self, id: &str, notes: Vec<String>) -> Result<usize, JsError> {
        let id = RowId::parse(id).ok_or_else(|| failed("no such customer"))?;
        let count = |device: &Device| {
            device.session.with(|book| {
                let row = book.row(customer::ID, id).unwrap_or_default();
                let cell = row.cell(customer::NOTE.field, None);
                let live = cell.map(|cell| cell.live.as_slice()).unwrap_or_default();
                notes.iter().filter(|note| live.iter().any(|own| own.value.text() == Some(note))).count()
            })
        };
        Ok(self.devices.iter().map(count).min().unwrap_or_default())
    }
}

impl Device {
    async fn found() -> Result<Self, JsError> {
        let identity = Identity::new(&mut random::fill);
        let names = Names { vault: "店簿".to_owned(), device: "电脑".to_owned() };
        let founding = Founding::begin(&identity, names, clock::now_ms(), &mut random::fill).map_err(failed)?;
        let commit = founding.commit(&State::default(), &identity, &mut random::fill).map_err(failed)?;
        let store = Rc::new(Store::default());
        store.transact(|state| commit.apply(state)).await.map_err(failed)?;
        Self::open(store).await
    }

    async fn join(welcome: &member::Welcome) -> Result<Self, JsError> {
        let identity = Identity::new(&mut random::fill);
        let joined = welcome.join(&State::default(), &identity, "平板".to_owned(), clock::now_ms(), &mut random::fill);
        let commit = joined.map_err(|error| failed(format!("{error:?}")))?;
        let store = Rc::new(Store::default());
        store.transact(|state| commit.apply(state)).await.map_err(failed)?;
        Self::open(store).await
    }

    async fn open(store: Rc<Store>) -> Result<Self, JsError> {
        let engine = driver::open(&*store).await.map_err(failed)?.ok_or_else(|| failed("no vault"))?;
        let loaded = store.load().await.map_err(failed)?;
        let session = Session::open(store.clone(), engine.dev(), &loaded).map_err(failed)?;
        Ok(Self { store, engine, session })
    }

    async fn round(&mut self, bucket: &Bucket) -> Result<(), JsError> {
        let moment = Moment::new(clock::now_ms(), &mut random::fill);
        let report = driver::round(&mut self.engine, &*self.store, bucket, moment).await;
        if !report.finished || !report.troubles.is_empty() {
            return Err(failed(format!("{report:?}")));
        }
        self.session.catch_up().await.map(drop).map_err(failed)
    }
}

fn act() -> Act {
    Act { now_ms: clock::now_ms(), ..Act::default() }
}

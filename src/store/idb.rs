//! The store in the browser: six object stores of one `IndexedDB` database.
//!
//! Each drawer of [the port](super) is an object store without indexes. Keys are what the port calls them (names as
//! strings, pages and places as numbers), values are byte arrays that cross into the browser with one copy. The
//! [`State`] lies in `meta` under the number 0: names are strings, so no name can ever touch it.
//!
//! A transaction reads the state, runs the decision, issues every write without waiting for it, and commits. It waits
//! for nothing but `IndexedDB`, because the browser closes a transaction that is left idle. It is `strict`: the browser
//! has flushed it to the disk when the future is done. Two tabs, or two handles, that write at the same moment are
//! put in a row by the browser.
//!
//! An optimistic one decides on the state that this handle has last seen and issues its writes behind the read, so the
//! browser is asked once instead of twice. If the read then brings another state, all of it is taken back and the
//! decision made anew.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use indexed_db_futures::KeyRange;
use indexed_db_futures::error::{Error, UnexpectedDataError};
use indexed_db_futures::future::BasicRequest;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions, TransactionRef,
};
use indexed_db_futures::typed_array::{Uint8Array, Uint8ArraySlice};

use super::{Change, Loaded, OpenPage, Store, StoreError};
use crate::sync::state::State;
use crate::web::turn::turn;
use crate::web::{clock, online};
use connection::{Connection, Purpose};
use failure::{Failure, before_deciding, refusal};

mod connection;
mod failure;

pub use connection::Notice;

/// The database of the app where the caller has no reason for another.
pub const NAME: &str = "dianbu";

const META: &str = "meta";
const PAGES: &str = "pages";
const TAIL: &str = "tail";
const LOG: &str = "log";
const HELD: &str = "held";
const PHOTOS: &str = "photos";
const DRAWERS: [&str; 6] = [META, PAGES, TAIL, LOG, HELD, PHOTOS];

/// A slice of work in milliseconds; longer ones are felt while typing.
const SLICE_MS: u64 = 8;

/// The pages with which each portion of a start begins: small ones first, so that there is soon something to do.
const PORTIONS: [u32; 6] = [0, 2, 8, 16, 32, 64];

/// Where the state lies in `meta`.
const STATE: u32 = 0;

/// A handle on one database. Several handles, in this tab or in others, may work on it at the same time.
pub struct Idb {
    name: String,
    notify: Rc<dyn Fn(Notice)>,
    connection: RefCell<Rc<Connection>>,
    /// The state as the last transaction of this handle left it; another handle may have changed it since.
    seen: RefCell<Option<Seen>>,
    /// When the screen had its last turn, in milliseconds since 1970.
    rested: Cell<u64>,
}

/// Decides what to write, as [`Store::transact`] says.
type Decide<'a> = dyn FnMut(&mut State) -> Option<Change> + 'a;

/// A state, and the bytes that stand for it in the database.
struct Seen {
    bytes: Vec<u8>,
    state: State,
}

impl Idb {
    /// Opens the database, and makes it when it is not there.
    ///
    /// `notify` hears what the person should be told about other tabs. The future stays pending while a tab with an
    /// older version of the app holds the database; [`Notice::Blocked`] says so.
    ///
    /// Fails with [`StoreError::Newer`] when a newer version of the app has been here, and with
    /// [`StoreError::Unavailable`] when the browser has no storage for us.
    pub async fn open(name: &str, notify: impl Fn(Notice) + 'static) -> Result<Self, StoreError> {
        let notify: Rc<dyn Fn(Notice)> = Rc::new(notify);
        let connection = Connection::open(name, Purpose::Start, &notify).await?;
        Ok(Self {
            name: name.to_owned(),
            notify,
            connection: RefCell::new(Rc::new(connection)),
            seen: RefCell::default(),
            rested: Cell::default(),
        })
    }

    /// Lets go of the database until the next use, which opens it again; transactions under way finish. A page that
    /// holds no connection can be kept and brought back whole by the browser.
    pub fn disconnect(&self) {
        self.connection.borrow().close();
    }

    /// Deletes a database with everything in it. Other handles are told [`Notice::Erased`] and closed.
    pub async fn erase(name: &str) -> Result<(), StoreError> {
        connection::delete(name).await
    }

    /// The connection; a lost one is opened again.
    async fn connection(&self) -> Result<Rc<Connection>, StoreError> {
        let held = self.connection.borrow().clone();
        if held.is_retired() {
            return Err(StoreError::Closed);
        }
        if !held.is_closed() {
            return Ok(held);
        }
        let fresh = Rc::new(Connection::open(&self.name, Purpose::Return, &self.notify).await?);
        self.connection.replace(fresh.clone());
        Ok(fresh)
    }

    /// [`transact`](Store::transact), compiled once for all who decide something.
    async fn decide(&self, decide: &mut Decide<'_>) -> Result<(State, bool), StoreError> {
        self.with(async |connection| {
            let tx = writing(connection).map_err(before_deciding)?;
            let stored = answer(request_state(&tx).map_err(before_deciding)?).await?;
            let before = decode(stored.as_deref())?;
            let mut state = before.clone();
            // From here on a failure is final: the decision is made once, and dropping the transaction takes it back.
            let Some(change) = decide(&mut state) else {
                self.seen.replace(stored.map(|bytes| Seen { bytes, state: before.clone() }));
                return Ok((before, false));
            };
            let bytes = write(&tx, &mut state, &change).await?;
            commit(tx).await?;
            self.seen.replace(Some(Seen { bytes, state: state.clone() }));
            Ok((state, true))
        })
        .await
    }

    /// Decides on the state as it was last seen. `None` if that is not how it is, or nothing was decided: then nothing
    /// is written.
    async fn decide_early(&self, decide: &mut Decide<'_>) -> Result<Option<State>, StoreError> {
        let Some(Seen { bytes, mut state }) = self.seen.take() else { return Ok(None) };
        let Some(change) = decide(&mut state) else { return Ok(None) };
        let mut written = None;
        self.with(async |connection| {
            let tx = writing(connection).map_err(before_deciding)?;
            let stored = request_state(&tx).map_err(before_deciding)?;
            let (mut after, change) = (state.clone(), &change);
            let put = write(&tx, &mut after, change).await?;
            // The answer to the first request comes before those to the writes, and until those have come the browser
            // commits nothing by itself: dropping the transaction takes them back.
            if answer(stored).await?.as_deref() == Some(&*bytes) {
                commit(tx).await?;
                self.seen.replace(Some(Seen { bytes: put, state: after.clone() }));
                written = Some(after);
            }
            Ok(())
        })
        .await?;
        Ok(written)
    }

    /// What lies in a drawer under a name.
    async fn value(&self, drawer: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(async |connection| {
            let read = reading(connection, &[drawer]).map_err(before_deciding)?;
            let drawer = read.object_store(drawer).map_err(before_deciding)?;
            answer(drawer.get::<Uint8Array, _, _>(name).primitive().map_err(before_deciding)?).await
        })
        .await
    }

    /// Does `work`, and once more on a new connection when the first one turns out to be gone.
    async fn with<T>(&self, mut work: impl AsyncFnMut(&Connection) -> Result<T, Failure>) -> Result<T, StoreError> {
        let connection = self.connection().await?;
        match work(&connection).await {
            Err(Failure::Lost(_)) => {
                connection.close();
                let fresh = self.connection().await?;
                work(&fresh).await.map_err(Failure::into_refusal)
            }
            done => done.map_err(Failure::into_refusal),
        }
    }
}

impl fmt::Debug for Idb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idb").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Store for Idb {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.load_by(&mut |_, page| Ok(page)).await
    }

    async fn load_by(&self, open: &mut OpenPage<'_>) -> Result<Loaded, StoreError> {
        self.with(async |connection| {
            let read = reading(connection, &[META, PAGES, TAIL]).map_err(before_deciding)?;
            let meta = read.object_store(META).map_err(before_deciding)?;
            // All requests but one are out before the first answer is awaited: where the tail begins stands in the
            // state, whose answer comes first.
            let state = request_state(&read).map_err(before_deciding)?;
            let meta = Entries::of(&meta, Some(&names())).map_err(before_deciding)?;
            let pages = portions(&read).map_err(before_deciding)?;
            let state = decode(answer(state).await?.as_deref())?;
            let tail = tail_beyond(&read, state.base).map_err(before_deciding)?;
            let (meta, mut opened) = (meta.all().await?, Vec::new());
            for portion in pages {
                for (number, page) in portion.all().await? {
                    opened.push((number, open(number, page)?));
                    self.rest().await;
                }
            }
            Ok(Loaded { state, meta, pages: opened, tail: places(tail.all().await?) })
        })
        .await
    }

    async fn load_named(&self) -> Result<Loaded, StoreError> {
        self.with(async |connection| {
            let read = reading(connection, &[META]).map_err(before_deciding)?;
            let meta = read.object_store(META).map_err(before_deciding)?;
            let state = request_state(&read).map_err(before_deciding)?;
            let meta = Entries::of(&meta, Some(&names())).map_err(before_deciding)?;
            let state = decode(answer(state).await?.as_deref())?;
            Ok(Loaded { state, meta: meta.all().await?, ..Loaded::default() })
        })
        .await
    }

    async fn transact(
        &self,
        mut decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> Result<(State, bool), StoreError> {
        self.decide(&mut decide).await
    }

    async fn transact_optimistic(
        &self,
        mut decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> Result<(State, bool), StoreError> {
        match self.decide_early(&mut decide).await? {
            Some(state) => Ok((state, true)),
            None => self.decide(&mut decide).await,
        }
    }

    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.with(async |connection| {
            let read = reading(connection, &[TAIL]).map_err(before_deciding)?;
            Ok(places(tail_beyond(&read, lsn).map_err(before_deciding)?.all().await?))
        })
        .await
    }

    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.value(LOG, name).await
    }

    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.with(async |connection| {
            let read = reading(connection, &[HELD]).map_err(before_deciding)?;
            drawer::<String>(&read, HELD).map_err(before_deciding)?.all().await
        })
        .await
    }

    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.value(PHOTOS, name).await
    }

    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.with(async |connection| {
            let read = reading(connection, &[PHOTOS]).map_err(before_deciding)?;
            let drawer = read.object_store(PHOTOS).map_err(before_deciding)?;
            let keys = drawer.get_all_keys::<String>().primitive().map_err(before_deciding)?;
            keys.await.map_err(before_deciding)?.collect::<Result<_, Error>>().map_err(before_deciding)
        })
        .await
    }

    async fn rest(&self) {
        if clock::now_ms() >= self.rested.get() + SLICE_MS && online::is_visible() {
            turn().await;
            self.rested.set(clock::now_ms());
        }
    }
}

fn reading<'a>(connection: &'a Connection, drawers: &[&str]) -> Result<Transaction<'a>, Error> {
    connection.database().transaction(drawers).build()
}

fn writing(connection: &Connection) -> Result<Transaction<'_>, Error> {
    let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    connection.database().transaction(DRAWERS).with_mode(TransactionMode::Readwrite).with_options(strict).build()
}

/// Asks for the state.
fn request_state(tx: &TransactionRef<'_>) -> Result<BasicRequest<Option<Uint8Array>>, Error> {
    tx.object_store(META)?.get::<Uint8Array, _, _>(STATE).primitive()
}

/// The bytes of what was asked for.
async fn answer(request: BasicRequest<Option<Uint8Array>>) -> Result<Option<Vec<u8>>, Failure> {
    Ok(request.await.map_err(before_deciding)?.map(Vec::from))
}

/// Gives the batches their places and issues every write; their answers are the commit's. Returns the bytes of the state.
async fn write(tx: &TransactionRef<'_>, state: &mut State, change: &Change) -> Result<Vec<u8>, StoreError> {
    let mut issued = 0;
    let tail = tx.object_store(TAIL).map_err(refusal)?;
    for bytes in &change.tail {
        state.lsn += 1;
        put(&tail, place(state.lsn), Some(bytes), &mut issued).await?;
    }
    for (lsn, bytes) in &change.tail_anew {
        put(&tail, place(*lsn), Some(bytes), &mut issued).await?;
    }
    if let Some(upto) = change.drop_tail {
        tail.delete::<f64, _>(KeyRange::UpperBound(place(upto), false)).primitive().map_err(refusal)?;
    }
    let meta = tx.object_store(META).map_err(refusal)?;
    for (name, value) in &change.meta {
        put(&meta, name.as_str(), value.as_ref(), &mut issued).await?;
    }
    let pages = tx.object_store(PAGES).map_err(refusal)?;
    if let Some(from) = change.drop_pages {
        pages.delete::<u32, _>(KeyRange::LowerBound(from, false)).primitive().map_err(refusal)?;
    }
    for (page, bytes) in &change.pages {
        put(&pages, *page, bytes.as_ref(), &mut issued).await?;
    }
    for (drawer, objects) in [(LOG, &change.log), (HELD, &change.held), (PHOTOS, &change.photos)] {
        let drawer = tx.object_store(drawer).map_err(refusal)?;
        for (name, bytes) in objects {
            put(&drawer, name.as_str(), bytes.as_ref(), &mut issued).await?;
        }
    }
    let state = minicbor::to_vec(&*state).map_err(|error| StoreError::Other(error.to_string()))?;
    put(&meta, STATE, Some(&state), &mut issued).await?;
    Ok(state)
}

/// So many bytes are given to the browser at a time: it copies them, and the screen has a turn.
const PORTION: usize = 1 << 20;

/// Issues one put, or one delete when there is no value. It waits for the answer only to end a portion.
async fn put<K: TryToJs>(
    drawer: &ObjectStore<'_>,
    key: K,
    value: Option<&Vec<u8>>,
    issued: &mut usize,
) -> Result<(), StoreError> {
    let key = key.try_to_js().map_err(refusal)?;
    let Some(bytes) = value else { return drawer.delete(key).primitive().map(drop).map_err(refusal) };
    *issued += bytes.len();
    let bytes = Uint8ArraySlice::new(bytes).try_to_js().map_err(refusal)?;
    let request = drawer.put(bytes).with_key(key).primitive().map_err(refusal)?;
    if *issued >= PORTION {
        *issued = 0;
        request.await.map_err(refusal)?;
    }
    Ok(())
}

/// Waits until everything is on the disk.
async fn commit(tx: Transaction<'_>) -> Result<(), StoreError> {
    // A full disk shows only here, on the transaction itself, and the handle is gone after the commit.
    let handle = tx.as_sys().clone();
    tx.commit().await.map_err(|error| match (error, handle.error()) {
        (Error::MissingData(UnexpectedDataError::TransactionAborted), Some(reason)) => refusal(reason.into()),
        (error, _) => refusal(error),
    })
}

/// Keys and values of a drawer or a part of it, both on their way.
struct Entries<K> {
    keys: indexed_db_futures::future::GetAllPrimitiveRequest<K>,
    values: indexed_db_futures::future::GetAllPrimitiveRequest<Uint8Array>,
}

impl<K: TryToJs + TryFromJs> Entries<K> {
    fn of(drawer: &ObjectStore<'_>, range: Option<&KeyRange<K>>) -> Result<Self, Error> {
        let keys = drawer.get_all_keys();
        let values = drawer.get_all();
        Ok(match range {
            Some(range) => Self {
                keys: keys.with_query(range.try_to_js()?).primitive()?,
                values: values.with_query(range.try_to_js()?).primitive()?,
            },
            None => Self { keys: keys.primitive()?, values: values.primitive()? },
        })
    }

    /// The entries in the order of their keys.
    async fn all(self) -> Result<Vec<(K, Vec<u8>)>, Failure> {
        let keys = self.keys.await.map_err(before_deciding)?;
        let values = self.values.await.map_err(before_deciding)?;
        keys.zip(values)
            .map(|(key, value)| Ok((key?, value?.into())))
            .collect::<Result<_, Error>>()
            .map_err(before_deciding)
    }
}

/// The tail after a place.
fn tail_beyond(tx: &TransactionRef<'_>, lsn: u64) -> Result<Entries<f64>, Error> {
    Entries::of(&tx.object_store(TAIL)?, Some(&KeyRange::LowerBound(place(lsn), true)))
}

/// The pages in portions that are read one behind the other: while one is being opened the browser brings the next.
fn portions(tx: &TransactionRef<'_>) -> Result<Vec<Entries<u32>>, Error> {
    let drawer = tx.object_store(PAGES)?;
    let bounds = PORTIONS.iter().zip(&PORTIONS[1..]);
    let inner = bounds.map(|(from, to)| KeyRange::Bound(*from, false, *to, true));
    let last = PORTIONS.last().map(|from| KeyRange::LowerBound(*from, false));
    inner.chain(last).map(|range| Entries::of(&drawer, Some(&range))).collect()
}

fn drawer<K: TryToJs + TryFromJs>(tx: &TransactionRef<'_>, name: &str) -> Result<Entries<K>, Error> {
    Entries::of(&tx.object_store(name)?, None)
}

/// Every key that is a string.
fn names() -> KeyRange<String> {
    KeyRange::LowerBound(String::new(), false)
}

fn decode(stored: Option<&[u8]>) -> Result<State, StoreError> {
    let Some(bytes) = stored else { return Ok(State::default()) };
    minicbor::decode(bytes).map_err(|_| StoreError::Damaged("state".to_owned()))
}

/// A place as a key: `IndexedDB` has no whole numbers, and 2^53 batches are more than any device will write.
#[allow(clippy::cast_precision_loss)] // see above
fn place(lsn: u64) -> f64 {
    lsn as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // written by `place`
fn places(entries: Vec<(f64, Vec<u8>)>) -> Vec<(u64, Vec<u8>)> {
    entries.into_iter().map(|(place, bytes)| (place as u64, bytes)).collect()
}

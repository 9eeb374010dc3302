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

use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::typed_array::Uint8Array;

use super::{Change, Loaded, OpenPage, Store, StoreError};
use crate::sync::state::State;
use crate::web::turn::turn;
use crate::web::{clock, online};
use connection::{Connection, Purpose};
use failure::{Failure, before_deciding};
use read::{Entries, answer, decode, drawer, names, places, portions, reading, request_state, tail_beyond};
use write::{commit, write, writing};

mod connection;
mod failure;
mod read;
mod write;

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

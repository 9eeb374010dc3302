//! Where a book sleeps.
//!
//! Six drawers, none of them one row per record:
//!
//! | drawer | holds | key |
//! |---|---|---|
//! | `meta`  | small named values: the [`State`], the identity, the base of the checkpoint | name |
//! | `pages` | the checkpoint: packed rows | page number |
//! | `tail`  | batches of operations since the checkpoint, own and pulled, in the order they were applied here | place (lsn) |
//! | `log`   | own sealed objects, kept so that an emptied bucket can be filled again | object name |
//! | `held`  | objects of others that could not be applied, with the reason | object name |
//! | `photos` | pictures of this device and those of others that were looked at, and what is to become of them: see [`photos`] | name |
//!
//! [`locked::Locked`] seals the values on their way in, and is a store like the others.
//!
//! Everything that changes goes through [`Store::transact`]: one transaction that reads the [`State`], lets a pure
//! function change it, and writes what that function returns. Numbers are given out inside it, so two tabs can
//! write at the same moment and never use the same one.

use std::fmt;

use std::ops::Deref;

use crate::domain::role::Role;
use crate::sync::state::State;

pub mod dense;
#[cfg(target_arch = "wasm32")]
pub mod idb;
pub mod key;
pub mod locked;
pub mod memory;
pub mod photos;
pub mod pin;
pub mod seal;

/// The store of the app: the browser's database behind the device's seal.
#[cfg(target_arch = "wasm32")]
pub type Safe = locked::Locked<std::rc::Rc<idb::Idb>>;

/// Name of the checkpoint's base among the named values.
pub const META_BASE: &str = "base";

/// What one transaction writes.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Batches to append to the tail; the first gets the place after the state's `lsn` as it was, and the store
    /// moves the state's `lsn` on.
    pub tail: Vec<Vec<u8>>,
    /// Batches that take the place of entries that lie in the tail.
    pub tail_anew: Vec<(u64, Vec<u8>)>,
    /// Tail entries up to and including this place are covered by the checkpoint and go.
    pub drop_tail: Option<u64>,
    /// Named values.
    pub meta: Vec<(String, Option<Vec<u8>>)>,
    /// Pages of the checkpoint.
    pub pages: Vec<(u32, Option<Vec<u8>>)>,
    /// Pages from this number on go, before the others are written.
    pub drop_pages: Option<u32>,
    /// Own sealed objects.
    pub log: Vec<(String, Option<Vec<u8>>)>,
    /// Held objects.
    pub held: Vec<(String, Option<Vec<u8>>)>,
    /// Photos, and the marks on them.
    pub photos: Vec<(String, Option<Vec<u8>>)>,
    /// Tail and pages were [prepared](Store::prepare) by the store.
    pub prepared: bool,
}

/// Everything that a start needs.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The counters.
    pub state: State,
    /// Named values.
    pub meta: Vec<(String, Vec<u8>)>,
    /// Pages of the checkpoint, by number.
    pub pages: Vec<(u32, Vec<u8>)>,
    /// What came after it, in order: the tail beyond the state's `base`. Earlier entries that are not sealed yet stay
    /// in the store and are of no use to a start.
    pub tail: Vec<(u64, Vec<u8>)>,
}

/// Makes of a page, by its number, what it is to be in memory.
pub type OpenPage<'a> = dyn FnMut(u32, Vec<u8>) -> Result<Vec<u8>, StoreError> + 'a;

/// Where a book sleeps. All of it is strictly durable when the future is done.
pub trait Store {
    /// Reads all that a start needs in one transaction.
    fn load(&self) -> impl Future<Output = Result<Loaded, StoreError>>;

    /// The same; each page is opened when it has come, with [rests](Self::rest), while the next ones are on their way.
    fn load_by(&self, open: &mut OpenPage<'_>) -> impl Future<Output = Result<Loaded, StoreError>> {
        async {
            let mut loaded = self.load().await?;
            for (number, page) in &mut loaded.pages {
                *page = open(*number, std::mem::take(page))?;
                self.rest().await;
            }
            Ok(loaded)
        }
    }

    /// Reads the counters and the named values alone; pages and tail stay where they are and come back empty.
    fn load_named(&self) -> impl Future<Output = Result<Loaded, StoreError>> {
        async {
            let Loaded { state, meta, .. } = self.load().await?;
            Ok(Loaded { state, meta, ..Loaded::default() })
        }
    }

    /// Runs `decide` on the state inside one strictly durable read-write transaction and writes the state and what
    /// it returns; `None` writes nothing. Returns the state after it, and whether anything was written.
    fn transact(
        &self,
        decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> impl Future<Output = Result<(State, bool), StoreError>>;

    /// The same for a small change whose decision may be made twice: on the state as it was last seen here, and anew if
    /// it was another one. The last decision is the one that counts.
    fn transact_optimistic(
        &self,
        decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> impl Future<Output = Result<(State, bool), StoreError>> {
        self.transact(decide)
    }

    /// The tail after a place, in order.
    fn tail_after(&self, lsn: u64) -> impl Future<Output = Result<Vec<(u64, Vec<u8>)>, StoreError>>;

    /// An own sealed object.
    fn log(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;

    /// The held objects.
    fn held(&self) -> impl Future<Output = Result<Vec<(String, Vec<u8>)>, StoreError>>;

    /// What lies in the drawer of photos under this name.
    fn photo(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;

    /// All names in the drawer of photos.
    fn photo_names(&self) -> impl Future<Output = Result<Vec<String>, StoreError>>;

    /// Does beforehand, with [rests](Self::rest), what it would do inside the transaction with the tail and the pages of
    /// a large change. It may then be written only while the tail ends at `lsn`, unless it adds nothing to the tail.
    fn prepare(&self, lsn: u64, change: Change) -> impl Future<Output = Change> {
        let _ = lsn;
        async { change }
    }

    /// To be called between the slices of long work: whoever waits for the screen has a turn. Where there is no screen
    /// it does nothing.
    fn rest(&self) -> impl Future<Output = ()> {
        async {}
    }
}

/// A store may be shared and lent: two tabs of one device have the same one.
impl<P: Deref<Target: Store>> Store for P {
    fn load(&self) -> impl Future<Output = Result<Loaded, StoreError>> {
        (**self).load()
    }
    fn load_by(&self, open: &mut OpenPage<'_>) -> impl Future<Output = Result<Loaded, StoreError>> {
        (**self).load_by(open)
    }
    fn load_named(&self) -> impl Future<Output = Result<Loaded, StoreError>> {
        (**self).load_named()
    }
    fn transact(
        &self,
        decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> impl Future<Output = Result<(State, bool), StoreError>> {
        (**self).transact(decide)
    }
    fn transact_optimistic(
        &self,
        decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> impl Future<Output = Result<(State, bool), StoreError>> {
        (**self).transact_optimistic(decide)
    }
    fn tail_after(&self, lsn: u64) -> impl Future<Output = Result<Vec<(u64, Vec<u8>)>, StoreError>> {
        (**self).tail_after(lsn)
    }
    fn log(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> {
        (**self).log(name)
    }
    fn held(&self) -> impl Future<Output = Result<Vec<(String, Vec<u8>)>, StoreError>> {
        (**self).held()
    }
    fn photo(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> {
        (**self).photo(name)
    }
    fn photo_names(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> {
        (**self).photo_names()
    }
    fn prepare(&self, lsn: u64, change: Change) -> impl Future<Output = Change> {
        (**self).prepare(lsn, change)
    }
    fn rest(&self) -> impl Future<Output = ()> {
        (**self).rest()
    }
}

/// Why the store refused. The book in memory is unchanged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// The disk or the browser's share of it is full.
    Full,
    /// The connection was closed by the browser or by a newer version of the app in another tab: reload.
    Closed,
    /// The data was written by a newer version of the app: update.
    Newer,
    /// The browser offers no storage, as some private windows do.
    Unavailable(String),
    /// This device's role does not allow it: others would not take it in.
    NotAllowed(Role),
    /// Stored bytes cannot be read.
    Damaged(String),
    /// Anything else, in the browser's words.
    Other(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("storage full"),
            Self::Closed => f.write_str("storage connection closed"),
            Self::Newer => f.write_str("data of a newer version"),
            Self::Unavailable(why) => write!(f, "no storage: {why}"),
            Self::NotAllowed(_) => f.write_str("not allowed"),
            Self::Damaged(what) => write!(f, "damaged data: {what}"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for StoreError {}

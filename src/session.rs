//! One device at work: the book in memory, the store beneath it, and the order in which one follows the other.
//!
//! A user action is one strictly durable transaction of the store; only when it is done does the book in memory
//! change, so what a screen shows as saved is saved. Every tab of a device applies the store's tail in the same
//! order, so all of them hold the same book.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::book::erase;
use crate::book::op::MAX_OPS;
use crate::book::{Batch, Book, DevId, OpRef, RowId, RowWrite, Span, Stamp, Touched};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::store::{Change, Loaded, META_BASE, Store, StoreError};
use crate::sync::state::State;

/// Rows of one operation of a large undertaking: a unit of transfer, not of meaning.
const ROWS_PER_OP: usize = 200;
/// Operations of one tail entry.
const OPS_PER_ENTRY: usize = 20;

/// A device's book with its store.
#[derive(Debug)]
pub struct Session<S> {
    store: S,
    dev: DevId,
    book: RefCell<Book>,
    applied: Cell<u64>,
    base: Cell<u64>,
    /// How often the book was read anew: its pages are other ones since.
    readings: Cell<u64>,
    /// Operations applied since the checkpoint.
    since: Cell<u64>,
    rebuilt: Cell<u64>,
    /// Under which keys of the device it was opened.
    generation: u64,
    /// What the device may do, as the store last told.
    role: Cell<Role>,
    /// A name for what was erased and is gone from the store.
    rested: Cell<[u8; 16]>,
}

/// Who acts, when, and as part of what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Act {
    /// The device's clock, in milliseconds since 1970.
    pub now_ms: u64,
    /// The staff member at the device.
    pub by: Option<RowId>,
    /// Undertaking that can be undone as one, such as an import.
    pub batch: Option<RowId>,
}

/// What changed in the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    /// These rows.
    Rows(Touched),
    /// Possibly all of it: the book was read anew.
    All,
}

/// A saved user action.
#[derive(Clone, Debug)]
pub struct Saved {
    /// For undo.
    pub span: Span,
    /// What changed in the book, by this action and by others that came before it.
    pub changed: Changed,
}

impl<S: Store> Session<S> {
    /// Opens the book that lies in the store.
    pub fn open(store: S, dev: DevId, loaded: &Loaded) -> Result<Self, StoreError> {
        Self::start(store, dev, loaded.clone())
    }

    /// The same, keeping the pages as they are instead of a copy.
    pub fn start(store: S, dev: DevId, loaded: Loaded) -> Result<Self, StoreError> {
        let session = Self {
            store,
            dev,
            book: RefCell::default(),
            applied: Cell::default(),
            base: Cell::default(),
            readings: Cell::default(),
            since: Cell::default(),
            rebuilt: Cell::default(),
            generation: loaded.state.generation,
            role: Cell::new(loaded.state.role),
            rested: Cell::new(loaded.state.rested),
        };
        session.read(loaded)?;
        Ok(session)
    }

    fn read(&self, loaded: Loaded) -> Result<(), StoreError> {
        // Which piece, not why: the reasons of a decoder tell nobody what to do, and weigh more than the rest of this.
        let damaged = StoreError::Damaged;
        let base = loaded.meta.iter().find(|(name, _)| name == META_BASE);
        let (mut book, base) = match base {
            Some((_, base)) => Book::start(base, loaded.pages).map_err(|_| damaged("pages".to_owned()))?,
            None => (Book::default(), 0),
        };
        let (mut applied, mut since) = (base, 0);
        for (lsn, bytes) in loaded.tail.iter().filter(|(lsn, _)| *lsn > base) {
            if *lsn != applied + 1 {
                return Err(damaged(format!("place {} of the tail is missing", applied + 1)));
            }
            let batch = Batch::decode(bytes).map_err(|_| damaged(format!("place {lsn} of the tail")))?;
            since += batch.ops.len() as u64;
            book.apply(&batch);
            applied = *lsn;
        }
        self.book.replace(book);
        self.applied.set(applied);
        self.base.set(base);
        self.readings.set(self.readings.get() + 1);
        self.since.set(since);
        self.rebuilt.set(loaded.state.rebuilt);
        Ok(())
    }

    /// This device.
    pub fn dev(&self) -> DevId {
        self.dev
    }

    /// What this device may do, as far as it knows.
    pub fn role(&self) -> Role {
        self.role.get()
    }

    /// The store beneath.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Reads from the book.
    pub fn with<R>(&self, read: impl FnOnce(&Book) -> R) -> R {
        read(&self.book.borrow())
    }

    /// Saves a user action. When the future is done, it is durable and in the book.
    pub async fn save(&self, rows: &[RowWrite], act: Act) -> Result<Saved, StoreError> {
        let mut span = Span { dev: self.dev, stamps: Default::default() };
        let (mut own, mut refused) = (None, None);
        let (state, _) = self
            .store
            .transact(|state| {
                let role = state.role;
                if state.generation != self.generation {
                    refused = Some(StoreError::Closed);
                } else if rows.iter().any(|row| !role.may(row)) && Guard::RoleCheck.stands() {
                    refused = Some(StoreError::NotAllowed(role));
                }
                if refused.is_some() {
                    return None;
                }
                let ops = ops(rows, act, state);
                span.stamps = (ops.first()?.stamp, ops.last()?.stamp);
                let tail = ops.chunks(OPS_PER_ENTRY).map(|ops| Batch::encode_ops(self.dev, ops)).collect();
                own = Some((state.lsn, state.rebuilt, ops));
                Some(Change { tail, ..Change::default() })
            })
            .await?;
        self.role.set(state.role);
        if let Some(why) = refused {
            return Err(why);
        }
        let Some((before, rebuilt, ops)) = own else { return Ok(Saved { span, changed: Changed::Rows(Vec::new()) }) };
        // Another tab, or the pull of a synchronisation, may have been first: then the order is the store's.
        let in_order = before == self.applied.get() || !Guard::TailOrder.stands();
        let changed = if in_order && rebuilt == self.rebuilt.get() {
            let mut book = self.book.borrow_mut();
            self.since.set(self.since.get() + ops.len() as u64);
            let mut touched = Touched::new();
            for op in ops {
                book.apply_op(self.dev, op, &mut touched);
            }
            self.applied.set(state.lsn);
            Changed::Rows(touched)
        } else {
            self.catch_up().await?
        };
        Ok(Saved { span, changed })
    }

    /// Applies what other tabs and the synchronisation have put into the store.
    pub async fn catch_up(&self) -> Result<Changed, StoreError> {
        let (state, _) = self.store.transact(|_| None).await?;
        if state.generation != self.generation {
            // The device has another name now: whoever works under the old one has to open it anew.
            return Err(StoreError::Closed);
        }
        self.role.set(state.role);
        if state.rebuilt != self.rebuilt.get() {
            // A snapshot took the place of the pages that this book came from.
            self.read(self.store.load().await?)?;
            return Ok(Changed::All);
        }
        let tail = self.store.tail_after(self.applied.get()).await?;
        let mut touched = Touched::new();
        for (lsn, bytes) in &tail {
            if *lsn <= self.applied.get() {
                continue; // applied while the store was being read
            }
            if *lsn != self.applied.get() + 1 && Guard::TailGap.stands() {
                // The checkpoint has gone on without us.
                self.read(self.store.load().await?)?;
                return Ok(Changed::All);
            }
            let batch = Batch::decode(bytes).map_err(|_| StoreError::Damaged(format!("place {lsn} of the tail")))?;
            touched.extend(self.book.borrow_mut().apply(&batch));
            self.since.set(self.since.get() + batch.ops.len() as u64);
            self.applied.set(*lsn);
        }
        Ok(Changed::Rows(touched))
    }

    /// Operations since the checkpoint: what the next start has to apply.
    pub fn tail_length(&self) -> u64 {
        self.since.get()
    }

    /// Writes the changed pages, so that the next start has less to apply. Only the tab that synchronises calls it.
    /// Entries that the checkpoint before already covered go, once they are sealed; the newer ones stay for tabs that
    /// are behind.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.catch_up().await?;
        let (lsn, base, rebuilt, since) = (self.applied.get(), self.base.get(), self.rebuilt.get(), self.since.get());
        let mut damaged = None;
        let (checkpoint, reading) = (self.book.borrow_mut().checkpoint(lsn), self.readings.get());
        let (_, written) = self
            .store
            .transact(|state| {
                // A tab that held the pages before us may have written them: then ours are laid out differently.
                if state.base != base || state.rebuilt != rebuilt {
                    return None;
                }
                state.base = lsn;
                // A snapshot is made from these pages, and has to say how far they reach.
                let reach =
                    if state.lsn == lsn { state.sync().map(|sync| sync.reach(self.dev)) } else { Ok(BTreeMap::new()) };
                state.cover(&reach.map_err(|error| damaged = Some(error)).ok()?);
                Some(Change {
                    pages: checkpoint.pages.iter().map(|(page, bytes)| (*page, Some(bytes.clone()))).collect(),
                    meta: vec![(META_BASE.to_owned(), Some(checkpoint.base.clone()))],
                    // The last entry stays: in an empty tail a tab that slept would not see that it is behind.
                    drop_tail: Some(base.min(state.droppable()).min(lsn.saturating_sub(1))),
                    ..Change::default()
                })
            })
            .await?;
        if let Some(error) = damaged {
            return Err(error);
        }
        if written && reading == self.readings.get() {
            self.book.borrow_mut().checkpointed(checkpoint);
            self.base.set(lsn);
            self.since.set(self.since.get().saturating_sub(since));
        } else {
            self.read(self.store.load().await?)?;
        }
        Ok(())
    }

    /// Takes what was erased since the last time out of everything that lies in the store: the pages, then the tail, whose
    /// entries keep their places. Only the tab that synchronises calls it. What is sealed in our own log goes when that is
    /// cut, see protocol §6.4.
    pub async fn purge(&self) -> Result<(), StoreError> {
        if self.mark() == self.rested.get() {
            return Ok(());
        }
        self.checkpoint().await?;
        let (base, rebuilt, mark) = (self.base.get(), self.rebuilt.get(), self.mark());
        let mut anew = Vec::new();
        for (lsn, bytes) in self.store.tail_after(0).await? {
            let batch = Batch::decode(&bytes).map_err(|_| StoreError::Damaged(format!("place {lsn} of the tail")));
            let mut batch = batch?;
            if self.book.borrow().redact(&mut batch) {
                anew.push((lsn, batch.encode()));
            }
        }
        let purge = |state: &mut State| {
            // What the pages do not cover yet may bring more, and what another tab dropped must not come back.
            if state.lsn != base || state.base != base || state.rebuilt != rebuilt {
                return None;
            }
            state.rested = mark;
            Some(Change { tail_anew: anew.clone(), ..Change::default() })
        };
        if self.store.transact(purge).await?.1 {
            self.rested.set(mark);
        }
        Ok(())
    }

    /// A name for what is erased in the book, zero for nothing.
    fn mark(&self) -> [u8; 16] {
        self.with(|book| erase::mark(book.erased())).unwrap_or_default()
    }
}

/// Gives the operations their numbers and stamps.
fn ops<'a>(rows: &'a [RowWrite], act: Act, state: &mut State) -> Vec<OpRef<'a>> {
    debug_assert!((OPS_PER_ENTRY as u64) < MAX_OPS, "an entry is within the limits of a batch");
    let now = state.now(act.now_ms);
    let op = |rows| {
        state.opn += 1;
        let last = if Guard::Monotonic.stands() { state.stamp } else { Stamp::default() };
        state.stamp = last.next(now);
        OpRef { opn: state.opn, stamp: state.stamp, by: act.by, batch: act.batch, rows }
    };
    rows.chunks(ROWS_PER_OP).map(op).collect()
}

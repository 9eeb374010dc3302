//! One device at work: the book in memory, the store beneath it, and the order in which one follows the other.
//!
//! A user action is one strictly durable transaction of the store; only when it is done does the book in memory
//! change, so what a screen shows as saved is saved. Every tab of a device applies the store's tail in the same
//! order, so all of them hold the same book.

mod photos;
mod plan;
mod purge;
mod reading;

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use self::plan::{Plan, ops};
use self::reading::Reading;
use crate::book::{Batch, Book, DevId, Op, OpRef, RowId, RowWrite, Span, Touched};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::store::{Change, Loaded, META_BASE, Store, StoreError};
use crate::sync::state::State;

/// Rows of one operation of a large undertaking: a unit of transfer, not of meaning.
const ROWS_PER_OP: usize = 200;
/// Operations of one tail entry.
const OPS_PER_ENTRY: usize = 20;

/// How often a checkpoint catches up with somebody who goes on writing.
const TRIES: u8 = 3;

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
        let session = Self::closed(store, dev, &loaded.state);
        let mut reading = Reading::new(loaded.clone())?;
        while reading.step()? {}
        session.put(reading);
        Ok(session)
    }

    /// The same with rests, keeping the pages as they are instead of a copy.
    pub async fn start(store: S, dev: DevId, loaded: Loaded) -> Result<Self, StoreError> {
        let session = Self::closed(store, dev, &loaded.state);
        let mut reading = Reading::new(loaded)?;
        while reading.step()? {
            session.store.rest().await;
        }
        session.put(reading);
        Ok(session)
    }

    /// Before its book is read.
    fn closed(store: S, dev: DevId, state: &State) -> Self {
        Self {
            store,
            dev,
            book: RefCell::default(),
            applied: Cell::default(),
            base: Cell::default(),
            readings: Cell::default(),
            since: Cell::default(),
            rebuilt: Cell::default(),
            generation: state.generation,
            role: Cell::new(state.role),
            rested: Cell::new(state.rested),
        }
    }

    /// Reads the book anew, beside the one in use, which serves until then.
    async fn read(&self) -> Result<(), StoreError> {
        let mut reading = Reading::new(self.store.load().await?)?;
        loop {
            while reading.step()? {
                self.store.rest().await;
            }
            // What was saved meanwhile went into the book in use.
            let more = self.store.tail_after(reading.applied).await?;
            if more.is_empty() {
                break;
            }
            reading.tail = more.into_iter();
        }
        self.put(reading);
        Ok(())
    }

    fn put(&self, Reading { book, base, applied, since, rebuilt, .. }: Reading) {
        self.book.replace(book);
        self.applied.set(applied);
        self.base.set(base);
        self.readings.set(self.readings.get() + 1);
        self.since.set(since);
        self.rebuilt.set(rebuilt);
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
        let mut plan = if rows.len() > ROWS_PER_OP * OPS_PER_ENTRY { self.plan(rows, act).await? } else { None };
        let decide = |state: &mut State| {
            own = None;
            refused = self.refusal(rows, state);
            if refused.is_some() {
                return None;
            }
            let before = state.clone();
            let ops = ops(rows, act, state);
            span.stamps = (ops.first()?.stamp, ops.last()?.stamp);
            let change = plan.take().filter(|plan| plan.fits(&before)).map(|plan| plan.change);
            let tail = || ops.chunks(OPS_PER_ENTRY).map(|ops| Batch::encode_ops(self.dev, ops)).collect();
            let change = change.unwrap_or_else(|| Change { tail: tail(), ..Change::default() });
            let change = Change { photos: photos::owed(rows, state), ..change };
            own = Some((before.lsn, before.rebuilt, ops));
            Some(change)
        };
        let (state, _) = if rows.len() <= ROWS_PER_OP {
            self.store.transact_optimistic(decide).await?
        } else {
            self.store.transact(decide).await?
        };
        self.role.set(state.role);
        if let Some(why) = refused {
            return Err(why);
        }
        let Some((before, rebuilt, ops)) = own else { return Ok(Saved { span, changed: Changed::Rows(Vec::new()) }) };
        // Another tab, or the pull of a synchronisation, may have been first: then the order is the store's.
        let in_order = before == self.applied.get() || !Guard::TailOrder.stands();
        let changed = if in_order && rebuilt == self.rebuilt.get() {
            self.apply_own(&ops, before).await?
        } else {
            self.catch_up().await?
        };
        Ok(Saved { span, changed })
    }

    /// Why it may not be saved.
    fn refusal(&self, rows: &[RowWrite], state: &State) -> Option<StoreError> {
        if state.generation != self.generation {
            Some(StoreError::Closed)
        } else if rows.iter().any(|row| !state.role.may(row)) && Guard::RoleCheck.stands() {
            Some(StoreError::NotAllowed(state.role))
        } else {
            None
        }
    }

    /// Encodes and prepares a large undertaking before its transaction; none if it will be refused there.
    async fn plan(&self, rows: &[RowWrite], act: Act) -> Result<Option<Plan>, StoreError> {
        let (before, _) = self.store.transact(|_| None).await?;
        if self.refusal(rows, &before).is_some() {
            return Ok(None);
        }
        let (mut after, mut tail) = (before.clone(), Vec::new());
        for rows in rows.chunks(ROWS_PER_OP * OPS_PER_ENTRY) {
            tail.push(Batch::encode_ops(self.dev, &ops(rows, act, &mut after)));
            self.store.rest().await;
        }
        let change = self.store.prepare(before.lsn, Change { tail, ..Change::default() }).await;
        Ok(Some(Plan { before, change }))
    }

    /// Applies own operations that the store has put behind the place `lsn` of the tail.
    async fn apply_own(&self, ops: &[OpRef<'_>], lsn: u64) -> Result<Changed, StoreError> {
        let mut touched = Touched::new();
        for (n, (entry, lsn)) in ops.chunks(OPS_PER_ENTRY).zip(lsn..).enumerate() {
            if n > 0 {
                self.store.rest().await;
            }
            if lsn != self.applied.get() && Guard::TailOrder.stands() {
                // Somebody else had a turn meanwhile and has applied it, or read the book anew.
                return match self.catch_up().await? {
                    Changed::All => Ok(Changed::All),
                    Changed::Rows(rest) => {
                        touched.extend(rest);
                        touched.extend(ops.iter().flat_map(|op| op.rows).map(|row| (row.kind, row.id)));
                        Ok(Changed::Rows(touched))
                    }
                };
            }
            {
                let mut book = self.book.borrow_mut();
                for op in entry {
                    book.apply_op(self.dev, *op, &mut touched);
                }
            }
            self.since.set(self.since.get() + entry.len() as u64);
            self.applied.set(lsn + 1);
        }
        Ok(Changed::Rows(touched))
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
            self.read().await?;
            return Ok(Changed::All);
        }
        let tail = self.store.tail_after(self.applied.get()).await?.into_iter();
        let batch = |lsn, bytes: &[u8]| {
            Batch::decode(bytes).map_err(|_| StoreError::Damaged(format!("place {lsn} of the tail")))
        };
        self.apply_tail(&mut tail.map(|(lsn, bytes)| (lsn, batch(lsn, &bytes)))).await
    }

    /// Applies what somebody else has just put at the end of the tail, and still holds, without reading it back. The state
    /// is that after it. What does not follow here is left to [`catch_up`](Self::catch_up).
    pub async fn follow(&self, state: &State, batches: &[Batch]) -> Result<Changed, StoreError> {
        let before = state.lsn.saturating_sub(batches.len() as u64);
        let here = (self.generation, self.rebuilt.get(), self.applied.get());
        if (state.generation, state.rebuilt, before) != here {
            return Ok(Changed::Rows(Touched::new()));
        }
        self.apply_tail(&mut (before + 1..).zip(batches.iter().map(Ok))).await
    }

    /// Applies entries of the tail, with their places, with rests.
    async fn apply_tail<B: Borrow<Batch>>(
        &self,
        tail: &mut dyn Iterator<Item = (u64, Result<B, StoreError>)>,
    ) -> Result<Changed, StoreError> {
        let (mut touched, readings) = (Touched::new(), self.readings.get());
        for (lsn, batch) in tail {
            if lsn <= self.applied.get() {
                continue; // applied while the store was being read
            }
            if lsn != self.applied.get() + 1 && Guard::TailGap.stands() {
                // The checkpoint has gone on without us.
                self.read().await?;
                return Ok(Changed::All);
            }
            let batch = batch?;
            let batch = batch.borrow();
            for op in batch.ops.iter().map(Op::as_ref) {
                if touched.len() >= ROWS_PER_OP {
                    self.store.rest().await;
                }
                if readings != self.readings.get() {
                    return Ok(Changed::All);
                }
                self.book.borrow_mut().apply_op(batch.dev, op, &mut touched);
            }
            if lsn > self.applied.get() {
                self.since.set(self.since.get() + batch.ops.len() as u64);
                self.applied.set(lsn);
            }
        }
        Ok(Changed::Rows(touched))
    }

    /// Counts new rows into the digest of the book, with rests: before whoever needs it waits for all of them at once.
    pub async fn count(&self) {
        while self.book.borrow_mut().count_some() {
            self.store.rest().await;
        }
    }

    /// Operations since the checkpoint: what the next start has to apply.
    pub fn tail_length(&self) -> u64 {
        self.since.get()
    }

    /// Writes the changed pages, so that the next start has less to apply. Only the tab that synchronises calls it.
    /// Entries that the checkpoint before already covered go, once they are sealed; the newer ones stay for tabs that
    /// are behind.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.count().await;
        // How far the pages reach is known as long as nothing was written behind what is applied here.
        let mut reach = BTreeMap::new();
        for _ in 0..TRIES {
            self.catch_up().await?;
            let (state, _) = self.store.transact(|_| None).await?;
            if state.lsn == self.applied.get() && state.rebuilt == self.rebuilt.get() {
                reach = state.sync()?.reach(self.dev);
                break;
            }
        }
        let (lsn, base, rebuilt, since) = (self.applied.get(), self.base.get(), self.rebuilt.get(), self.since.get());
        let (checkpoint, reading) = (self.book.borrow_mut().checkpoint(lsn), self.readings.get());
        let pages = checkpoint.pages.iter().map(|(page, bytes)| (*page, Some(bytes.clone()))).collect();
        let mut prepared = Some(self.store.prepare(lsn, Change { pages, ..Change::default() }).await);
        let (_, written) = self
            .store
            .transact(|state| {
                // A tab that held the pages before us may have written them: then ours are laid out differently.
                if state.base != base || state.rebuilt != rebuilt {
                    return None;
                }
                state.base = lsn;
                // A snapshot is made from these pages, and has to say how far they reach.
                state.cover(&reach);
                Some(Change {
                    meta: vec![(META_BASE.to_owned(), Some(checkpoint.base.clone()))],
                    // The last entry stays: in an empty tail a tab that slept would not see that it is behind.
                    drop_tail: Some(base.min(state.droppable()).min(lsn.saturating_sub(1))),
                    ..prepared.take()?
                })
            })
            .await?;
        if written && reading == self.readings.get() {
            self.book.borrow_mut().checkpointed(checkpoint);
            self.base.set(lsn);
            self.since.set(self.since.get().saturating_sub(since));
        } else {
            self.read().await?;
        }
        Ok(())
    }
}

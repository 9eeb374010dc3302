//! Taking what was erased out of everything that lies on the device.

use super::Session;
use crate::book::{Batch, erase};
use crate::store::{Change, Store, StoreError};
use crate::sync::state::State;

impl<S: Store> Session<S> {
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
        let photos = self.orphans().await?;
        let purge = |state: &mut State| {
            // What the pages do not cover yet may bring more, and what another tab dropped must not come back.
            if state.lsn != base || state.base != base || state.rebuilt != rebuilt {
                return None;
            }
            state.rested = mark;
            Some(Change { tail_anew: anew.clone(), photos: photos.clone(), ..Change::default() })
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

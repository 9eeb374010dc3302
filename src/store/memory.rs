//! A store in memory: the twin that tests and the command line use. It passes the same contract as the browser's.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Change, Loaded, Store, StoreError};
use crate::sync::state::State;

/// A store that lasts as long as the value. A clone of it is what a copied profile folder is.
#[derive(Clone, Debug, Default)]
pub struct Memory(RefCell<Drawers>);

#[derive(Clone, Debug, Default)]
struct Drawers {
    state: State,
    meta: BTreeMap<String, Vec<u8>>,
    pages: BTreeMap<u32, Vec<u8>>,
    tail: BTreeMap<u64, Vec<u8>>,
    log: BTreeMap<String, Vec<u8>>,
    held: BTreeMap<String, Vec<u8>>,
    photos: BTreeMap<String, Vec<u8>>,
}

fn put<K: Ord>(drawer: &mut BTreeMap<K, Vec<u8>>, changes: Vec<(K, Option<Vec<u8>>)>) {
    for (key, value) in changes {
        match value {
            Some(value) => drawer.insert(key, value),
            None => drawer.remove(&key),
        };
    }
}

impl Store for Memory {
    async fn load(&self) -> Result<Loaded, StoreError> {
        let drawers = self.0.borrow();
        Ok(Loaded {
            state: drawers.state.clone(),
            meta: drawers.meta.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            pages: drawers.pages.iter().map(|(page, bytes)| (*page, bytes.clone())).collect(),
            tail: drawers.tail.range(drawers.state.base + 1..).map(|(lsn, bytes)| (*lsn, bytes.clone())).collect(),
        })
    }

    async fn transact(
        &self,
        mut decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> Result<(State, bool), StoreError> {
        let mut drawers = self.0.borrow_mut();
        let mut state = drawers.state.clone();
        let Some(change) = decide(&mut state) else { return Ok((drawers.state.clone(), false)) };
        for bytes in change.tail {
            state.lsn += 1;
            drawers.tail.insert(state.lsn, bytes);
        }
        drawers.tail.extend(change.tail_anew);
        if let Some(upto) = change.drop_tail {
            drawers.tail.retain(|lsn, _| *lsn > upto);
        }
        put(&mut drawers.meta, change.meta);
        if let Some(from) = change.drop_pages {
            drawers.pages.retain(|page, _| *page < from);
        }
        put(&mut drawers.pages, change.pages);
        put(&mut drawers.log, change.log);
        put(&mut drawers.held, change.held);
        put(&mut drawers.photos, change.photos);
        drawers.state = state.clone();
        Ok((state, true))
    }

    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        Ok(self.0.borrow().tail.range(lsn + 1..).map(|(lsn, bytes)| (*lsn, bytes.clone())).collect())
    }

    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.borrow().log.get(name).cloned())
    }

    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        Ok(self.0.borrow().held.iter().map(|(name, bytes)| (name.clone(), bytes.clone())).collect())
    }

    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.borrow().photos.get(name).cloned())
    }

    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.0.borrow().photos.keys().cloned().collect())
    }
}

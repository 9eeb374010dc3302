//! A store whose values are sealed: it stands between whoever knows the book and a store that lies open to anybody who
//! has the device.
//!
//! | drawer | at rest |
//! |---|---|
//! | `meta` | sealed, but for the [key record](super::key) and the count of wrong attempts at it |
//! | `pages`, `tail` | [made dense](super::dense) and sealed |
//! | `held`, `photos` | sealed |
//! | `log` | as it is: the protocol has sealed these objects, and their keys lie in `meta` |
//!
//! The [`State`] stays readable: it holds counters, ids of devices and hashes.

use std::fmt::Display;
use std::sync::Arc;

use super::key::is_clear;
use super::seal::{Seal, place};
use super::{Change, Loaded, Store, StoreError, dense};
use crate::sync::state::State;

const META: &str = "meta";
const PAGES: &str = "pages";
const TAIL: &str = "tail";
const HELD: &str = "held";
const PHOTOS: &str = "photos";

/// A store behind a seal.
#[derive(Clone, Debug)]
pub struct Locked<S> {
    store: S,
    seal: Arc<Seal>,
}

/// The key of a value in its drawer, as the seal binds it: names as they are, numbers big-endian.
trait Key: Display {
    fn bytes(&self) -> impl AsRef<[u8]>;
}

impl Key for String {
    fn bytes(&self) -> impl AsRef<[u8]> {
        self.as_bytes()
    }
}

impl Key for u32 {
    fn bytes(&self) -> impl AsRef<[u8]> {
        self.to_be_bytes()
    }
}

impl Key for u64 {
    fn bytes(&self) -> impl AsRef<[u8]> {
        self.to_be_bytes()
    }
}

impl<S> Locked<S> {
    /// Puts a seal before a store.
    pub fn new(store: S, seal: Arc<Seal>) -> Self {
        Self { store, seal }
    }

    /// The store beneath, where everything lies as it is at rest.
    pub fn beneath(&self) -> &S {
        &self.store
    }

    /// The seal, for what is kept elsewhere on the device.
    pub fn seal(&self) -> &Arc<Seal> {
        &self.seal
    }

    fn sealed<K: Key>(&self, drawer: &str, key: &K, value: Vec<u8>) -> Vec<u8> {
        self.seal.seal(&place(drawer, key.bytes().as_ref()), value)
    }

    fn opened<K: Key>(&self, drawer: &str, key: &K, value: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let opened = self.seal.open(&place(drawer, key.bytes().as_ref()), value);
        opened.ok_or_else(|| StoreError::Damaged(format!("{drawer} {key}")))
    }

    fn sealed_dense<K: Key>(&self, drawer: &str, key: &K, value: Vec<u8>) -> Vec<u8> {
        self.sealed(drawer, key, dense::pack(value))
    }

    fn opened_dense<K: Key>(&self, drawer: &str, key: &K, value: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        dense::unpack(self.opened(drawer, key, value)?).ok_or_else(|| StoreError::Damaged(format!("{drawer} {key}")))
    }

    fn seal_all<K: Key>(&self, drawer: &str, entries: &mut [(K, Option<Vec<u8>>)]) {
        for (key, value) in entries {
            *value = value.take().map(|value| self.sealed(drawer, key, value));
        }
    }

    /// `lsn` is the last place of the tail before the change.
    fn seal_tail(&self, lsn: u64, tail: &mut [Vec<u8>]) {
        for (place, value) in (lsn + 1..).zip(tail) {
            *value = self.sealed_dense(TAIL, &place, std::mem::take(value));
        }
    }

    fn seal_pages(&self, pages: &mut [(u32, Option<Vec<u8>>)]) {
        for (number, value) in pages {
            *value = value.take().map(|value| self.sealed_dense(PAGES, number, value));
        }
    }

    /// Seals what is decided.
    fn sealing(
        &self,
        mut decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> impl FnMut(&mut State) -> Option<Change> {
        move |state| {
            let mut change = decide(state)?;
            self.seal_change(state.lsn, &mut change);
            Some(change)
        }
    }

    fn seal_change(&self, lsn: u64, change: &mut Change) {
        if !change.prepared {
            self.seal_tail(lsn, &mut change.tail);
            self.seal_pages(&mut change.pages);
        }
        for (place, value) in &mut change.tail_anew {
            *value = self.sealed_dense(TAIL, place, std::mem::take(value));
        }
        for (name, value) in change.meta.iter_mut().filter(|(name, _)| !is_clear(name)) {
            *value = value.take().map(|value| self.sealed(META, name, value));
        }
        self.seal_all(HELD, &mut change.held);
        self.seal_all(PHOTOS, &mut change.photos);
    }
}

impl<S: Store> Locked<S> {
    async fn open_tail(&self, tail: &mut [(u64, Vec<u8>)]) -> Result<(), StoreError> {
        for (place, value) in tail {
            *value = self.opened_dense(TAIL, place, std::mem::take(value))?;
            self.store.rest().await;
        }
        Ok(())
    }

    /// Opens all but the pages.
    async fn open_loaded(&self, mut loaded: Loaded) -> Result<Loaded, StoreError> {
        for (name, value) in loaded.meta.iter_mut().filter(|(name, _)| !is_clear(name)) {
            *value = self.opened(META, name, std::mem::take(value))?;
        }
        self.open_tail(&mut loaded.tail).await?;
        Ok(loaded)
    }
}

impl<S: Store> Store for Locked<S> {
    async fn load(&self) -> Result<Loaded, StoreError> {
        let mut open = |number, page| self.opened_dense(PAGES, &number, page);
        self.open_loaded(self.store.load_by(&mut open).await?).await
    }

    async fn load_named(&self) -> Result<Loaded, StoreError> {
        self.open_loaded(self.store.load_named().await?).await
    }

    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        self.store.transact(self.sealing(decide)).await
    }

    async fn transact_optimistic(
        &self,
        decide: impl FnMut(&mut State) -> Option<Change>,
    ) -> Result<(State, bool), StoreError> {
        self.store.transact_optimistic(self.sealing(decide)).await
    }

    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let mut tail = self.store.tail_after(lsn).await?;
        self.open_tail(&mut tail).await?;
        Ok(tail)
    }

    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.log(name).await
    }

    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let mut held = self.store.held().await?;
        for (name, value) in &mut held {
            *value = self.opened(HELD, name, std::mem::take(value))?;
            self.store.rest().await;
        }
        Ok(held)
    }

    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let photo = self.store.photo(name).await?;
        photo.map(|value| self.opened(PHOTOS, &name.to_owned(), value)).transpose()
    }

    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.store.photo_names().await
    }

    async fn prepare(&self, lsn: u64, mut change: Change) -> Change {
        for (place, value) in (lsn..).zip(&mut change.tail) {
            self.seal_tail(place, std::slice::from_mut(value));
            self.store.rest().await;
        }
        for page in &mut change.pages {
            self.seal_pages(std::slice::from_mut(page));
            self.store.rest().await;
        }
        change.prepared = true;
        change
    }

    async fn rest(&self) {
        self.store.rest().await;
    }
}

//! The transaction that writes.

use indexed_db_futures::KeyRange;
use indexed_db_futures::error::{Error, UnexpectedDataError};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::primitive::TryToJs;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions, TransactionRef,
};
use indexed_db_futures::typed_array::Uint8ArraySlice;

use super::connection::Connection;
use super::failure::refusal;
use super::read::place;
use super::{DRAWERS, HELD, LOG, META, PAGES, PHOTOS, STATE, TAIL};
use crate::store::{Change, StoreError};
use crate::sync::state::State;

/// So many bytes are given to the browser at a time: it copies them, and the screen has a turn.
const PORTION: usize = 1 << 20;

pub(super) fn writing(connection: &Connection) -> Result<Transaction<'_>, Error> {
    let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    connection.database().transaction(DRAWERS).with_mode(TransactionMode::Readwrite).with_options(strict).build()
}

/// Gives the batches their places and issues every write; their answers are the commit's. Returns the bytes of the state.
pub(super) async fn write(tx: &TransactionRef<'_>, state: &mut State, change: &Change) -> Result<Vec<u8>, StoreError> {
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
pub(super) async fn commit(tx: Transaction<'_>) -> Result<(), StoreError> {
    // A full disk shows only here, on the transaction itself, and the handle is gone after the commit.
    let handle = tx.as_sys().clone();
    tx.commit().await.map_err(|error| match (error, handle.error()) {
        (Error::MissingData(UnexpectedDataError::TransactionAborted), Some(reason)) => refusal(reason.into()),
        (error, _) => refusal(error),
    })
}

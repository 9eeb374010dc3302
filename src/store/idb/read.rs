//! Transactions that read, and what is asked for in any of them.

use indexed_db_futures::KeyRange;
use indexed_db_futures::error::Error;
use indexed_db_futures::future::{BasicRequest, GetAllPrimitiveRequest};
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use indexed_db_futures::transaction::{Transaction, TransactionRef};
use indexed_db_futures::typed_array::Uint8Array;

use super::connection::Connection;
use super::failure::{Failure, before_deciding};
use super::{META, PAGES, STATE, TAIL};
use crate::store::StoreError;
use crate::sync::state::State;

/// The pages with which each portion of a start begins: small ones first, so that there is soon something to do.
const PORTIONS: [u32; 6] = [0, 2, 8, 16, 32, 64];

pub(super) fn reading<'a>(connection: &'a Connection, drawers: &[&str]) -> Result<Transaction<'a>, Error> {
    connection.database().transaction(drawers).build()
}

/// Asks for the state.
pub(super) fn request_state(tx: &TransactionRef<'_>) -> Result<BasicRequest<Option<Uint8Array>>, Error> {
    tx.object_store(META)?.get::<Uint8Array, _, _>(STATE).primitive()
}

/// The bytes of what was asked for.
pub(super) async fn answer(request: BasicRequest<Option<Uint8Array>>) -> Result<Option<Vec<u8>>, Failure> {
    Ok(request.await.map_err(before_deciding)?.map(Vec::from))
}

/// Keys and values of a drawer or a part of it, both on their way.
pub(super) struct Entries<K> {
    keys: GetAllPrimitiveRequest<K>,
    values: GetAllPrimitiveRequest<Uint8Array>,
}

impl<K: TryToJs + TryFromJs> Entries<K> {
    pub(super) fn of(drawer: &ObjectStore<'_>, range: Option<&KeyRange<K>>) -> Result<Self, Error> {
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
    pub(super) async fn all(self) -> Result<Vec<(K, Vec<u8>)>, Failure> {
        let keys = self.keys.await.map_err(before_deciding)?;
        let values = self.values.await.map_err(before_deciding)?;
        keys.zip(values)
            .map(|(key, value)| Ok((key?, value?.into())))
            .collect::<Result<_, Error>>()
            .map_err(before_deciding)
    }
}

/// The tail after a place.
pub(super) fn tail_beyond(tx: &TransactionRef<'_>, lsn: u64) -> Result<Entries<f64>, Error> {
    Entries::of(&tx.object_store(TAIL)?, Some(&KeyRange::LowerBound(place(lsn), true)))
}

/// The pages in portions that are read one behind the other: while one is being opened the browser brings the next.
pub(super) fn portions(tx: &TransactionRef<'_>) -> Result<Vec<Entries<u32>>, Error> {
    let drawer = tx.object_store(PAGES)?;
    let bounds = PORTIONS.iter().zip(&PORTIONS[1..]);
    let inner = bounds.map(|(from, to)| KeyRange::Bound(*from, false, *to, true));
    let last = PORTIONS.last().map(|from| KeyRange::LowerBound(*from, false));
    inner.chain(last).map(|range| Entries::of(&drawer, Some(&range))).collect()
}

pub(super) fn drawer<K: TryToJs + TryFromJs>(tx: &TransactionRef<'_>, name: &str) -> Result<Entries<K>, Error> {
    Entries::of(&tx.object_store(name)?, None)
}

/// Every key that is a string.
pub(super) fn names() -> KeyRange<String> {
    KeyRange::LowerBound(String::new(), false)
}

pub(super) fn decode(stored: Option<&[u8]>) -> Result<State, StoreError> {
    let Some(bytes) = stored else { return Ok(State::default()) };
    minicbor::decode(bytes).map_err(|_| StoreError::Damaged("state".to_owned()))
}

/// A place as a key: `IndexedDB` has no whole numbers, and 2^53 batches are more than any device will write.
#[allow(clippy::cast_precision_loss)] // see above
pub(super) fn place(lsn: u64) -> f64 {
    lsn as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // written by `place`
pub(super) fn places(entries: Vec<(f64, Vec<u8>)>) -> Vec<(u64, Vec<u8>)> {
    entries.into_iter().map(|(place, bytes)| (place as u64, bytes)).collect()
}

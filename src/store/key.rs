//! The key record: the one value that a start reads before anything can be opened.
//!
//! It holds the data key, bare on a device without a lock, else wrapped by what the person types. Setting, changing and
//! taking away the lock write this record anew and nothing else. Without it nothing on the device can be read.

use minicbor::{Decode, Encode};

use super::StoreError;
use super::seal::DataKey;
use crate::sync::wire::to_bytes;

/// Name of the key record among the named values.
pub const META_KEY: &str = "key";
/// Name of the count of wrong attempts.
pub const META_TRIES: &str = "tries";

/// Whether a named value lies open, because it is read before anything can be opened.
pub fn is_clear(name: &str) -> bool {
    name == META_KEY || name == META_TRIES
}

/// The data key as it lies in the store.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum KeyRecord {
    /// For everybody who has the device.
    #[n(0)]
    Bare(#[n(0)] DataKey),
    /// For whoever knows the PIN; [`pin`](super::pin) opens it.
    #[n(1)]
    Wrapped(#[n(0)] Wrap),
}

/// A data key that a PIN opens: sealed under the key that Argon2id (version 1.3) derives from it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Wrap {
    /// The PIN is digits alone, which is told so that a phone shows the right keyboard.
    #[n(0)]
    pub digits: bool,
    /// Memory of the derivation, in KiB.
    #[n(1)]
    pub memory_kib: u32,
    /// Its passes.
    #[n(2)]
    pub passes: u32,
    /// Its lanes.
    #[n(3)]
    pub lanes: u32,
    /// Its salt.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// The data key, [sealed](super::seal) for the place `key` in `meta`.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// Wrong attempts in a row, kept across restarts so that starting anew does not give new ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Tries {
    /// How many.
    #[n(0)]
    pub wrong: u32,
    /// When the last one was, in milliseconds since 1970 by the device's clock.
    #[n(1)]
    pub at_ms: u64,
}

impl KeyRecord {
    /// The record among the named values; none on a device where nothing was ever written.
    pub fn of(meta: &[(String, Vec<u8>)]) -> Result<Option<Self>, StoreError> {
        let Some((_, bytes)) = meta.iter().find(|(name, _)| name == META_KEY) else { return Ok(None) };
        minicbor::decode(bytes).map(Some).map_err(|_| StoreError::Damaged(META_KEY.to_owned()))
    }

    /// The record as a named value.
    pub fn entry(&self) -> (String, Option<Vec<u8>>) {
        (META_KEY.to_owned(), Some(to_bytes(self)))
    }
}

impl Tries {
    /// The count among the named values.
    pub fn of(meta: &[(String, Vec<u8>)]) -> Result<Self, StoreError> {
        let Some((_, bytes)) = meta.iter().find(|(name, _)| name == META_TRIES) else { return Ok(Self::default()) };
        minicbor::decode(bytes).map_err(|_| StoreError::Damaged(META_TRIES.to_owned()))
    }

    /// The count as a named value; none when nothing was wrong since the last right attempt.
    pub fn entry(&self) -> (String, Option<Vec<u8>>) {
        (META_TRIES.to_owned(), (self.wrong > 0).then(|| to_bytes(self)))
    }
}

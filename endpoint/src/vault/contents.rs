//! What lies in a place, while devices may go on writing there.

use std::collections::BTreeMap;

use dianbu::remote::{Bucket, Entry, RemoteError};
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::object::MAX_OBJECT;

use super::VaultError;
use super::place::{Place, list_all};

/// An object, or what keeps it from being read. None if it was listed and is gone meanwhile, as old snapshots and packed
/// segments go.
pub(super) type Found = Option<Result<Vec<u8>, Fault>>;

/// Names, and the heads as they were before the names were listed: all that they promise is among the names.
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    heads: BTreeMap<String, Found>,
}

impl Contents {
    /// Lists a place.
    pub(super) async fn list(place: &Place) -> Result<Self, VaultError> {
        let mut heads = BTreeMap::new();
        for entry in list_all(place, "").await? {
            if let Some(Name::Head(..)) = Name::parse(&entry.name) {
                let head = fetch(place, &entry).await?;
                heads.insert(entry.name, head);
            }
        }
        Ok(Self { entries: list_all(place, "").await?, heads })
    }

    /// The object of an entry.
    pub(super) async fn read(&self, place: &Place, entry: &Entry) -> Result<Found, VaultError> {
        match self.heads.get(&entry.name) {
            Some(head) => Ok(head.clone()),
            None => fetch(place, entry).await,
        }
    }

    /// Entries that are objects, heads apart from all others.
    pub(super) fn split(&self) -> (Named<'_>, Named<'_>) {
        let named = self.entries.iter().filter_map(|entry| Some((Name::parse(&entry.name)?, entry)));
        named.partition(|(name, _)| matches!(name, Name::Head(..)))
    }
}

/// Entries with their names as objects.
pub(super) type Named<'e> = Vec<(Name, &'e Entry)>;

async fn fetch(place: &Place, entry: &Entry) -> Result<Found, VaultError> {
    if entry.size > MAX_OBJECT as u64 {
        return Ok(Some(Err(Fault::TooLarge)));
    }
    match place.get(&entry.name).await {
        Ok(object) => Ok(Some(Ok(object.bytes))),
        Err(RemoteError::NotFound) => Ok(None),
        Err(RemoteError::TooLarge) => Ok(Some(Err(Fault::TooLarge))),
        Err(error @ (RemoteError::Offline | RemoteError::Denied(_))) => Err(error.into()),
        Err(_) => Ok(Some(Err(Fault::Refused))),
    }
}

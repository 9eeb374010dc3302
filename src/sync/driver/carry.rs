//! Changes carried by hand: where there is no network, what a device has not shared yet goes as a file to another one.
//!
//! The file holds the device's own objects as they would be put: sealed and signed, so that nobody but members can read it
//! and nobody can alter it. Whoever reads it checks them like those of a bucket; the device itself puts the very same
//! objects when it is back.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{Moment, photos, run};
use crate::book::PhotoRef;
use crate::remote::memory::Memory;
use crate::store::photos::Lying;
use crate::store::{Store, StoreError};
use crate::sync::engine::Engine;
use crate::sync::photo;
use crate::sync::report::Report;
use crate::sync::wire;

/// What such a file holds.
#[derive(Encode, Decode)]
#[cbor(array)]
struct File {
    /// 1.
    #[n(0)]
    version: u8,
    /// Names and objects.
    #[n(1)]
    objects: Vec<(String, ByteVec)>,
}

const VERSION: u8 = 1;

/// Why a file was not taken in. Nothing is changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CarryError {
    /// It is not such a file, or of a newer version.
    NoFile,
    /// It is of another vault.
    OtherVault,
    /// It is this device's own.
    Own,
}

/// Everything of this device that the bucket does not have, as a file: what is not sealed yet is sealed first.
pub async fn pack<S: Store>(engine: &mut Engine, store: &S, moment: Moment) -> Result<Vec<u8>, StoreError> {
    let nowhere = Memory::default();
    run(engine, store, &nowhere, moment, Engine::start_packing, &()).await;
    let mut objects = Vec::new();
    for name in engine.unsent_names() {
        let name = name.to_string();
        let object = store.log(&name).await?.ok_or_else(|| StoreError::Damaged(name.clone()))?;
        objects.push((name, object.into()));
    }
    for key in Lying::of(store.photo_names().await?).unsent {
        // One that is damaged is told where it is sent.
        if let Ok(Some((photo, object))) = photos::object(engine, store, &key).await {
            objects.push((photo::name(engine.vault().id, &photo).to_string(), object.into()));
        }
    }
    Ok(wire::to_bytes(&File { version: VERSION, objects }))
}

/// The photos in such a file that records name, with their [bodies](crate::book::photo::body): once it is taken in, and the
/// book has what it says.
pub fn photos_in(engine: &Engine, file: &[u8], named: &BTreeSet<PhotoRef>) -> Vec<(PhotoRef, Vec<u8>)> {
    let Ok(File { objects, .. }) = wire::from_bytes(file) else { return Vec::new() };
    let objects: BTreeMap<_, _> = objects.into_iter().collect();
    let vault = engine.vault().id;
    let opened = |photo: &PhotoRef| {
        let object = objects.get(&photo::name(vault, photo).to_string())?;
        Some((*photo, photo::opened(vault, photo, object).ok()?))
    };
    named.iter().filter_map(opened).collect()
}

/// Takes in a file of another device. What it lacks before the file begins shows as held in the report.
pub async fn unpack<S: Store>(
    engine: &mut Engine,
    store: &S,
    file: &[u8],
    moment: Moment,
) -> Result<Report, CarryError> {
    let File { version, objects } = wire::from_bytes(file).map_err(|_| CarryError::NoFile)?;
    if version != VERSION {
        return Err(CarryError::NoFile);
    }
    let vault = format!("{}/", engine.vault().id);
    if objects.iter().any(|(name, _)| !name.starts_with(&vault)) {
        return Err(CarryError::OtherVault);
    }
    if objects.iter().any(|(name, _)| *name == engine.own_head().to_string()) {
        return Err(CarryError::Own);
    }
    let bucket = Memory::default();
    bucket.with_objects(|all| all.extend(objects.into_iter().map(|(name, object)| (name, object.to_vec()))));
    Ok(run(engine, store, &bucket, moment, Engine::start_unpacking, &()).await)
}

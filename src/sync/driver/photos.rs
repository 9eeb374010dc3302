//! Brings photos to the bucket and fetches them. They hang on no chain, so this is not the engine's: a round is over before
//! photos go, and what was written is never held up by a picture.

use crate::book::{DevId, PhotoId, PhotoRef};
use crate::guard::Guard;
use crate::remote::{Bucket, RemoteError};
use crate::store::photos::{Lying, draft, of_key, unsent};
use crate::store::{Change, Store, StoreError};
use crate::sync::engine::Engine;
use crate::sync::fault::Fault;
use crate::sync::photo;
use crate::sync::report::Trouble;
use crate::sync::state::State;

/// Under this name the store remembers for which [`refills`](Engine::refills) its photos are marked.
const META_REFILLS: &str = "photos";

/// Why a photo cannot be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PhotoError {
    /// The bucket did not answer or refused; [`RemoteError::NotFound`] is one that its device has not put yet.
    Remote(RemoteError),
    /// What lies there is not what the record names.
    Fault(Fault),
}

/// Puts the photos that saved records name and the bucket is not known to have, after a round. `named` says which photos
/// of a device the book names: what another tab saved a moment ago waits until the book has it. Returns how many wait.
pub async fn send<S: Store, B: Bucket>(
    engine: &Engine,
    store: &S,
    bucket: &B,
    named: impl Fn(DevId, PhotoId) -> bool,
) -> Result<usize, Trouble> {
    let lying = marked(engine, store, &named).await.map_err(Trouble::Store)?;
    let (mut waiting, mut damaged) = (lying.unsent.len(), None);
    for key in &lying.unsent {
        let here = match object(engine, store, key).await {
            // One that cannot be read keeps none of the others.
            Err(damage @ Trouble::LocalDamage { .. }) => {
                damaged = Some(damage);
                continue;
            }
            here => here?,
        };
        if let Some((photo, object)) = here {
            if !named(photo.dev, photo.id) && Guard::PhotoSent.stands() {
                continue;
            }
            let name = photo::name(engine.vault().id, &photo).to_string();
            match put(bucket, &name, object).await {
                // A photo of another device that we have as well: it is that device's to put.
                Err(RemoteError::Denied(_)) if photo.dev != engine.dev() => {}
                put => put.map_err(Trouble::Remote)?,
            }
        }
        let done = || Change { photos: vec![(unsent(key), None)], ..Change::default() };
        store.transact(|_| Some(done())).await.map_err(Trouble::Store)?;
        waiting -= 1;
    }
    damaged.map_or(Ok(waiting), Err)
}

/// The photo with this key as it is put; none if it is not here.
pub(super) async fn object<S: Store>(
    engine: &Engine,
    store: &S,
    key: &str,
) -> Result<Option<(PhotoRef, Vec<u8>)>, Trouble> {
    let body = store.photo(key).await.map_err(Trouble::Store)?;
    let Some(((dev, _), body)) = of_key(key).zip(body) else { return Ok(None) };
    let photo = PhotoRef::of(dev, &body);
    let object = photo::sealed(engine.vault().id, &photo, &body).ok().filter(|_| photo.key() == key);
    object.map(|object| Some((photo, object))).ok_or_else(|| Trouble::LocalDamage { what: key.to_owned() })
}

/// The same photo is the same object whoever puts it, so what lies there already is as good; anything else is put right.
async fn put<B: Bucket>(bucket: &B, name: &str, object: Vec<u8>) -> Result<(), RemoteError> {
    match bucket.put(name, object.clone(), true).await {
        Err(RemoteError::Conflict) if bucket.get(name).await?.bytes == object => Ok(()),
        Err(RemoteError::Conflict) => bucket.put(name, object, false).await.map(drop),
        put => put.map(drop),
    }
}

/// What lies here. When the bucket turned out to have less of ours than we put, or is another one, all of it is put again;
/// and where a record names what a form still has here, another state of this profile saved it.
async fn marked<S: Store>(
    engine: &Engine,
    store: &S,
    named: impl Fn(DevId, PhotoId) -> bool,
) -> Result<Lying, StoreError> {
    let mut lying = Lying::of(store.photo_names().await?);
    let refills = engine.refills().to_be_bytes().to_vec();
    let known = |meta: &[(String, Vec<u8>)]| meta.iter().any(|(name, value)| name == META_REFILLS && *value == refills);
    let saved = |key: &&String| of_key(key).is_some_and(|(dev, id)| named(dev, id));
    let mut again: Vec<_> = lying.drafts.iter().filter(saved).cloned().collect();
    let mut photos: Vec<_> = again.iter().map(|key| (draft(key), None)).collect();
    let mut meta = Vec::new();
    if !lying.bodies.is_empty() && Guard::PhotoAgain.stands() && !known(&store.load_named().await?.meta) {
        again.extend(lying.spare().cloned());
        meta.push((META_REFILLS.to_owned(), Some(refills.clone())));
    }
    if again.is_empty() && meta.is_empty() {
        return Ok(lying);
    }
    photos.extend(again.iter().map(|key| (unsent(key), Some(Vec::new()))));
    let mark = |state: &mut State| {
        state.marks += 1;
        Some(Change { photos: photos.clone(), meta: meta.clone(), ..Change::default() })
    };
    store.transact(mark).await?;
    lying.unsent.extend(again);
    Ok(lying)
}

/// Fetches a photo and checks it. Returns its [body](crate::book::photo::body).
pub async fn fetch<B: Bucket>(engine: &Engine, bucket: &B, photo: &PhotoRef) -> Result<Vec<u8>, PhotoError> {
    let vault = engine.vault().id;
    let object = bucket.get(&photo::name(vault, photo).to_string()).await.map_err(PhotoError::Remote)?;
    photo::opened(vault, photo, &object.bytes).map_err(PhotoError::Fault)
}

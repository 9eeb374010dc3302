//! Photos in the bucket (protocol §6.5): who knows how a record names one can open it, check it, and put it again.
//!
//! A photo hangs on no chain. Its key and the key that signs it follow from the secret in the record, and its content from
//! the hash there, so that every device which has it makes the same object of it, byte for byte.

use ed25519_dalek::SigningKey;

use super::fault::Fault;
use super::keys::{derive, object_key};
use super::name::Name;
use super::object::{Kind, Place, Sealed, seal};
use crate::book::photo::content;
use crate::book::{PhotoRef, VaultId};
use crate::guard::Guard;

/// No photo is larger, in bytes: what the app makes of a picture is a fraction of it.
pub const MAX_PHOTO: usize = 2 << 20;

/// Where a photo lies in a vault.
pub fn name(vault: VaultId, photo: &PhotoRef) -> Name {
    Name::Photo(vault, photo.dev, photo.id)
}

fn place(vault: VaultId, photo: &PhotoRef) -> Place {
    let seq = name(vault, photo).seq().unwrap_or_default();
    Place { kind: Kind::Photo, vault, dev: photo.dev, seq, prev: [0; 32], epoch: 0 }
}

fn signer(photo: &PhotoRef) -> SigningKey {
    SigningKey::from_bytes(&derive(&photo.secret, &[b"dianbu photo sign"]))
}

fn key(place: &Place, photo: &PhotoRef) -> [u8; 32] {
    object_key(&photo.secret, place.kind, place.dev, place.seq)
}

/// The object of a photo with this [body](crate::book::photo::body).
pub fn sealed(vault: VaultId, photo: &PhotoRef, body: &[u8]) -> Result<Vec<u8>, Fault> {
    if content(body).len() > MAX_PHOTO {
        return Err(Fault::TooLarge);
    }
    let place = place(vault, photo);
    // One key seals one photo; in another vault it has another nonce.
    let mut nonce = [0; 24];
    nonce.copy_from_slice(&derive(&photo.secret, &[b"dianbu photo nonce", &vault.0])[..24]);
    seal(&place, body, Some(&key(&place, photo)), nonce, &signer(photo))
}

/// The body of a photo, if the object is the one that the record names.
pub fn opened(vault: VaultId, photo: &PhotoRef, object: &[u8]) -> Result<Vec<u8>, Fault> {
    let sealed = Sealed::read(object, name(vault, photo))?;
    let place = place(vault, photo);
    if sealed.place != place {
        return Err(Fault::Misplaced);
    }
    sealed.verify(signer(photo).verifying_key().as_bytes())?;
    let body = sealed.open(&key(&place, photo))?;
    if content(&body).len() > MAX_PHOTO {
        return Err(Fault::TooLarge);
    }
    // Whoever may see a photo could seal another one with its key.
    if PhotoRef::of(photo.dev, &body) != *photo && Guard::PhotoHash.stands() {
        return Err(Fault::Malformed);
    }
    Ok(body)
}

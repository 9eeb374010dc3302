//! The one shape of everything in the bucket: clear header, sealed body, signature.
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 6 | `dianbu` |
//! | 6 | 1 | format, 1 |
//! | 7 | 1 | cipher suite, 1 |
//! | 8 | 1 | kind |
//! | 9 | 3 | feature bits: incompatible, readable but not writable, compatible |
//! | 12 | 16 | vault |
//! | 28 | 16 | device |
//! | 44 | 8 | number in the chain |
//! | 52 | 32 | hash of the previous object of the chain |
//! | 84 | 4 | key epoch |
//! | 88 | 24 | nonce |
//! | 112 | 4 | length of the body |
//! | 116 | length | body |
//! | 116 + length | 64 | Ed25519 signature over everything before it |
//!
//! Numbers are big-endian. The hash of an object is the SHA-256 of all its bytes.

use dianbu_crypto::Cipher;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};

use super::{fault::Fault, name::Name, state::Hash};
use crate::book::{DevId, VaultId};
use crate::guard::Guard;

/// No object is larger.
pub const MAX_OBJECT: usize = 4 << 20;
/// No body is larger once inflated.
pub const MAX_INFLATED: usize = 16 << 20;
/// Bytes before the body.
pub const HEADER: usize = 116;
const SIGNATURE: usize = 64;
const MAGIC: &[u8; 6] = b"dianbu";
const FORMAT: u8 = 1;
const SUITE: u8 = 1;
/// Effort of the compressor: more gains a few hundredths in size and costs several times the time.
const EFFORT: u8 = 6;

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Kind {
    /// Who founded the vault; its body is clear.
    Vault = 1,
    /// An entry of a control chain.
    Control = 2,
    /// What an invited device needs, sealed under the invitation's secret.
    Invite = 3,
    /// The end of a device's chains.
    Head = 4,
    /// Operations.
    Segment = 5,
    /// Segments merged.
    Pack = 6,
    /// List of the parts of a snapshot.
    Manifest = 7,
    /// Part of a snapshot.
    Part = 8,
    /// A photo.
    Photo = 9,
}

/// Where an object belongs: all of its header that is not a constant or a matter of the seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// Its vault.
    pub vault: VaultId,
    /// Its author.
    pub dev: DevId,
    /// Its number.
    pub seq: u64,
    /// Hash of the object before it.
    pub prev: Hash,
    /// Epoch of the key; 0 where no epoch key is used.
    pub epoch: u32,
}

/// The hash by which other objects name this one.
pub fn hash(object: &[u8]) -> Hash {
    dianbu_crypto::sha256(object)
}

/// Length after padding (PADMÉ): at most 12 % more, and lengths tell little about the content.
fn padded(length: usize) -> usize {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << (exponent - kept.min(exponent))) - 1;
    (length + mask) & !mask
}

/// Makes an object. With a key the body is deflated, padded and encrypted, without one it stays as it is.
pub fn seal(
    place: &Place,
    body: &[u8],
    key: Option<&[u8; 32]>,
    nonce: [u8; 24],
    signer: &SigningKey,
) -> Result<Vec<u8>, Fault> {
    if body.len() > MAX_INFLATED {
        return Err(Fault::TooLarge);
    }
    let plain = if key.is_some() { pack(body)? } else { body.to_vec() };
    let length = plain.len() + if key.is_some() { 16 } else { 0 };
    if HEADER + length + SIGNATURE > MAX_OBJECT {
        return Err(Fault::TooLarge);
    }
    let mut object = Vec::with_capacity(HEADER + length + SIGNATURE);
    object.extend_from_slice(MAGIC);
    object.extend_from_slice(&[FORMAT, SUITE, place.kind as u8, 0, 0, 0]);
    object.extend_from_slice(&place.vault.0);
    object.extend_from_slice(&place.dev.0);
    object.extend_from_slice(&place.seq.to_be_bytes());
    object.extend_from_slice(&place.prev);
    object.extend_from_slice(&place.epoch.to_be_bytes());
    object.extend_from_slice(&nonce);
    object.extend_from_slice(&u32::try_from(length).map_err(|_| Fault::TooLarge)?.to_be_bytes());
    match key {
        Some(key) => {
            let mut sealed = plain;
            Cipher::new(key).seal(&nonce, &object, &mut sealed).map_err(|_| Fault::TooLarge)?;
            object.extend_from_slice(&sealed);
        }
        None => object.extend_from_slice(&plain),
    }
    let signature = signer.sign(&object);
    object.extend_from_slice(&signature.to_bytes());
    Ok(object)
}

/// Length, deflated bytes, zeros.
fn pack(body: &[u8]) -> Result<Vec<u8>, Fault> {
    let deflated = compress_to_vec(body, EFFORT);
    let length = u32::try_from(deflated.len()).map_err(|_| Fault::TooLarge)?;
    let mut plain = length.to_be_bytes().to_vec();
    plain.extend_from_slice(&deflated);
    plain.resize(padded(plain.len()), 0);
    Ok(plain)
}

fn unpack(plain: &[u8]) -> Result<Vec<u8>, Fault> {
    let (length, rest) = plain.split_first_chunk::<4>().ok_or(Fault::Malformed)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (deflated, padding) = rest.split_at_checked(length).ok_or(Fault::Malformed)?;
    if padding.iter().any(|byte| *byte != 0) && Guard::Padding.stands() {
        return Err(Fault::Malformed);
    }
    decompress_to_vec_with_limit(deflated, MAX_INFLATED).map_err(|error| {
        if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
            Fault::TooLarge
        } else {
            Fault::Malformed
        }
    })
}

/// An object whose outside is in order: it belongs where it lies, and is whole. Its signature and seal are not
/// checked yet: that takes keys.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'b> {
    /// What the header says.
    pub place: Place,
    nonce: [u8; 24],
    signed: &'b [u8],
    body: &'b [u8],
    signature: [u8; SIGNATURE],
    object: &'b [u8],
}

/// Cuts the next `N` bytes off the front.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Fault> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or(Fault::Truncated)?;
    *rest = tail;
    Ok(*head)
}

impl<'b> Sealed<'b> {
    /// Reads the outside of the object found under `name`.
    pub fn read(object: &'b [u8], name: Name) -> Result<Self, Fault> {
        if object.len() > MAX_OBJECT {
            return Err(Fault::TooLarge);
        }
        let rest = &mut &*object;
        if take::<6>(rest).map_err(|_| Fault::Foreign)? != *MAGIC {
            return Err(Fault::Foreign);
        }
        let [format, suite, kind, incompatible, _, _] = take(rest)?;
        if format != FORMAT || suite != SUITE || incompatible != 0 {
            return Err(Fault::Newer);
        }
        let place = Place {
            kind: name.kind(),
            vault: VaultId(take(rest)?),
            dev: DevId(take(rest)?),
            seq: u64::from_be_bytes(take(rest)?),
            prev: take(rest)?,
            epoch: u32::from_be_bytes(take(rest)?),
        };
        let nonce = take(rest)?;
        let length = u32::from_be_bytes(take(rest)?) as usize;
        if rest.len() != length.saturating_add(SIGNATURE) {
            return Err(Fault::Truncated);
        }
        let there = kind == name.kind() as u8
            && place.vault == name.vault()
            && name.dev().is_none_or(|dev| dev == place.dev)
            && name.seq().is_none_or(|seq| seq == place.seq);
        if !there && Guard::Place.stands() {
            return Err(Fault::Misplaced);
        }
        let (signed, signature) = object.split_last_chunk::<SIGNATURE>().ok_or(Fault::Truncated)?;
        let body = signed.get(HEADER..).ok_or(Fault::Truncated)?;
        Ok(Self { place, nonce, signed, body, signature: *signature, object })
    }

    /// Checks that the holder of this key signed the object.
    pub fn verify(&self, sign: &[u8; 32]) -> Result<(), Fault> {
        if !Guard::Signature.stands() {
            return Ok(());
        }
        let key = VerifyingKey::from_bytes(sign).map_err(|_| Fault::BadSignature)?;
        key.verify_strict(self.signed, &Signature::from_bytes(&self.signature)).map_err(|_| Fault::BadSignature)
    }

    /// The body of a clear object.
    pub fn clear(&self) -> &'b [u8] {
        self.body
    }

    /// Opens the body with the object's key.
    pub fn open(&self, key: &[u8; 32]) -> Result<Vec<u8>, Fault> {
        let aad = self.signed.get(..HEADER).ok_or(Fault::Truncated)?;
        let mut plain = self.body.to_vec();
        Cipher::new(key).open(&self.nonce, aad, &mut plain).map_err(|_| Fault::BadSeal)?;
        unpack(&plain)
    }

    /// Opens the body with whichever of these keys fits; usually there is one.
    pub fn open_with(&self, keys: impl Iterator<Item = [u8; 32]>) -> Result<Vec<u8>, Fault> {
        let mut opened = Err(Fault::UnknownEpoch);
        for key in keys {
            opened = self.open(&key);
            if opened.is_ok() {
                break;
            }
        }
        opened
    }

    /// The hash of the object.
    pub fn hash(&self) -> Hash {
        hash(self.object)
    }
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn padding_grows_by_an_eighth_at_most_and_never_shrinks() {
        for length in 0..200_000_usize {
            let after = padded(length);
            assert!(after >= length && after <= length + length / 8 + 1, "{length} → {after}");
            assert_eq!(padded(after), after);
        }
        assert_eq!(padded(1_000_001), 1_015_808);
    }
}

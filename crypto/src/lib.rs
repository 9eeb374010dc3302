//! The cipher and the hash through which every stored byte goes.
//!
//! Their libraries are generic, so their loops are compiled where they are used: in the app that is for few bytes. This
//! package is the place where they are compiled for speed (`profile.release.package` of the workspace): hashing and
//! unsealing take little more than half of the time, and the first load has grown by nothing.

use std::fmt;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::AeadInOut};
use sha2::{Digest, Sha256};

/// By how many bytes a sealed text is longer: its tag.
pub const TAG: usize = 16;
/// Bytes of a nonce, long enough to be drawn at random.
pub const NONCE: usize = 24;

/// The text is longer than the 256 GB that the cipher takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

/// It was sealed with another key, nonce or context, or altered since.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Altered;

/// XChaCha20-Poly1305 under one key.
pub struct Cipher(XChaCha20Poly1305);

impl Cipher {
    /// The cipher of a key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals a text where it lies; the tag follows it. `context` is bound to it and not in it. A nonce is used once.
    #[inline(never)]
    pub fn seal(&self, nonce: &[u8; NONCE], context: &[u8], text: &mut Vec<u8>) -> Result<(), TooLong> {
        self.0.encrypt_in_place(nonce.into(), context, text).map_err(|_| TooLong)
    }

    /// Opens what was sealed, where it lies.
    #[inline(never)]
    pub fn open(&self, nonce: &[u8; NONCE], context: &[u8], sealed: &mut Vec<u8>) -> Result<(), Altered> {
        self.0.decrypt_in_place(nonce.into(), context, sealed).map_err(|_| Altered)
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cipher").finish_non_exhaustive()
    }
}

/// SHA-256.
#[inline(never)]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

//! The seal on values at rest (protocol §12): XChaCha20-Poly1305 under the device's data key, each value bound to its
//! place, so that values can be neither read nor exchanged for one another.
//!
//! A sealed value is `ciphertext ‖ tag (16) ‖ nonce (24)`. The nonce stands at the end, so that a page of half a megabyte
//! is opened where it lies, without being moved.

use std::fmt;

use dianbu_crypto::{Cipher, NONCE, TAG};
use minicbor::{Decode, Encode};

/// By how many bytes a value grows.
pub const OVERHEAD: usize = TAG + NONCE;

/// A source of random bytes that can be kept.
pub type Fill = fn(&mut [u8]);

/// The key of everything at rest on one device.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct DataKey(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl DataKey {
    /// A new one.
    pub fn random(fill: Fill) -> Self {
        let mut key = [0; 32];
        fill(&mut key);
        Self(key)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// Where a value lies: the drawer, a zero byte, and its key there.
pub fn place(drawer: &str, key: &[u8]) -> Vec<u8> {
    [drawer.as_bytes(), &[0], key].concat()
}

/// Seals and opens values.
pub struct Seal {
    cipher: Cipher,
    fill: Fill,
}

impl Seal {
    /// The seal of a key, with nonces from this source.
    pub fn new(key: &DataKey, fill: Fill) -> Self {
        Self { cipher: Cipher::new(&key.0), fill }
    }

    /// Seals a value for its place.
    pub fn seal(&self, place: &[u8], mut value: Vec<u8>) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        (self.fill)(&mut nonce);
        value.reserve_exact(OVERHEAD);
        if self.cipher.seal(&nonce, place, &mut value).is_err() {
            unreachable!("no value has the 256 GB that the cipher refuses");
        }
        value.extend_from_slice(&nonce);
        value
    }

    /// Opens a value; none if it was not sealed with this key for this place, or was altered since.
    pub fn open(&self, place: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let (rest, nonce) = sealed.split_last_chunk::<NONCE>()?;
        let (length, nonce) = (rest.len(), *nonce);
        sealed.truncate(length);
        self.cipher.open(&nonce, place, &mut sealed).ok()?;
        Some(sealed)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(bytes: &mut [u8]) {
        use std::sync::atomic::{AtomicU8, Ordering};
        static NEXT: AtomicU8 = AtomicU8::new(0);
        bytes.fill(NEXT.fetch_add(1, Ordering::Relaxed));
    }

    fn seal() -> Seal {
        Seal::new(&DataKey([7; 32]), counting)
    }

    #[test]
    fn a_value_comes_back_and_grows_by_nonce_and_tag_alone() {
        for value in [&b""[..], "客户".as_bytes(), &[0; 4096]] {
            let sealed = seal().seal(&place("pages", b"1"), value.to_vec());
            assert_eq!(sealed.len(), value.len() + OVERHEAD);
            assert_eq!(seal().open(&place("pages", b"1"), sealed).as_deref(), Some(value));
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_to_the_same_bytes() {
        let seal = seal();
        assert_ne!(seal.seal(b"", b"same".to_vec()), seal.seal(b"", b"same".to_vec()));
    }

    #[test]
    fn another_place_another_key_or_a_flipped_bit_opens_nothing() {
        let (seal, here) = (seal(), place("pages", b"1"));
        let sealed = seal.seal(&here, "张三".into());
        assert!(seal.open(&place("pages", b"2"), sealed.clone()).is_none());
        assert!(seal.open(&place("tail", b"1"), sealed.clone()).is_none());
        assert!(Seal::new(&DataKey([8; 32]), counting).open(&here, sealed.clone()).is_none());
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(seal.open(&here, flipped).is_none(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(seal.open(&here, sealed[..length].to_vec()).is_none(), "{length} bytes");
        }
    }
}

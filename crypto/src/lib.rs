//! The cipher and the hash through which every stored byte goes.
//!
//! Their libraries are generic, so their loops are compiled where they are used: in the app that is for few bytes. This
//! package is the place where they are compiled for speed (`profile.release.package` of the workspace): hashing and
//! unsealing take little more than half of the time, and the first load has grown by nothing.

use std::fmt;

use chacha20::XChaCha20;
use chacha20::cipher::inout::InOutBuf;
use chacha20::cipher::{
    Iv, IvSizeUser, Key, KeyIvInit, KeySizeUser, OverflowError, SeekNum, StreamCipher, StreamCipherError,
    StreamCipherSeek,
};
use chacha20poly1305::consts::U24;
use chacha20poly1305::{ChaChaPoly1305, KeyInit, aead::AeadInOut};
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
pub struct Cipher(ChaChaPoly1305<InPieces, U24>);

impl Cipher {
    /// The cipher of a key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(ChaChaPoly1305::new(key.into()))
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

/// Bytes that the stream cipher takes at a time.
const PIECE: usize = 4096;

/// `XChaCha20`, a piece at a time. A browser begins with code that it compiled in a hurry, and changes to better code when a
/// function is called again, not while its loop runs: half a megabyte in one call would all be done by the slow one.
struct InPieces(XChaCha20);

impl KeySizeUser for InPieces {
    type KeySize = <XChaCha20 as KeySizeUser>::KeySize;
}

impl IvSizeUser for InPieces {
    type IvSize = <XChaCha20 as IvSizeUser>::IvSize;
}

impl KeyIvInit for InPieces {
    fn new(key: &Key<Self>, iv: &Iv<Self>) -> Self {
        Self(XChaCha20::new(key, iv))
    }
}

/// A call of its own.
#[inline(never)]
fn apply(cipher: &mut XChaCha20, piece: InOutBuf<'_, '_, u8>) {
    cipher.unchecked_apply_keystream_inout(piece);
}

impl StreamCipher for InPieces {
    fn check_remaining(&self, length: usize) -> Result<(), StreamCipherError> {
        self.0.check_remaining(length)
    }

    fn unchecked_apply_keystream_inout(&mut self, mut text: InOutBuf<'_, '_, u8>) {
        while text.len() > PIECE {
            let (piece, rest) = text.split_at(PIECE);
            apply(&mut self.0, piece);
            text = rest;
        }
        apply(&mut self.0, text);
    }

    fn unchecked_write_keystream(&mut self, keystream: &mut [u8]) {
        self.0.unchecked_write_keystream(keystream);
    }
}

impl StreamCipherSeek for InPieces {
    fn try_current_pos<N: SeekNum>(&self) -> Result<N, OverflowError> {
        self.0.try_current_pos()
    }

    fn try_seek<N: SeekNum>(&mut self, position: N) -> Result<(), StreamCipherError> {
        self.0.try_seek(position)
    }
}

/// SHA-256.
#[inline(never)]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::XChaCha20Poly1305;

    use super::*;

    #[test]
    fn a_text_in_pieces_is_sealed_as_one_in_a_whole() {
        let (key, nonce) = ([7; 32], [9; NONCE]);
        for length in [0, 1, 63, 64, 65, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 100] {
            let text: Vec<u8> = (0..251).cycle().take(length).collect();
            let (mut pieces, mut whole) = (text.clone(), text.clone());
            Cipher::new(&key).seal(&nonce, b"here", &mut pieces).unwrap();
            XChaCha20Poly1305::new(&key.into()).encrypt_in_place(&nonce.into(), b"here", &mut whole).unwrap();
            assert_eq!(pieces, whole, "{length} bytes");
            Cipher::new(&key).open(&nonce, b"here", &mut whole).unwrap();
            assert_eq!(whole, text, "{length} bytes");
        }
    }
}

//! How a record names a photo.
//!
//! A photo is too large for a cell. The cell holds what it takes to find, to open and to check it: the device under whose
//! name it lies, and 32 bytes, the SHA-256 of a random salt and its content. The first half of them is the photo's id and
//! part of its name in the bucket, the second half is the secret that its key follows from. So whoever reads the record can
//! read the photo, nobody else can, and no other content will pass for it.
//!
//! ```text
//! {device}.{id}.{secret}     22, 22 and 22 letters of base64url
//! ```

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::id::{DevId, PhotoId, VaultId};
use super::state::Book;

/// Letters of 16 bytes in base64url.
const LETTERS: usize = 22;
/// Letters of the whole text.
const LENGTH: usize = 3 * LETTERS + 2;
/// Random bytes before a photo's content.
const SALT: usize = 16;
/// Between the photos of an answer.
const BETWEEN: char = ' ';

/// A photo as a record names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PhotoRef {
    /// The device under whose name it lies.
    pub dev: DevId,
    /// Its id.
    pub id: PhotoId,
    /// What its key follows from.
    pub secret: [u8; 16],
}

impl PhotoRef {
    /// The photo of a device with this [body](body).
    pub fn of(dev: DevId, body: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::new().chain_update(b"dianbu photo").chain_update(body).finalize().into();
        let (mut id, mut secret) = ([0; 16], [0; 16]);
        id.copy_from_slice(&hash[..16]);
        secret.copy_from_slice(&hash[16..]);
        Self { dev, id: PhotoId(id), secret }
    }

    /// Reads the one spelling that [`Display`](fmt::Display) gives.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != LENGTH {
            return None;
        }
        let mut parts = text.split('.');
        let (dev, id) = (DevId::parse(parts.next()?)?, PhotoId::parse(parts.next()?)?);
        let secret = VaultId::parse(parts.next()?)?.0;
        parts.next().is_none().then_some(Self { dev, id, secret })
    }

    /// The photos that a text names, as an answer holds them; none if it says anything else.
    pub fn all(text: &str) -> Option<Vec<Self>> {
        if text.len() < LENGTH {
            return None;
        }
        text.split(BETWEEN).map(Self::parse).collect()
    }

    /// Such a text.
    pub fn join(photos: &[Self]) -> String {
        photos.iter().map(Self::to_string).collect::<Vec<_>>().join(&BETWEEN.to_string())
    }

    /// Its name in the drawer of photos.
    pub fn key(&self) -> String {
        format!("{}.{}", self.dev, self.id)
    }
}

/// A photo as it is kept and sealed: 16 random bytes, so that equal pictures have different names, then the file.
pub fn body(salt: [u8; 16], content: &[u8]) -> Vec<u8> {
    [salt.as_slice(), content].concat()
}

/// The file in a body.
pub fn content(body: &[u8]) -> &[u8] {
    body.get(SALT..).unwrap_or_default()
}

impl fmt::Display for PhotoRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The secret is written as an id is.
        write!(f, "{}.{}.{}", self.dev, self.id, VaultId(self.secret))
    }
}

impl Book {
    /// The photos under the name of a device that are named anywhere: in values that are shown, beside them or past, in
    /// the recycle bin. What is erased names none.
    pub fn photos_of(&self, dev: DevId) -> BTreeMap<PhotoId, PhotoRef> {
        // Texts and elements lie in a row's bytes as they are, so nothing has to be unpacked.
        let before = format!("{dev}.");
        let finder = memchr::memmem::Finder::new(&before);
        let rows = self.tables.keys().flat_map(|kind| self.packed(*kind));
        let texts = rows.flat_map(|(_, row)| finder.find_iter(row).filter_map(|at| row.get(at..at + LENGTH)));
        let photos = texts.filter_map(|text| PhotoRef::parse(std::str::from_utf8(text).ok()?));
        photos.map(|photo| (photo.id, photo)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_has_one_spelling_which_follows_from_its_content() {
        let of = |salt, content| PhotoRef::of(DevId([7; 16]), &body([salt; 16], content));
        let photo = of(1, b"picture");
        let text = photo.to_string();
        assert_eq!(text.len(), LENGTH);
        assert_eq!(PhotoRef::parse(&text), Some(photo));
        assert_ne!(of(2, b"picture").id, photo.id);
        assert_ne!(of(1, b"another").id, photo.id);
        for wrong in ["", "说得好", &text[1..], &format!("{text}."), &text.replace('.', "-")] {
            assert_eq!(PhotoRef::parse(wrong), None, "{wrong}");
        }
        let two = [photo, PhotoRef { id: PhotoId([9; 16]), ..photo }];
        assert_eq!(PhotoRef::all(&PhotoRef::join(&two)), Some(two.to_vec()));
        assert_eq!(PhotoRef::all("一句话"), None);
        assert_eq!(PhotoRef::all(&format!("{text} 一句话")), None);
    }
}

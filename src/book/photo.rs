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

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::draft::Draft;
use super::id::{DevId, PhotoId, VaultId};
use super::state::Book;
use super::value::Value;

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
    /// The photo of a device with this [body].
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

/// The photos of a field, from its elements, in the order in which they were added: the value of each is when that was, in
/// milliseconds since 1970.
pub fn in_order<E: AsRef<[u8]>, V: Borrow<Value>>(elements: impl IntoIterator<Item = (E, V)>) -> Vec<PhotoRef> {
    let named = elements.into_iter().filter_map(|(elem, at)| {
        let photo = PhotoRef::parse(std::str::from_utf8(elem.as_ref()).ok()?)?;
        Some((at.borrow().int(), photo))
    });
    let mut all: Vec<_> = named.collect();
    all.sort_unstable();
    all.into_iter().map(|(_, photo)| photo).collect()
}

/// Changes a draft so that these are the photos of a field.
pub fn put(draft: &mut Draft, field: u16, photos: &[PhotoRef], now_ms: i64) {
    let before = in_order(draft.elements(field));
    for gone in before.iter().filter(|photo| !photos.contains(photo)) {
        draft.put(field, Some(gone.to_string().into_bytes()), Value::Nil);
    }
    for (photo, at) in photos.iter().filter(|photo| !before.contains(photo)).zip(now_ms..) {
        draft.put(field, Some(photo.to_string().into_bytes()), Value::Int(at));
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
    /// All photos that are named anywhere: in values that are shown, beside them or past, in the recycle bin. What is erased
    /// names none.
    pub fn photos(&self) -> BTreeSet<PhotoRef> {
        // Texts and elements lie in a row's bytes as they are, so nothing has to be unpacked: two dots in their distance.
        let named = |row: &[u8], dot: usize| {
            let second = row.get(dot + LETTERS + 1) == Some(&b'.');
            let from = dot.checked_sub(LETTERS).filter(|_| second)?;
            PhotoRef::parse(std::str::from_utf8(row.get(from..from + LENGTH)?).ok()?)
        };
        let rows = self.tables.keys().flat_map(|kind| self.packed(*kind));
        rows.flat_map(|(_, row)| memchr::memchr_iter(b'.', row).filter_map(move |dot| named(row, dot))).collect()
    }

    /// Those under the name of a device, by their ids.
    pub fn photos_of(&self, dev: DevId) -> BTreeMap<PhotoId, PhotoRef> {
        self.photos().into_iter().filter(|photo| photo.dev == dev).map(|photo| (photo.id, photo)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::RowId;

    #[test]
    fn a_photo_has_one_spelling_which_follows_from_its_content() {
        let of = |salt, content| PhotoRef::of(DevId([7; 16]), &body([salt; 16], content));
        let photo = of(1, b"picture");
        let text = photo.to_string();
        assert_eq!(text.len(), LENGTH);
        assert_eq!(PhotoRef::parse(&text), Some(photo));
        assert_ne!(of(2, b"picture").id, photo.id);
        assert_ne!(of(1, b"another").id, photo.id);
        for wrong in ["", "说得好", text.get(1..).unwrap_or_default(), &format!("{text}."), &text.replace('.', "-")]
        {
            assert_eq!(PhotoRef::parse(wrong), None, "{wrong}");
        }
        let two = [photo, PhotoRef { id: PhotoId([9; 16]), ..photo }];
        assert_eq!(PhotoRef::all(&PhotoRef::join(&two)), Some(two.to_vec()));
        assert_eq!(PhotoRef::all("一句话"), None);
        assert_eq!(PhotoRef::all(&format!("{text} 一句话")), None);
    }

    #[test]
    fn photos_stay_in_the_order_in_which_they_were_added() {
        let photo = |n| PhotoRef::of(DevId([7; 16]), &[n; 20]);
        let mut draft = Draft::new(12, RowId([1; 16]));
        let shown = |draft: &Draft| in_order(draft.elements(14));
        put(&mut draft, 14, &[photo(3), photo(1)], 1_000);
        put(&mut draft, 14, &[photo(3), photo(1), photo(2)], 2_000);
        assert_eq!(shown(&draft), [photo(3), photo(1), photo(2)]);
        put(&mut draft, 14, &[photo(1), photo(2)], 3_000);
        assert_eq!(shown(&draft), [photo(1), photo(2)]);
    }
}

//! The drawer of photos.
//!
//! | name | holds |
//! |---|---|
//! | `{device}.{id}` | the [body](crate::book::photo::body) of a photo, of this device or of another one that was looked at here |
//! | `draft/{device}.{id}` | when a photo was taken into a form that is not saved yet, in milliseconds since 1970 |
//! | `unsent/{device}.{id}` | nothing: a saved record names the photo, and the bucket is not known to have it |
//!
//! A photo with a mark is the only one there may be and stays. One without a mark can be fetched again, so it goes when
//! room is needed.

use std::collections::BTreeSet;

use crate::book::{DevId, PhotoId};
use crate::guard::Guard;

/// Before the name of a photo in a form.
const DRAFT: &str = "draft/";
/// Before the name of a photo that is to be put.
const UNSENT: &str = "unsent/";

/// The mark on a photo in a form.
pub fn draft(key: &str) -> String {
    format!("{DRAFT}{key}")
}

/// The mark on a photo that is to be put.
pub fn unsent(key: &str) -> String {
    format!("{UNSENT}{key}")
}

/// Whose photo has this key, and which.
pub fn of_key(key: &str) -> Option<(DevId, PhotoId)> {
    let (dev, id) = key.split_once('.')?;
    Some((DevId::parse(dev)?, PhotoId::parse(id)?))
}

/// What lies in the drawer, from its names.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Lying {
    /// Photos by their keys.
    pub bodies: BTreeSet<String>,
    /// Those in forms.
    pub drafts: BTreeSet<String>,
    /// Those to be put.
    pub unsent: BTreeSet<String>,
}

impl Lying {
    /// Sorts names.
    pub fn of(names: Vec<String>) -> Self {
        let mut lying = Self::default();
        for name in names {
            if let Some(key) = name.strip_prefix(DRAFT) {
                lying.drafts.insert(key.to_owned());
            } else if let Some(key) = name.strip_prefix(UNSENT) {
                lying.unsent.insert(key.to_owned());
            } else {
                lying.bodies.insert(name);
            }
        }
        lying
    }

    /// Photos without a mark.
    pub fn spare(&self) -> impl Iterator<Item = &String> {
        let marked = |key: &String| self.drafts.contains(key) || self.unsent.contains(key);
        self.bodies.iter().filter(move |key| !marked(key) || !Guard::PhotoMarks.stands())
    }
}

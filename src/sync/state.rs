//! What a device must remember between two moments, changed only inside a transaction of the store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::book::{DevId, Stamp, VaultId};

/// SHA-256 of a whole object: the link from one object of a chain to the next.
pub type Hash = [u8; 32];

/// The counters of this device and its place in the chains of all others.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Last operation number given out; the first operation has number 1.
    #[serde(default)]
    pub opn: u64,
    /// Last stamp written or absorbed.
    #[serde(default)]
    pub stamp: Stamp,
    /// Last place in the local tail; every tab of the device applies the tail in this order.
    #[serde(default)]
    pub lsn: u64,
    /// Place in the tail that the checkpoint covers.
    #[serde(default)]
    pub base: u64,
    /// Last own operation that is sealed in a segment.
    #[serde(default)]
    pub sealed_opn: u64,
    /// Own segments: number and hash of the last one sealed.
    #[serde(default)]
    pub segment: Link,
    /// Own control entries: number and hash of the last one sealed.
    #[serde(default)]
    pub control: Link,
    /// What of our own is known to be in the bucket.
    #[serde(default)]
    pub pushed: Pushed,
    /// How far each other device's chain has been applied.
    #[serde(default)]
    pub cursors: BTreeMap<DevId, Cursor>,
    /// The binding that `pushed` and `cursors` are true for; another one starts from nothing.
    #[serde(default)]
    pub binding: Option<VaultId>,
    /// Milliseconds to add to the device's clock, learnt from the bucket's answers.
    #[serde(default)]
    pub clock_offset: i64,
}

/// The end of a chain: how many objects, and the hash of the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Link {
    /// Objects in the chain; the last one has this number.
    pub seq: u64,
    /// Hash of the last object, zero before the first.
    pub hash: Hash,
}

/// Our own objects that the bucket has confirmed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Pushed {
    /// The vault object is there.
    pub vault: bool,
    /// Last control entry there.
    pub control: u64,
    /// Last segment there.
    pub segment: u64,
    /// Number of the last head, and what the bucket called that version.
    pub head: u64,
    /// Entity tag of our head as we last put it.
    pub etag: String,
    /// Hash of the `seen` table in that head, so that an idle device does not rewrite it for nothing.
    pub seen: Hash,
}

/// How far one other device's chains have been applied here.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Last segment applied.
    pub segment: Link,
    /// Last operation applied.
    pub opn: u64,
    /// Last control entry applied.
    pub control: Link,
    /// Number of the last head read: an older one later is a rollback.
    pub head: u64,
    /// Entity tag of that head; unchanged means nothing new.
    pub etag: String,
}

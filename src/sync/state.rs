//! What a device must remember between two moments, changed only inside a transaction of the store.
//!
//! Two owners share it. The counters at the top move whenever anybody writes, in any tab. [`Sync`] moves only with
//! the one tab that synchronises, and carries a revision: a change decided on an older revision is dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::wire::{Floor, Offer, Packed, Reach};
use crate::book::{DevId, Stamp, Standing};

/// SHA-256 of a whole object: the link from one object of a chain to the next.
pub type Hash = [u8; 32];

/// The counters of this device and its place in the chains of all others.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Last operation number given out; the first operation has number 1.
    pub opn: u64,
    /// Last stamp written or absorbed.
    pub stamp: Stamp,
    /// Last place in the local tail; every tab of the device applies the tail in this order.
    pub lsn: u64,
    /// Place in the tail that the pages of the checkpoint cover.
    pub base: u64,
    /// How far the chains reached when those pages were written; empty when more arrived at that moment.
    pub covered: BTreeMap<DevId, Reach>,
    /// How often the pages were replaced by a snapshot: who holds a book from before has to read it anew.
    pub rebuilt: u64,
    /// How often the device took new keys: who knows it by an older name must not write any more.
    pub generation: u64,
    /// What synchronisation remembers.
    pub sync: Sync,
}

impl State {
    /// The last place of the tail that a checkpoint may drop: own operations stay until a segment holds them.
    pub fn droppable(&self) -> u64 {
        if self.opn == self.sync.sealed_opn { self.lsn } else { self.sync.sealed_lsn }
    }

    /// Own operations that the bucket does not have yet.
    pub fn waiting(&self) -> u64 {
        self.opn.saturating_sub(self.sync.pushed.opn)
    }

    /// How far the chains reach that are applied here, that of this device included.
    pub fn reach(&self, own: DevId) -> BTreeMap<DevId, Reach> {
        let sync = &self.sync;
        let mut reach: BTreeMap<_, _> = sync.cursors.iter().map(|(dev, cursor)| (*dev, cursor.reach())).collect();
        let (segment, opn, stamp, bytes) = (sync.segment, sync.sealed_opn, sync.sealed_stamp, sync.bytes);
        reach.insert(own, Reach { segment, opn, stamp, bytes });
        reach
    }

    /// The time that this device believes in, in milliseconds since 1970, from its own clock.
    pub fn now(&self, device_ms: u64) -> u64 {
        device_ms.saturating_add_signed(self.sync.clock_offset)
    }
}

/// What synchronisation remembers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sync {
    /// Counts the changes of this part.
    pub revision: u64,
    /// Last own operation that is sealed in a segment.
    pub sealed_opn: u64,
    /// Stamp of that operation.
    pub sealed_stamp: Stamp,
    /// Every own operation up to this place of the tail is sealed.
    pub sealed_lsn: u64,
    /// Own segments: number and hash of the last one sealed.
    pub segment: Link,
    /// Bytes of all own segments.
    pub bytes: u64,
    /// Own control entries: number and hash of the last one sealed.
    pub control: Link,
    /// The last own head that was sealed.
    pub head: HeadMark,
    /// What of our own is known to be in the bucket.
    pub pushed: Pushed,
    /// Own packs.
    pub packs: Packs,
    /// Own snapshots.
    pub snapshots: Snapshots,
    /// How far each other device's chain has been applied.
    pub cursors: BTreeMap<DevId, Cursor>,
    /// The bucket that `pushed` and the heads in `cursors` are true for; another one starts from nothing.
    pub binding: Option<Hash>,
    /// Milliseconds to add to the device's clock, learnt from the bucket's answers.
    pub clock_offset: i64,
}

/// The packs that this device made of its segments.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Packs {
    /// Those that heads name, by number.
    pub list: Vec<Packed>,
    /// The last segment that was looked at: packed, or too large to be.
    pub looked: u64,
    /// Packs up to this segment were read back from the bucket and are whole.
    pub verified: u64,
    /// The deletion that is announced.
    pub floor: Option<Floor>,
    /// Since when the head that announces it is in the bucket, in milliseconds since 1970; 0 while it is not.
    pub announced_ms: u64,
    /// Packed segments up to this one are deleted.
    pub deleted: u64,
    /// When one was begun that is not there yet, or was found damaged, in milliseconds since 1970; 0 if neither.
    pub failed_ms: u64,
}

/// The snapshots that this device wrote into the bucket.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshots {
    /// The last number that was begun; a number is used once.
    pub last: u64,
    /// When that was, in milliseconds since 1970.
    pub begun_ms: u64,
    /// The whole one that heads name.
    pub named: Option<Offer>,
    /// Of which numbers something may lie in the bucket, with how many parts.
    pub lying: BTreeMap<u64, u16>,
    /// The number at whose naming the older ones were last cleared away.
    pub swept: u64,
}

/// The end of a chain: how many objects, and the hash of the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Link {
    /// Objects in the chain; the last one has this number.
    #[n(0)]
    pub seq: u64,
    /// Hash of the last object, zero before the first.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Hash,
}

/// An own head as it was sealed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HeadMark {
    /// Its number; a number is used once.
    pub seq: u64,
    /// Hash of the object: a head of ours with another hash was written by a copy of this device.
    pub hash: Hash,
    /// Last operation it promises.
    pub opn: u64,
    /// Last segment it promises.
    pub segment: u64,
    /// Last control entry it promises.
    pub control: u64,
    /// How many packs it names.
    pub packs: u64,
    /// The floor it announces, 0 for none.
    pub floor: u64,
    /// The snapshot it names, 0 for none.
    pub snapshot: u64,
    /// Hash of its `seen` table and its standing, so that an idle device does not rewrite it for nothing.
    pub seen: Hash,
    /// When it was sealed, in milliseconds since 1970.
    pub at_ms: u64,
}

/// Our own objects that the bucket has confirmed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pushed {
    /// The vault object is there.
    pub vault: bool,
    /// Last control entry there.
    pub control: u64,
    /// Last segment there.
    pub segment: u64,
    /// Last operation that a head there promises: everything up to it is shared.
    pub opn: u64,
    /// Number of the last head there.
    pub head: u64,
    /// Entity tag of that head; empty when the bucket did not tell.
    pub etag: String,
}

/// How far one other device's chains have been applied here.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// Last segment applied.
    pub segment: Link,
    /// Last operation applied.
    pub opn: u64,
    /// Stamp of that operation.
    pub stamp: Stamp,
    /// Bytes of all segments applied.
    pub bytes: u64,
    /// Last control entry applied.
    pub control: Link,
    /// Number of the last head read: an older one later is a rollback.
    pub head: u64,
    /// Entity tag of that head; unchanged means nothing new.
    pub etag: String,
    /// When that was, in milliseconds since 1970 by our clock.
    pub heard_ms: u64,
    /// Our last segment that it says it has applied.
    pub saw: u64,
    /// Version of the app that wrote it.
    pub app: String,
    /// The furthest segment that anybody said this device has.
    pub promised: Link,
    /// Who said so.
    pub witness: DevId,
    /// The snapshot that its last head named.
    pub snapshot: Option<Offer>,
    /// Where its book stood, as its last head said.
    pub standing: Option<Standing>,
    /// Its book stood where ours did and held something else.
    pub diverged: bool,
}

impl Cursor {
    /// How far the chain is applied.
    pub fn reach(&self) -> Reach {
        Reach { segment: self.segment, opn: self.opn, stamp: self.stamp, bytes: self.bytes }
    }
}

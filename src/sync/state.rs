//! What a device must remember between two moments, changed only inside a transaction of the store.
//!
//! Two owners share it. The first counters of [`State`] move whenever anybody writes, in any tab. [`Sync`] moves only
//! with the one tab that synchronises, and carries a revision: a change decided on an older revision is dropped. What
//! a session needs of it stands in the state itself; the rest lies there packed, so that who saves an edit carries
//! neither its decoder nor its cost.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::wire::{self, Floor, Offer, Packed, Reach};
use crate::book::{DevId, Stamp, Standing};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::store::StoreError;

/// SHA-256 of a whole object: the link from one object of a chain to the next.
pub type Hash = [u8; 32];

/// The counters of this device and its place in the chains of all others.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct State {
    /// Last operation number given out; the first operation has number 1.
    #[cbor(n(0), default)]
    pub opn: u64,
    /// Last stamp written or absorbed.
    #[cbor(n(1), default)]
    pub stamp: Stamp,
    /// Last place in the local tail; every tab of the device applies the tail in this order.
    #[cbor(n(2), default)]
    pub lsn: u64,
    /// Place in the tail that the pages of the checkpoint cover.
    #[cbor(n(3), default)]
    pub base: u64,
    /// Packed; [`covered`](Self::covered) opens it.
    #[cbor(n(4), default, with = "minicbor::bytes")]
    pub packed_covered: Vec<u8>,
    /// How often the pages were replaced by a snapshot: who holds a book from before has to read it anew.
    #[cbor(n(5), default)]
    pub rebuilt: u64,
    /// How often the device took new keys: who knows it by an older name must not write any more.
    #[cbor(n(6), default)]
    pub generation: u64,
    /// Counts the changes of what synchronisation remembers.
    #[cbor(n(7), default)]
    pub revision: u64,
    /// Last own operation that is sealed in a segment.
    #[cbor(n(8), default)]
    pub sealed_opn: u64,
    /// Every own operation up to this place of the tail is sealed.
    #[cbor(n(9), default)]
    pub sealed_lsn: u64,
    /// Last own operation that a head in the bucket promises.
    #[cbor(n(10), default)]
    pub pushed_opn: u64,
    /// Milliseconds to add to the device's clock, learnt from the bucket's answers.
    #[cbor(n(11), default)]
    pub clock_offset: i64,
    /// The rest of [`Sync`], packed; [`sync`](Self::sync) opens it.
    #[cbor(n(12), default, with = "minicbor::bytes")]
    pub packed_sync: Vec<u8>,
    /// What this device may do, as far as it knows.
    #[cbor(n(13), default)]
    pub role: Role,
    /// A name for what was erased and is gone from everything that lies on this device; zero for nothing.
    #[cbor(n(14), default, with = "minicbor::bytes")]
    pub rested: [u8; 16],
    /// Counts how often marks were put on photos that lie here: whoever lets go of some by their marks looks again then.
    #[cbor(n(15), default)]
    pub marks: u64,
}

impl State {
    /// The last place of the tail that a checkpoint may drop: own operations stay until a segment holds them.
    pub fn droppable(&self) -> u64 {
        if self.opn == self.sealed_opn || !Guard::TailKept.stands() { self.lsn } else { self.sealed_lsn }
    }

    /// Own operations that the bucket does not have yet.
    pub fn waiting(&self) -> u64 {
        self.opn.saturating_sub(self.pushed_opn)
    }

    /// The time that this device believes in, in milliseconds since 1970, from its own clock.
    pub fn now(&self, device_ms: u64) -> u64 {
        device_ms.saturating_add_signed(self.clock_offset)
    }

    /// What synchronisation remembers. Unpacking it is for whoever synchronises, not for an edit.
    pub fn sync(&self) -> Result<Sync, StoreError> {
        let mut sync: Sync = unpack(&self.packed_sync)?;
        (sync.revision, sync.clock_offset) = (self.revision, self.clock_offset);
        (sync.sealed_opn, sync.sealed_lsn, sync.pushed.opn) = (self.sealed_opn, self.sealed_lsn, self.pushed_opn);
        Ok(sync)
    }

    /// Remembers this instead.
    pub fn set_sync(&mut self, sync: &Sync) {
        (self.revision, self.clock_offset) = (sync.revision, sync.clock_offset);
        (self.sealed_opn, self.sealed_lsn, self.pushed_opn) = (sync.sealed_opn, sync.sealed_lsn, sync.pushed.opn);
        self.packed_sync = wire::to_bytes(sync);
    }

    /// How far the chains reached when the pages of the checkpoint were written; empty when more arrived at that
    /// moment.
    pub fn covered(&self) -> Result<BTreeMap<DevId, Reach>, StoreError> {
        unpack(&self.packed_covered)
    }

    /// Remembers how far the pages reach that are written now.
    pub fn cover(&mut self, reach: &BTreeMap<DevId, Reach>) {
        self.packed_covered = wire::to_bytes(reach);
    }
}

/// Nothing was ever packed at the start of a device.
fn unpack<T: Default + for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, StoreError> {
    if bytes.is_empty() {
        return Ok(T::default());
    }
    minicbor::decode(bytes).map_err(|_| StoreError::Damaged("state".to_owned()))
}

/// What synchronisation remembers: [`State::sync`] unpacks it. What is skipped in packing stands in the state.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Sync {
    /// Counts the changes of this part.
    #[cbor(skip)]
    pub revision: u64,
    /// Last own operation that is sealed in a segment.
    #[cbor(skip)]
    pub sealed_opn: u64,
    /// Stamp of that operation.
    #[cbor(n(0), default)]
    pub sealed_stamp: Stamp,
    /// Every own operation up to this place of the tail is sealed.
    #[cbor(skip)]
    pub sealed_lsn: u64,
    /// Own segments: number and hash of the last one sealed.
    #[cbor(n(1), default)]
    pub segment: Link,
    /// Bytes of all own segments.
    #[cbor(n(2), default)]
    pub bytes: u64,
    /// Own control entries: number and hash of the last one sealed.
    #[cbor(n(3), default)]
    pub control: Link,
    /// The last own head that was sealed.
    #[cbor(n(4), default)]
    pub head: HeadMark,
    /// What of our own is known to be in the bucket.
    #[cbor(n(5), default)]
    pub pushed: Pushed,
    /// Own packs.
    #[cbor(n(6), default)]
    pub packs: Packs,
    /// Own snapshots.
    #[cbor(n(7), default)]
    pub snapshots: Snapshots,
    /// How far each other device's chain has been applied.
    #[cbor(n(8), default)]
    pub cursors: BTreeMap<DevId, Cursor>,
    /// The bucket that `pushed` and the heads in `cursors` are true for; another one starts from nothing.
    #[cbor(n(9), default, with = "minicbor::bytes")]
    pub binding: Option<Hash>,
    /// Milliseconds to add to the device's clock, learnt from the bucket's answers.
    #[cbor(skip)]
    pub clock_offset: i64,
    /// The book holds operations that turned out not to count: it has to be read anew.
    #[cbor(n(10), default)]
    pub stale: bool,
    /// Our own log begins after this: what was before is erased (protocol §6.4).
    #[cbor(n(11), default)]
    pub start: Reach,
    /// A name for what was erased and is gone from everything under our name in the bucket.
    #[cbor(n(12), default, with = "minicbor::bytes")]
    pub cleared: Option<[u8; 16]>,
    /// How often a bucket had less of ours than we put, or was another one: what is not in our log, such as photos, has to
    /// be put again as well.
    #[cbor(n(13), default)]
    pub refills: u64,
}

impl Sync {
    /// How far the chains reach that are applied here, that of this device included.
    pub fn reach(&self, own: DevId) -> BTreeMap<DevId, Reach> {
        let mut reach: BTreeMap<_, _> = self.cursors.iter().map(|(dev, cursor)| (*dev, cursor.reach())).collect();
        let (segment, opn, stamp, bytes) = (self.segment, self.sealed_opn, self.sealed_stamp, self.bytes);
        reach.insert(own, Reach { segment, opn, stamp, bytes });
        reach
    }
}

/// The packs that this device made of its segments.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Packs {
    /// Those that heads name, by number.
    #[cbor(n(0), default)]
    pub list: Vec<Packed>,
    /// The last segment that was looked at: packed, or too large to be.
    #[cbor(n(1), default)]
    pub looked: u64,
    /// Packs up to this segment were read back from the bucket and are whole.
    #[cbor(n(2), default)]
    pub verified: u64,
    /// The deletion that is announced.
    #[cbor(n(3), default)]
    pub floor: Option<Floor>,
    /// Since when the head that announces it is in the bucket, in milliseconds since 1970; 0 while it is not.
    #[cbor(n(4), default)]
    pub announced_ms: u64,
    /// Packed segments up to this one are deleted.
    #[cbor(n(5), default)]
    pub deleted: u64,
    /// When one was begun that is not there yet, or was found damaged, in milliseconds since 1970; 0 if neither.
    #[cbor(n(6), default)]
    pub failed_ms: u64,
}

/// The snapshots that this device wrote into the bucket.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Snapshots {
    /// The last number that was begun; a number is used once.
    #[cbor(n(0), default)]
    pub last: u64,
    /// When that was, in milliseconds since 1970.
    #[cbor(n(1), default)]
    pub begun_ms: u64,
    /// The whole one that heads name.
    #[cbor(n(2), default)]
    pub named: Option<Offer>,
    /// Of which numbers something may lie in the bucket, with how many parts.
    #[cbor(n(3), default)]
    pub lying: BTreeMap<u64, u16>,
    /// The number at whose naming the older ones were last cleared away.
    #[cbor(n(4), default)]
    pub swept: u64,
}

/// The end of a chain: how many objects, and the hash of the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct HeadMark {
    /// Its number; a number is used once.
    #[cbor(n(0), default)]
    pub seq: u64,
    /// Hash of the object: a head of ours with another hash was written by a copy of this device.
    #[cbor(n(1), default, with = "minicbor::bytes")]
    pub hash: Hash,
    /// Last operation it promises.
    #[cbor(n(2), default)]
    pub opn: u64,
    /// Last segment it promises.
    #[cbor(n(3), default)]
    pub segment: u64,
    /// Last control entry it promises.
    #[cbor(n(4), default)]
    pub control: u64,
    /// How many packs it names.
    #[cbor(n(5), default)]
    pub packs: u64,
    /// The floor it announces, 0 for none.
    #[cbor(n(6), default)]
    pub floor: u64,
    /// The snapshot it names, 0 for none.
    #[cbor(n(7), default)]
    pub snapshot: u64,
    /// Hash of its `seen` table and its standing, so that an idle device does not rewrite it for nothing.
    #[cbor(n(8), default, with = "minicbor::bytes")]
    pub seen: Hash,
    /// When it was sealed, in milliseconds since 1970.
    #[cbor(n(9), default)]
    pub at_ms: u64,
    /// Up to where it says that our log is gone, 0 for nowhere.
    #[cbor(n(10), default)]
    pub start: u64,
    /// What it says that we have nothing of any more.
    #[cbor(n(11), default, with = "minicbor::bytes")]
    pub rest: Option<[u8; 16]>,
}

/// Our own objects that the bucket has confirmed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Pushed {
    /// The vault object is there.
    #[cbor(n(0), default)]
    pub vault: bool,
    /// Last control entry there.
    #[cbor(n(1), default)]
    pub control: u64,
    /// Last segment there.
    #[cbor(n(2), default)]
    pub segment: u64,
    /// Last operation that a head there promises: everything up to it is shared.
    #[cbor(skip)]
    pub opn: u64,
    /// Number of the last head there.
    #[cbor(n(3), default)]
    pub head: u64,
    /// Entity tag of that head; empty when the bucket did not tell.
    #[cbor(n(4), default)]
    pub etag: String,
}

/// How far one other device's chains have been applied here.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// Last segment applied.
    #[cbor(n(0), default)]
    pub segment: Link,
    /// Last operation applied.
    #[cbor(n(1), default)]
    pub opn: u64,
    /// Stamp of that operation.
    #[cbor(n(2), default)]
    pub stamp: Stamp,
    /// Bytes of all segments applied.
    #[cbor(n(3), default)]
    pub bytes: u64,
    /// Last control entry applied.
    #[cbor(n(4), default)]
    pub control: Link,
    /// Number of the last head read: an older one later is a rollback.
    #[cbor(n(5), default)]
    pub head: u64,
    /// Entity tag of that head; unchanged means nothing new.
    #[cbor(n(6), default)]
    pub etag: String,
    /// When that was, in milliseconds since 1970 by our clock.
    #[cbor(n(7), default)]
    pub heard_ms: u64,
    /// Our last segment that it says it has applied.
    #[cbor(n(8), default)]
    pub saw: u64,
    /// Version of the app that wrote it.
    #[cbor(n(9), default)]
    pub app: String,
    /// The furthest segment that anybody said this device has.
    #[cbor(n(10), default)]
    pub promised: Link,
    /// Who said so.
    #[cbor(n(11), default)]
    pub witness: DevId,
    /// The snapshot that its last head named.
    #[cbor(n(12), default)]
    pub snapshot: Option<Offer>,
    /// Where its book stood, as its last head said.
    #[cbor(n(13), default)]
    pub standing: Option<Standing>,
    /// Its book stood where ours did and held something else.
    #[cbor(n(14), default)]
    pub diverged: bool,
    /// The last segment of a removed device that was taken over by an owner here.
    #[cbor(n(15), default)]
    pub taken: u64,
    /// Its log begins after this, as its last head said.
    #[cbor(n(16), default)]
    pub start: Reach,
    /// What it has nothing of any more, as its last head said.
    #[cbor(n(17), default, with = "minicbor::bytes")]
    pub rest: Option<[u8; 16]>,
    /// More of it came by hand than the bucket has: what the bucket had.
    #[n(18)]
    pub carried: Option<Known>,
}

/// How far a bucket is known to have a device's chains: less than that is a rollback.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(array)]
pub struct Known {
    /// Number of its head.
    #[n(0)]
    pub head: u64,
    /// Its last segment.
    #[n(1)]
    pub segment: u64,
    /// Its last control entry.
    #[n(2)]
    pub control: u64,
}

impl Cursor {
    /// What the bucket is known to have of it.
    pub fn in_bucket(&self) -> Known {
        let read = Known { head: self.head, segment: self.segment.seq, control: self.control.seq };
        self.carried.unwrap_or(read)
    }

    /// How far the chain is applied.
    pub fn reach(&self) -> Reach {
        Reach { segment: self.segment, opn: self.opn, stamp: self.stamp, bytes: self.bytes }
    }
}

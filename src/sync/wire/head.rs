//! Heads, and what they name beside segments: packs and snapshots.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode, bytes::ByteVec};
use serde::{Deserialize, Serialize};

use super::several;
use crate::book::{DevId, Stamp, Standing, VaultId};
use crate::sync::name::Name;
use crate::sync::state::Link;

/// A pack is read for so many segments beyond the first.
const WORTH_A_PACK: u64 = 3;

/// Body of a head.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct HeadBody {
    /// The last segment.
    #[n(0)]
    pub segment: Link,
    /// The last operation.
    #[n(1)]
    pub opn: u64,
    /// Its stamp.
    #[n(2)]
    pub stamp: Stamp,
    /// The last control entry.
    #[n(3)]
    pub control: Link,
    /// How far its author has applied every other device.
    #[n(4)]
    pub seen: BTreeMap<DevId, Link>,
    /// Version of the author's app.
    #[n(5)]
    pub app: String,
    /// The last segment, whole, if it is small.
    #[n(6)]
    pub inline: Option<ByteVec>,
    /// The last control entries, whole, oldest first, as many as fit.
    #[cbor(n(7), default, decode_with = "several::decode")]
    pub control_inline: Vec<ByteVec>,
    /// Packs of its author's segments, by number.
    #[cbor(n(8), default)]
    pub packs: Vec<Packed>,
    /// The last whole snapshot that its author wrote.
    #[n(9)]
    pub snapshot: Option<Offer>,
    /// Up to where packed segments of its author may be gone.
    #[n(10)]
    pub floor: Option<Floor>,
    /// Where its author's book stood when the round began.
    #[n(11)]
    pub standing: Option<Standing>,
    /// The log of its author begins after this: what was before is gone, and a snapshot stands for it.
    #[n(12)]
    pub start: Option<Reach>,
    /// What its author has nothing of any more, of all that was erased.
    #[cbor(n(13), default, with = "minicbor::bytes")]
    pub rest: Option<[u8; 16]>,
}

/// A pack as a head names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(array)]
pub struct Packed {
    /// Its first segment.
    #[n(0)]
    pub from: u64,
    /// Its last segment.
    #[n(1)]
    pub to: u64,
    /// Hash of the pack.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub hash: [u8; 32],
}

impl Packed {
    /// Where it lies.
    pub fn name(&self, vault: VaultId, dev: DevId) -> Name {
        let mut half = [0; 16];
        half.copy_from_slice(&self.hash[..16]);
        Name::Pack(vault, dev, self.from, self.to, half)
    }
}

/// A deletion that is announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(array)]
pub struct Floor {
    /// Packed segments up to this one will be deleted.
    #[n(0)]
    pub seq: u64,
    /// Since when that is announced, in milliseconds since 1970.
    #[n(1)]
    pub since_ms: u64,
}

/// Body of a pack: segments as they were put, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Objects(#[cbor(n(0), decode_with = "several::decode")] pub Vec<ByteVec>);

/// A snapshot as a head names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(array)]
pub struct Offer {
    /// Number and hash of the manifest.
    #[n(0)]
    pub manifest: Link,
    /// Operations it covers, of all devices.
    #[n(1)]
    pub ops: u64,
    /// Bytes of the segments that it stands for.
    #[n(2)]
    pub bytes: u64,
    /// Bytes of its parts.
    #[n(3)]
    pub size: u64,
    /// How many parts.
    #[n(4)]
    pub parts: u16,
    /// What its book had dropped of all that was erased.
    #[cbor(n(5), default, with = "minicbor::bytes")]
    pub erased: Option<[u8; 16]>,
}

impl HeadBody {
    /// The pack that holds a segment, if reading it is better than reading segments alone: because it saves requests,
    /// or because they may be gone.
    pub fn pack_of(&self, seq: u64) -> Option<&Packed> {
        let pack = self.packs.iter().find(|pack| pack.from <= seq && seq <= pack.to && pack.to <= self.segment.seq)?;
        let gone = self.floor.is_some_and(|floor| floor.seq >= pack.to);
        (gone || pack.to - seq >= WORTH_A_PACK).then_some(pack)
    }

    /// How many requests it takes to read the segments after one.
    pub fn requests_after(&self, seq: u64) -> u64 {
        let spared = self.packs.iter().filter(|pack| pack.to > seq).map(|pack| {
            let first = pack.from.max(seq.saturating_add(1));
            if self.pack_of(first) == Some(pack) { pack.to.saturating_sub(first) } else { 0 }
        });
        self.segment.seq.saturating_sub(seq).saturating_sub(spared.fold(0, u64::saturating_add))
    }
}

/// How far the chain of one device reaches: in a snapshot, in the pages of a checkpoint, or up to where it is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(array)]
pub struct Reach {
    /// The last segment of which every operation is covered.
    #[n(0)]
    pub segment: Link,
    /// The last operation covered, which may lie in a later segment.
    #[n(1)]
    pub opn: u64,
    /// Its stamp.
    #[n(2)]
    pub stamp: Stamp,
    /// Bytes of all segments up to that segment.
    #[n(3)]
    pub bytes: u64,
}

/// Body of the manifest of a snapshot.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// How far it reaches.
    #[n(0)]
    pub frontier: BTreeMap<DevId, Reach>,
    /// Hashes of the parts, in order.
    #[n(1)]
    pub parts: Vec<PartHash>,
    /// The base of the book, for no place of any tail.
    #[n(2)]
    pub base: ByteVec,
    /// Where the book stands that it holds.
    #[n(3)]
    pub standing: Standing,
    /// Under which grants the pages were made; none while there are none.
    #[cbor(n(4), default, with = "minicbor::bytes")]
    pub mark: Option<[u8; 16]>,
}

/// The hash of a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(transparent)]
pub struct PartHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// Body of a part of a snapshot: pages, each as it lies in a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Pages(#[cbor(n(0), decode_with = "several::decode")] pub Vec<ByteVec>);

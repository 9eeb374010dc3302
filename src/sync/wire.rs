//! What is inside the objects. CBOR with numbered fields: an unknown field is skipped, a missing optional one is
//! its default, so that versions of the app can differ.

use std::collections::BTreeMap;

use minicbor::{Decode, Decoder, Encode, Encoder, bytes::ByteVec, decode, encode};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::keys::PublicKeys;
use super::state::Link;
use crate::book::{DevId, Stamp, Standing, VaultId};

/// The last segment goes into the head as well if it is no longer than this.
pub const INLINE_SEGMENT: usize = 16 << 10;
/// The last control entries go into the head as well as long as they are together no longer than this.
pub const INLINE_CONTROL: usize = 4 << 10;

macro_rules! bytes16 {
    ($name:ty) => {
        impl<C> Encode<C> for $name {
            fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<C> Decode<'_, C> for $name {
            fn decode(d: &mut Decoder<'_>, _: &mut C) -> Result<Self, decode::Error> {
                Self::from_slice(d.bytes()?).ok_or_else(|| decode::Error::message("id of another length"))
            }
        }
    };
}

bytes16!(DevId);
bytes16!(VaultId);

impl<C> Encode<C> for Stamp {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.u64(self.0)?.ok()
    }
}

impl<C> Decode<'_, C> for Stamp {
    fn decode(d: &mut Decoder<'_>, _: &mut C) -> Result<Self, decode::Error> {
        d.u64().map(Self)
    }
}

/// Encodes a body. Writing to memory cannot fail.
pub fn to_bytes<T: Encode<()>>(body: &T) -> Vec<u8> {
    match minicbor::to_vec(body) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("encoding into memory: {error}"),
    }
}

/// Decodes a body; nothing may follow it.
pub fn from_bytes<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, Fault> {
    let mut decoder = Decoder::new(bytes);
    let body = decoder.decode().map_err(|_| Fault::Malformed)?;
    if decoder.position() == bytes.len() { Ok(body) } else { Err(Fault::Malformed) }
}

/// Body of the vault object, clear.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct VaultBody {
    /// The founder's keys.
    #[n(0)]
    pub owner: PublicKeys,
    /// What the vault's id was made with.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// When, in milliseconds since 1970.
    #[n(2)]
    pub created_ms: u64,
    /// Format of the vault, 1.
    #[n(3)]
    pub format: u32,
}

/// What a person's device may do. Recorded; every device will check operations against it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// 店主: everything, and gives out roles.
    #[n(1)]
    Owner,
    /// 管档: the customer file and its cleaning.
    #[n(2)]
    Keeper,
    /// 店长: standards, checks, complaints, reports.
    #[n(3)]
    Manager,
    /// 店员: daily work.
    #[n(4)]
    Staff,
    /// 只看: reading.
    #[n(5)]
    Viewer,
}

/// A device enters the vault.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Enrol {
    /// Its keys, which must give its id.
    #[n(0)]
    pub keys: PublicKeys,
    /// Its name, for people.
    #[n(1)]
    pub name: String,
    /// Public key of the invitation; none for the founder.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub invite: Option<[u8; 32]>,
    /// Signature of the invitation's key over "dianbu join" ‖ vault ‖ device.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: Option<[u8; 64]>,
    /// When, in milliseconds since 1970, by the device's clock.
    #[n(4)]
    pub at_ms: u64,
}

/// A member opens the vault to devices that know a secret.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Invite {
    /// Public key that follows from the secret.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub public: [u8; 32],
    /// What those devices may do.
    #[n(1)]
    pub role: Role,
    /// How many devices.
    #[n(2)]
    pub uses: u32,
    /// Until when, in milliseconds since 1970.
    #[n(3)]
    pub expires_ms: u64,
}

/// An entry of a control chain: `[type, body]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Control {
    /// Type 1.
    Enrol(Enrol),
    /// Type 2.
    Invite(Invite),
    /// A type that this version does not know. The entry is kept as it came.
    Unknown(u32),
}

impl<C> Encode<C> for Control {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?;
        match self {
            Self::Enrol(body) => e.u32(1)?.encode(body)?.ok(),
            Self::Invite(body) => e.u32(2)?.encode(body)?.ok(),
            Self::Unknown(kind) => e.u32(*kind)?.null()?.ok(),
        }
    }
}

impl<C> Decode<'_, C> for Control {
    fn decode(d: &mut Decoder<'_>, _: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(decode::Error::message("control entry is not [type, body]"));
        }
        match d.u32()? {
            1 => d.decode().map(Self::Enrol),
            2 => d.decode().map(Self::Invite),
            kind => d.skip().map(|()| Self::Unknown(kind)),
        }
    }
}

/// Body of a head. Keys 8, 10 and 12 are kept for packs, announced floor and erasures.
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
    #[cbor(n(7), default)]
    pub control_inline: Vec<ByteVec>,
    /// The last whole snapshot that its author wrote.
    #[n(9)]
    pub snapshot: Option<Offer>,
    /// Where its author's book stood when the round began.
    #[n(11)]
    pub standing: Option<Standing>,
}

/// A snapshot as a head names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
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
}

/// How far the chain of one device reaches: in a snapshot, or in the pages of a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(array)]
pub struct Reach {
    /// The last segment of which every operation is covered.
    #[n(0)]
    pub segment: Link,
    /// The last operation covered, which may lie in the segment after it.
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
}

/// The hash of a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(transparent)]
pub struct PartHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// Body of a part of a snapshot: pages, each as it lies in a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Pages(#[n(0)] pub Vec<ByteVec>);

/// Body of an invitation bundle.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Bundle {
    /// The vault's name, for people.
    #[n(0)]
    pub name: String,
    /// The founder.
    #[n(1)]
    pub owner: PublicKeys,
    /// Who invites and signed the bundle.
    #[n(2)]
    pub inviter: PublicKeys,
    /// The keys of all epochs.
    #[n(3)]
    pub epochs: BTreeMap<u32, Key>,
    /// How far the inviter has read every device, itself included: less than that is a rollback.
    #[n(4)]
    pub frontier: BTreeMap<DevId, Link>,
    /// What the invited device may do.
    #[n(5)]
    pub role: Role,
    /// How many devices the invitation allows.
    #[n(6)]
    pub uses: u32,
    /// Until when, in milliseconds since 1970.
    #[n(7)]
    pub expires_ms: u64,
}

/// A key inside a bundle.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
#[expect(missing_debug_implementations, reason = "it is a key")]
pub struct Key(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

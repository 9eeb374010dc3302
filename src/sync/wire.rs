//! What is inside the objects. CBOR with numbered fields: an unknown field is skipped, a missing optional one is
//! its default, so that versions of the app can differ.

use std::collections::BTreeMap;

use minicbor::{Decode, Decoder, Encode, Encoder, bytes::ByteVec, decode, encode};
use serde::{Deserialize, Serialize};

mod head;
mod several;

pub use crate::domain::role::Role;
pub use head::{Floor, HeadBody, Manifest, Objects, Offer, Packed, Pages, PartHash, Reach};

use super::fault::Fault;
use super::keys::PublicKeys;
use super::name::InviteId;
use super::state::Link;
use crate::book::{DevId, Stamp, VaultId};

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
bytes16!(InviteId);

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
    /// Signature of the invitation's key over "dianbu join" ‖ vault ‖ device; of an heir, that of the old device's
    /// key over "dianbu heir" ‖ vault ‖ device.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: Option<[u8; 64]>,
    /// When, in milliseconds since 1970, by the device's clock.
    #[n(4)]
    pub at_ms: u64,
    /// The device of which this one was a copy.
    #[n(5)]
    pub heir_of: Option<DevId>,
    /// Who gave the invitation out; none where there is none.
    #[n(6)]
    pub inviter: Option<DevId>,
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
    /// X25519 key that follows from the secret: keys of later epochs are sealed to it, for who comes with it then.
    #[cbor(n(4), default, with = "minicbor::bytes")]
    pub seal: [u8; 32],
    /// The latest key epoch in its bundle.
    #[cbor(n(5), default)]
    pub epoch: u32,
    /// It is a recovery sheet: it is kept on paper, and whoever comes with it ranks before all others.
    #[cbor(n(6), default)]
    pub recovery: bool,
}

/// What a device may do from a point of its chains on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    /// The device.
    #[n(0)]
    pub dev: DevId,
    /// Its role; [`Role::Removed`] takes it out of the vault for good.
    #[n(1)]
    pub role: Role,
    /// Its last segment under the role it had.
    #[n(2)]
    pub segment: Link,
    /// Its last control entry under that role.
    #[n(3)]
    pub control: Link,
    /// Its heirs and the devices that came with its invitations, as far as they stay.
    #[cbor(n(4), default)]
    pub kept: Vec<DevId>,
    /// When, in milliseconds since 1970, by its author's clock.
    #[cbor(n(5), default)]
    pub at_ms: u64,
}

/// A key that new objects are sealed with, for everybody but those who were removed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Epoch {
    /// Its number.
    #[n(0)]
    pub number: u32,
    /// The key, sealed to each device, and to each open invitation by its id.
    #[n(1)]
    pub keys: BTreeMap<DevId, ByteVec>,
    /// The devices that it is kept from.
    #[n(2)]
    pub without: Vec<DevId>,
    /// First half of SHA-256 ("dianbu key" ‖ key): two owners may begin an epoch of one number at the same time.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub id: [u8; 16],
}

/// An invitation is taken back.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Withdraw {
    /// Its id.
    #[n(0)]
    pub invite: InviteId,
    /// The devices that had come with it, as far as its author knew.
    #[n(1)]
    pub came: Vec<DevId>,
}

/// The log of a removed device begins after a segment: what was before is erased, and a snapshot stands for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Cut {
    /// The device.
    #[n(0)]
    pub dev: DevId,
    /// Up to where its log is gone.
    #[n(1)]
    pub start: Reach,
}

/// An entry of a control chain: `[type, body]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Control {
    /// Type 1.
    Enrol(Enrol),
    /// Type 2.
    Invite(Invite),
    /// Type 3.
    Withdraw(Withdraw),
    /// Type 4.
    Grant(Grant),
    /// Type 5.
    Epoch(Epoch),
    /// Type 6.
    Cut(Cut),
    /// A type that this version does not know. The entry is kept as it came.
    Unknown(u32),
}

impl<C> Encode<C> for Control {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?;
        match self {
            Self::Enrol(body) => e.u32(1)?.encode(body)?.ok(),
            Self::Invite(body) => e.u32(2)?.encode(body)?.ok(),
            Self::Withdraw(body) => e.u32(3)?.encode(body)?.ok(),
            Self::Grant(body) => e.u32(4)?.encode(body)?.ok(),
            Self::Epoch(body) => e.u32(5)?.encode(body)?.ok(),
            Self::Cut(body) => e.u32(6)?.encode(body)?.ok(),
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
            3 => d.decode().map(Self::Withdraw),
            4 => d.decode().map(Self::Grant),
            5 => d.decode().map(Self::Epoch),
            6 => d.decode().map(Self::Cut),
            kind => d.skip().map(|()| Self::Unknown(kind)),
        }
    }
}

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
    /// The keys of all epochs, the lasting one under 0.
    #[n(3)]
    pub epochs: BTreeMap<u32, Vec<Key>>,
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
    /// Whether it is a recovery sheet.
    #[cbor(n(8), default)]
    pub recovery: bool,
}

/// A key inside a bundle.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
#[expect(missing_debug_implementations, reason = "it is a key")]
pub struct Key(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

//! What is inside the objects. CBOR with numbered fields: an unknown field is skipped, a missing optional one is
//! its default, so that versions of the app can differ.

use std::collections::BTreeMap;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Deserialize, Serialize};

mod head;
mod several;

pub use head::{Floor, HeadBody, Manifest, Objects, Offer, Packed, Pages, PartHash, Reach};

use super::fault::Fault;
use super::keys::PublicKeys;
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

/// An invitation is taken back.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cbor(map)]
pub struct Withdraw {
    /// Its public key.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub public: [u8; 32],
    /// The devices that had come with it, as far as its author knew.
    #[n(1)]
    pub came: Vec<DevId>,
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

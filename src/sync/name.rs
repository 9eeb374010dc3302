//! Where an object lies in the bucket.
//!
//! ```text
//! V/vault                the vault object
//! V/k/{dev}/{seq}        control entry      seq: ten digits, from 0000000001
//! V/i/{invite}           invitation bundle
//! V/h/{dev}              head
//! V/d/{dev}/s/{seq}      segment
//! V/d/{dev}/p/{from}-{to}-{hash}   pack of segments   hash: first half of the pack's, in base64url
//! V/d/{dev}/n/{seq}/manifest   what a snapshot is made of
//! V/d/{dev}/n/{seq}/{part}     part of a snapshot      part: five digits, from 00001
//! V/d/{dev}/b/{id}       photo
//! ```

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::object::Kind;
use crate::book::{DevId, PhotoId, VaultId};

/// An invitation: the first half of a hash of its public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct InviteId(pub [u8; 16]);

impl InviteId {
    /// The id with these bytes, if they are as many as one has.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for InviteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// The name of an object, which says what must stand in its header.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Name {
    /// The vault object.
    Vault(VaultId),
    /// A control entry of a device.
    Control(VaultId, DevId, u64),
    /// An invitation bundle.
    Invite(VaultId, InviteId),
    /// The head of a device.
    Head(VaultId, DevId),
    /// A segment of a device.
    Segment(VaultId, DevId, u64),
    /// A pack of a device's segments, from one number to another, with the first half of its hash.
    Pack(VaultId, DevId, u64, u64, [u8; 16]),
    /// The manifest of a snapshot that a device wrote.
    Manifest(VaultId, DevId, u64),
    /// A part of such a snapshot.
    Part(VaultId, DevId, u64, u16),
    /// A photo of a device.
    Photo(VaultId, DevId, PhotoId),
}

impl Name {
    /// The common beginning of the names of all heads.
    pub fn heads(vault: VaultId) -> String {
        format!("{vault}/h/")
    }

    /// The common beginning of what a device put beside its head and its control entries.
    pub fn of_device(vault: VaultId, dev: DevId) -> String {
        format!("{vault}/d/{dev}/")
    }

    /// The kind of object that belongs there.
    pub fn kind(self) -> Kind {
        match self {
            Self::Vault(..) => Kind::Vault,
            Self::Control(..) => Kind::Control,
            Self::Invite(..) => Kind::Invite,
            Self::Head(..) => Kind::Head,
            Self::Segment(..) => Kind::Segment,
            Self::Pack(..) => Kind::Pack,
            Self::Manifest(..) => Kind::Manifest,
            Self::Part(..) => Kind::Part,
            Self::Photo(..) => Kind::Photo,
        }
    }

    /// The vault it belongs to.
    pub fn vault(self) -> VaultId {
        match self {
            Self::Vault(vault)
            | Self::Control(vault, ..)
            | Self::Invite(vault, ..)
            | Self::Head(vault, ..)
            | Self::Segment(vault, ..)
            | Self::Pack(vault, ..)
            | Self::Manifest(vault, ..)
            | Self::Part(vault, ..)
            | Self::Photo(vault, ..) => vault,
        }
    }

    /// The device whose object it is, if the name says so.
    pub fn dev(self) -> Option<DevId> {
        match self {
            Self::Control(_, dev, _)
            | Self::Head(_, dev)
            | Self::Segment(_, dev, _)
            | Self::Pack(_, dev, ..)
            | Self::Manifest(_, dev, _)
            | Self::Part(_, dev, ..)
            | Self::Photo(_, dev, _) => Some(dev),
            Self::Vault(..) | Self::Invite(..) => None,
        }
    }

    /// The number of the object, if the name says so. That of a pack is its first segment's; that of a part is its place after 16 bits of its snapshot's; that of a
    /// photo is the first half of its id.
    pub fn seq(self) -> Option<u64> {
        match self {
            Self::Control(_, _, seq) | Self::Segment(_, _, seq) | Self::Manifest(_, _, seq) => Some(seq),
            Self::Pack(_, _, from, ..) => Some(from),
            Self::Part(_, _, seq, part) => Some(seq.checked_shl(16).unwrap_or_default() | u64::from(part)),
            Self::Photo(_, _, PhotoId(id)) => id.first_chunk().map(|half| u64::from_be_bytes(*half)),
            Self::Vault(..) | Self::Invite(..) | Self::Head(..) => None,
        }
    }

    /// Reads a name. Only the one spelling that [`Display`](fmt::Display) gives is a name.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let vault = VaultId::parse(parts.next()?)?;
        // No name has more parts; an endless text is not collected.
        let rest: Vec<&str> = parts.take(6).collect();
        let name = match *rest.as_slice() {
            ["vault"] => Self::Vault(vault),
            ["k", dev, seq] => Self::Control(vault, DevId::parse(dev)?, seq.parse().ok()?),
            ["i", invite] => Self::Invite(vault, InviteId(VaultId::parse(invite)?.0)),
            ["h", dev] => Self::Head(vault, DevId::parse(dev)?),
            ["d", dev, "s", seq] => Self::Segment(vault, DevId::parse(dev)?, seq.parse().ok()?),
            ["d", dev, "p", pack] => {
                let mut pack = pack.splitn(3, '-');
                let (from, to) = (pack.next()?.parse().ok()?, pack.next()?.parse().ok()?);
                Self::Pack(vault, DevId::parse(dev)?, from, to, VaultId::parse(pack.next()?)?.0)
            }
            ["d", dev, "n", seq, "manifest"] => Self::Manifest(vault, DevId::parse(dev)?, seq.parse().ok()?),
            ["d", dev, "n", seq, part] => Self::Part(vault, DevId::parse(dev)?, seq.parse().ok()?, part.parse().ok()?),
            ["d", dev, "b", id] => Self::Photo(vault, DevId::parse(dev)?, PhotoId::parse(id)?),
            _ => return None,
        };
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(vault) => write!(f, "{vault}/vault"),
            Self::Control(vault, dev, seq) => write!(f, "{vault}/k/{dev}/{seq:010}"),
            Self::Invite(vault, invite) => write!(f, "{vault}/i/{invite}"),
            Self::Head(vault, dev) => write!(f, "{vault}/h/{dev}"),
            Self::Segment(vault, dev, seq) => write!(f, "{vault}/d/{dev}/s/{seq:010}"),
            Self::Pack(vault, dev, from, to, hash) => {
                write!(f, "{vault}/d/{dev}/p/{from:010}-{to:010}-{}", BASE64_URL_SAFE_NO_PAD.encode(hash))
            }
            Self::Manifest(vault, dev, seq) => write!(f, "{vault}/d/{dev}/n/{seq:010}/manifest"),
            Self::Part(vault, dev, seq, part) => write!(f, "{vault}/d/{dev}/n/{seq:010}/{part:05}"),
            Self::Photo(vault, dev, id) => write!(f, "{vault}/d/{dev}/b/{id}"),
        }
    }
}

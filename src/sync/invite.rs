//! The invitation that a link or QR code carries.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use minicbor::{Decode, Encode};

use super::keys::{InviteKeys, invite_id};
use super::name::{InviteId, Name};
use super::wire;
use crate::book::{DevId, VaultId};
use crate::remote::Connection;

/// Everything a new device needs to find the bundle and open it. Whoever has it can join: it is a secret.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct Invitation {
    /// The bucket.
    pub connection: Connection,
    /// The vault.
    pub vault: VaultId,
    /// From this follow the keys that open the bundle and sign the enrolment.
    pub secret: [u8; 16],
    /// The device that invites: the bundle must carry its keys and signature.
    pub inviter: DevId,
}

/// The invitation as an array, in the order of the fields.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Payload<'a> {
    #[n(0)]
    version: u8,
    #[b(1)]
    endpoint: &'a str,
    #[b(2)]
    bucket: &'a str,
    #[b(3)]
    region: &'a str,
    #[b(4)]
    prefix: &'a str,
    #[b(5)]
    access_key: &'a str,
    #[b(6)]
    secret_key: &'a str,
    #[n(7)]
    vault: VaultId,
    #[cbor(n(8), with = "minicbor::bytes")]
    secret: [u8; 16],
    #[n(9)]
    inviter: DevId,
}

const VERSION: u8 = 1;

impl Invitation {
    /// The text that follows `#/join?i=` in a link: base64url of a CBOR array.
    pub fn to_link_payload(&self) -> String {
        let Connection { endpoint, bucket, region, prefix, access_key, secret_key } = &self.connection;
        let &Self { vault, secret, inviter, .. } = self;
        let payload = Payload {
            version: VERSION,
            endpoint,
            bucket,
            region,
            prefix,
            access_key,
            secret_key,
            vault,
            secret,
            inviter,
        };
        BASE64_URL_SAFE_NO_PAD.encode(wire::to_bytes(&payload))
    }

    /// Reads that text; none if it is not one of ours, or of a newer version.
    pub fn from_link_payload(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
        let payload: Payload<'_> = wire::from_bytes(&bytes).ok()?;
        let Payload { version, vault, secret, inviter, .. } = payload;
        let connection = Connection {
            endpoint: payload.endpoint.to_owned(),
            bucket: payload.bucket.to_owned(),
            region: payload.region.to_owned(),
            prefix: payload.prefix.to_owned(),
            access_key: payload.access_key.to_owned(),
            secret_key: payload.secret_key.to_owned(),
        };
        (version == VERSION).then_some(Self { connection, vault, secret, inviter })
    }

    /// That text within a link to it, or within a message that holds such a link.
    pub fn payload_in(text: &str) -> Option<&str> {
        let (_, payload) = text.split_once("#/join?i=")?;
        payload.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).next()
    }

    /// Where its bundle lies.
    pub fn name(&self) -> Name {
        Name::Invite(self.vault, self.id())
    }

    /// What it is called.
    pub fn id(&self) -> InviteId {
        invite_id(self.inviter, &InviteKeys::new(&self.secret).public())
    }
}

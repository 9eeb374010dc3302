//! Who a device is, and which keys open what.

use std::collections::BTreeMap;
use std::fmt;

use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use x25519_dalek::StaticSecret;

use super::name::InviteId;
use super::object::Kind;
use crate::book::{DevId, VaultId};

/// A source of random bytes: the operating system's or the browser's, a seeded one in tests.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

/// The next `N` random bytes.
pub fn draw<const N: usize>(random: Random<'_>) -> [u8; N] {
    let mut bytes = [0; N];
    random(&mut bytes);
    bytes
}

/// A device's secrets. They never leave it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    sign: [u8; 32],
    seal: [u8; 32],
}

impl Identity {
    /// A new device.
    pub fn new(random: Random<'_>) -> Self {
        Self { sign: draw(random), seal: draw(random) }
    }

    /// The name of the device.
    pub fn dev(&self) -> DevId {
        self.public().dev()
    }

    /// What others may know.
    pub fn public(&self) -> PublicKeys {
        PublicKeys {
            sign: self.signer().verifying_key().to_bytes(),
            seal: x25519_dalek::PublicKey::from(&StaticSecret::from(self.seal)).to_bytes(),
        }
    }

    /// The key that signs everything this device writes.
    pub fn signer(&self) -> SigningKey {
        SigningKey::from_bytes(&self.sign)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.dev()).finish()
    }
}

/// A device's public keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct PublicKeys {
    /// Ed25519: checks its signatures.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sign: [u8; 32],
    /// X25519: seals a new epoch's key to it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub seal: [u8; 32],
}

impl PublicKeys {
    /// The device that has these keys: the first half of SHA-256 (sign ‖ seal).
    pub fn dev(&self) -> DevId {
        DevId(half(&[&self.sign, &self.seal]))
    }
}

/// The first 16 bytes of the SHA-256 of the parts.
fn half(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize()[..16]);
    first
}

/// The vault that a device belongs to, with the keys that read it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vault {
    /// Its id, which commits to the founder: SHA-256 ("dianbu vault" ‖ founder's device id ‖ salt), first half.
    pub id: VaultId,
    /// Its name, for people.
    pub name: String,
    /// The founder.
    pub owner: PublicKeys,
    /// Keys by epoch, from 1.
    epochs: BTreeMap<u32, [u8; 32]>,
}

impl Vault {
    /// The id of the vault that this founder made with this salt.
    pub fn id_of(owner: DevId, salt: &[u8; 16]) -> VaultId {
        VaultId(half(&[b"dianbu vault", &owner.0, salt]))
    }

    /// A vault with these keys.
    pub fn new(id: VaultId, name: String, owner: PublicKeys, epochs: BTreeMap<u32, [u8; 32]>) -> Self {
        Self { id, name, owner, epochs }
    }

    /// The epoch that new objects are sealed in.
    pub fn epoch(&self) -> u32 {
        self.epochs.last_key_value().map_or(0, |(epoch, _)| *epoch)
    }

    /// The keys of all epochs, to hand on in an invitation.
    pub fn epochs(&self) -> &BTreeMap<u32, [u8; 32]> {
        &self.epochs
    }

    /// The key of one object; none if the epoch is unknown here.
    pub fn object_key(&self, epoch: u32, kind: Kind, dev: DevId, seq: u64) -> Option<[u8; 32]> {
        let seq = seq.to_be_bytes();
        self.epochs.get(&epoch).map(|key| derive(key, &[b"dianbu", &[kind as u8], &dev.0, &seq]))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("id", &self.id).field("epoch", &self.epoch()).finish_non_exhaustive()
    }
}

/// HKDF-SHA256 without salt; the parts of `info` are joined.
pub fn derive(secret: &[u8], info: &[&[u8]]) -> [u8; 32] {
    let mut key = [0; 32];
    match Hkdf::<Sha256>::new(None, secret).expand_multi_info(info, &mut key) {
        Ok(()) => key,
        Err(_) => unreachable!("32 bytes are within the range of the function"),
    }
}

/// The keys that follow from the secret of an invitation.
#[expect(missing_debug_implementations, reason = "secrets are not for printing")]
pub struct InviteKeys {
    /// Signs the joiner's enrolment.
    pub signer: SigningKey,
    /// Opens the bundle.
    pub seal: [u8; 32],
}

impl InviteKeys {
    /// Derives them.
    pub fn new(secret: &[u8; 16]) -> Self {
        Self {
            signer: SigningKey::from_bytes(&derive(secret, &[b"dianbu invite sign"])),
            seal: derive(secret, &[b"dianbu invite seal"]),
        }
    }

    /// Public half of the key that signs enrolments.
    pub fn public(&self) -> [u8; 32] {
        self.signer.verifying_key().to_bytes()
    }
}

/// The name of the invitation with this public key.
pub fn invite_id(public: &[u8; 32]) -> InviteId {
    InviteId(half(&[b"dianbu invite", public]))
}

/// What a device's old key signs when a copy of it becomes a device of its own.
pub fn heir_message(vault: VaultId, dev: DevId) -> Vec<u8> {
    [b"dianbu heir".as_slice(), &vault.0, &dev.0].concat()
}

/// What an invitation's key signs when a device joins.
pub fn join_message(vault: VaultId, dev: DevId) -> Vec<u8> {
    [b"dianbu join".as_slice(), &vault.0, &dev.0].concat()
}

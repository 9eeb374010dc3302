//! Who a device is, and which keys open what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use dianbu_crypto::Cipher;
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use x25519_dalek::StaticSecret;

use super::name::InviteId;
use super::object::Kind;
use super::wire::Epoch;
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
#[derive(Clone, Serialize, Deserialize)]
pub struct Identity {
    sign: [u8; 32],
    seal: [u8; 32],
    /// They follow from the secrets, by arithmetic that is worth doing once.
    #[serde(skip)]
    public: OnceLock<PublicKeys>,
}

impl Identity {
    /// A new device.
    pub fn new(random: Random<'_>) -> Self {
        Self { sign: draw(random), seal: draw(random), public: OnceLock::new() }
    }

    /// The name of the device.
    pub fn dev(&self) -> DevId {
        self.public().dev()
    }

    /// What others may know.
    pub fn public(&self) -> PublicKeys {
        *self.public.get_or_init(|| PublicKeys {
            sign: self.signer().verifying_key().to_bytes(),
            seal: x25519_dalek::PublicKey::from(&StaticSecret::from(self.seal)).to_bytes(),
        })
    }

    /// The key that opens what is sealed to this device.
    pub fn opener(&self) -> StaticSecret {
        StaticSecret::from(self.seal)
    }

    /// The key that signs everything this device writes.
    pub fn signer(&self) -> SigningKey {
        SigningKey::from_bytes(&self.sign)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        (self.sign, self.seal) == (other.sign, other.seal)
    }
}

impl Eq for Identity {}

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
    /// Keys by epoch, from 1; the lasting key under 0. Two owners can begin an epoch of one number at the same time:
    /// then both keys are of use.
    epochs: BTreeMap<u32, BTreeSet<[u8; 32]>>,
    /// The secret of the invitation that this device came with, as a key that opens what was sealed to it meanwhile.
    #[serde(default)]
    came_with: Option<(InviteId, [u8; 32])>,
}

/// Epoch of the key that lasts as long as the vault: control entries and heads are sealed with it, so that everybody who
/// ever was a member finds the way to the newer keys that are meant for them. It opens nothing that a shop writes.
pub const LASTING: u32 = 0;

impl Vault {
    /// The id of the vault that this founder made with this salt.
    pub fn id_of(owner: DevId, salt: &[u8; 16]) -> VaultId {
        VaultId(half(&[b"dianbu vault", &owner.0, salt]))
    }

    /// A vault with these keys.
    pub fn new(id: VaultId, name: String, owner: PublicKeys, epochs: BTreeMap<u32, BTreeSet<[u8; 32]>>) -> Self {
        Self { id, name, owner, epochs, came_with: None }
    }

    /// Remembers the invitation that this device came with.
    pub(super) fn came_with(&mut self, by: DevId, keys: &InviteKeys) {
        self.came_with = Some((invite_id(by, &keys.public()), keys.opener.to_bytes()));
    }

    /// The latest epoch whose key is here.
    pub fn epoch(&self) -> u32 {
        self.epochs.last_key_value().map_or(LASTING, |(epoch, _)| *epoch)
    }

    /// The epoch that a new object of this kind is sealed in.
    pub fn epoch_of(&self, kind: Kind) -> u32 {
        if matches!(kind, Kind::Control | Kind::Head) { LASTING } else { self.epoch() }
    }

    /// The keys of all epochs, to hand on in an invitation.
    pub fn epochs(&self) -> &BTreeMap<u32, BTreeSet<[u8; 32]>> {
        &self.epochs
    }

    /// The key of an epoch, by its id where two could have one number.
    pub(super) fn key(&self, epoch: u32, id: Option<&[u8; 16]>) -> Option<&[u8; 32]> {
        self.epochs.get(&epoch)?.iter().find(|key| id.is_none_or(|id| key_id(key) == *id))
    }

    /// Whether the key with this id is here.
    pub(super) fn has(&self, epoch: u32, id: &[u8; 16]) -> bool {
        self.key(epoch, Some(id)).is_some()
    }

    /// Takes in the key of an epoch; whether it was new.
    pub(super) fn learn(&mut self, epoch: u32, key: [u8; 32]) -> bool {
        self.epochs.entry(epoch).or_default().insert(key)
    }

    /// The key in an entry that begins an epoch, if it is sealed to this device or to the invitation it came with.
    pub(super) fn open_epoch(&self, identity: &Identity, epoch: &Epoch) -> Option<[u8; 32]> {
        let open = |id: DevId, secret: StaticSecret| open_key(epoch.keys.get(&id)?, &secret);
        let by_invite = || self.came_with.and_then(|(id, secret)| open(DevId(id.0), StaticSecret::from(secret)));
        let key = open(identity.dev(), identity.opener()).or_else(by_invite)?;
        (key_id(&key) == epoch.id).then_some(key)
    }

    /// The key of one object; none if the epoch is unknown here.
    pub fn object_key(&self, epoch: u32, kind: Kind, dev: DevId, seq: u64) -> Option<[u8; 32]> {
        self.object_keys(epoch, kind, dev, seq).next()
    }

    /// The keys that may open an object; usually one, none if the epoch is unknown here.
    pub fn object_keys(&self, epoch: u32, kind: Kind, dev: DevId, seq: u64) -> impl Iterator<Item = [u8; 32]> {
        self.epochs.get(&epoch).into_iter().flatten().map(move |key| object_key(key, kind, dev, seq))
    }
}

/// The key of one object, from that of its epoch, or the secret of a photo.
pub(super) fn object_key(epoch: &[u8], kind: Kind, dev: DevId, seq: u64) -> [u8; 32] {
    derive(epoch, &[b"dianbu", &[kind as u8], &dev.0, &seq.to_be_bytes()])
}

/// What a key is called where it must not be shown.
pub(super) fn key_id(key: &[u8; 32]) -> [u8; 16] {
    half(&[b"dianbu key", key])
}

/// Seals a key to an X25519 public key: fresh public key ‖ `XChaCha20-Poly1305` under
/// HKDF (shared secret, "dianbu epoch" ‖ fresh public key ‖ recipient's public key), nonce zero.
pub(super) fn seal_key(key: &[u8; 32], to: [u8; 32], fresh: [u8; 32]) -> Vec<u8> {
    let (fresh, to) = (StaticSecret::from(fresh), x25519_dalek::PublicKey::from(to));
    let public = x25519_dalek::PublicKey::from(&fresh);
    let cipher = cipher_between(&fresh, &to, &public, &to);
    let mut sealed = key.to_vec();
    match cipher.seal(&[0; 24], &[], &mut sealed) {
        Ok(()) => [public.as_bytes().as_slice(), &sealed].concat(),
        Err(_) => unreachable!("sealing 32 bytes in memory"),
    }
}

/// Opens such a key with the recipient's secret.
fn open_key(sealed: &[u8], own: &StaticSecret) -> Option<[u8; 32]> {
    let (public, sealed) = sealed.split_first_chunk::<32>()?;
    let public = x25519_dalek::PublicKey::from(*public);
    let cipher = cipher_between(own, &public, &public, &x25519_dalek::PublicKey::from(own));
    let mut key = sealed.to_vec();
    cipher.open(&[0; 24], &[], &mut key).ok()?;
    key.try_into().ok()
}

fn cipher_between(
    secret: &StaticSecret,
    other: &x25519_dalek::PublicKey,
    fresh: &x25519_dalek::PublicKey,
    to: &x25519_dalek::PublicKey,
) -> Cipher {
    let shared = secret.diffie_hellman(other);
    let key = derive(shared.as_bytes(), &[b"dianbu epoch", fresh.as_bytes(), to.as_bytes()]);
    Cipher::new(&key)
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
    /// Opens the keys of epochs that began after it was given out.
    pub opener: StaticSecret,
}

impl InviteKeys {
    /// Derives them.
    pub fn new(secret: &[u8; 16]) -> Self {
        Self {
            signer: SigningKey::from_bytes(&derive(secret, &[b"dianbu invite sign"])),
            seal: derive(secret, &[b"dianbu invite seal"]),
            opener: StaticSecret::from(derive(secret, &[b"dianbu invite open"])),
        }
    }

    /// Public half of the key that later epochs are sealed to.
    pub fn seal_to(&self) -> [u8; 32] {
        x25519_dalek::PublicKey::from(&self.opener).to_bytes()
    }

    /// Public half of the key that signs enrolments.
    pub fn public(&self) -> [u8; 32] {
        self.signer.verifying_key().to_bytes()
    }
}

/// The name of the invitation that a device gave out with this public key. The same key in an entry of somebody else is
/// another invitation: whose entry arrived first must not matter.
pub fn invite_id(by: DevId, public: &[u8; 32]) -> InviteId {
    InviteId(half(&[b"dianbu invite", &by.0, public]))
}

/// What a device's old key signs when a copy of it becomes a device of its own.
pub fn heir_message(vault: VaultId, dev: DevId) -> Vec<u8> {
    [b"dianbu heir".as_slice(), &vault.0, &dev.0].concat()
}

/// What an invitation's key signs when a device joins.
pub fn join_message(vault: VaultId, dev: DevId) -> Vec<u8> {
    [b"dianbu join".as_slice(), &vault.0, &dev.0].concat()
}

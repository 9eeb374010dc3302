//! Founding a vault and joining one: pure functions that say what to store.

use serde::Serialize;

use super::engine::Commit;
use super::fault::Fault;
use super::invite::Invitation;
use super::keys::{Identity, InviteKeys, LASTING, Random, Vault, draw, join_message};
use super::name::Name;
use super::object::{Kind, Place, Sealed, hash, seal};
use super::roster::Roster;
use super::state::{Cursor, Link, State, Sync};
use super::wire::{self, Bundle, Control, Enrol, VaultBody};
use crate::book::{DevId, VaultId};
use crate::store::Change;
use ed25519_dalek::Signer;

/// Name under which `meta` keeps the device's [`Identity`].
pub const META_IDENTITY: &str = "identity";
/// Name under which `meta` keeps the device's id: it follows from the identity, but a start should not have to compute
/// it.
pub const META_DEVICE: &str = "device";
/// Name under which `meta` keeps the [`Vault`].
pub const META_VAULT: &str = "vault";
/// Name under which `meta` keeps the [`Roster`].
pub const META_ROSTER: &str = "roster";

/// Encodes a named value. Writing to memory cannot fail.
pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    match minicbor_serde::to_vec(value) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("encoding into memory: {error}"),
    }
}

/// Seals the next entry of an own control chain: its name, the object, and the new end of the chain.
pub(super) fn seal_control(
    identity: &Identity,
    vault: &Vault,
    chain: Link,
    entry: &Control,
    nonce: [u8; 24],
) -> Result<(Name, Vec<u8>, Link), Fault> {
    let dev = identity.dev();
    let (seq, epoch) = (chain.seq + 1, LASTING);
    let place = Place { kind: Kind::Control, vault: vault.id, dev, seq, prev: chain.hash, epoch };
    let key = vault.object_key(epoch, place.kind, dev, seq).ok_or(Fault::UnknownEpoch)?;
    let object = seal(&place, &wire::to_bytes(entry), Some(&key), nonce, &identity.signer())?;
    let link = Link { seq, hash: hash(&object) };
    Ok((Name::Control(vault.id, dev, seq), object, link))
}

/// The device's id among the store's named values; none before it has a vault.
pub fn device(meta: &[(String, Vec<u8>)]) -> Option<DevId> {
    let (_, id) = meta.iter().find(|(name, _)| name == META_DEVICE)?;
    id.as_slice().try_into().ok().map(DevId)
}

/// What a device is called by people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Names {
    /// The vault's name, such as the shop's.
    pub vault: String,
    /// The device's name, such as 前台平板.
    pub device: String,
}

/// A vault that is being founded: in two steps, since each takes a moment on a slow device.
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Founding {
    vault: Vault,
    object: Vec<u8>,
    device: String,
    at_ms: u64,
}

impl Founding {
    /// Begins with this device as the owner: the vault's keys, and the object that says so.
    pub fn begin(identity: &Identity, names: Names, now_ms: u64, random: Random<'_>) -> Result<Self, Fault> {
        let (owner, salt) = (identity.public(), draw(random));
        let id = Vault::id_of(owner.dev(), &salt);
        let vault =
            Vault::new(id, names.vault, owner, [(LASTING, [draw(random)].into()), (1, [draw(random)].into())].into());
        let body = VaultBody { owner, salt, created_ms: now_ms, format: 1 };
        let place = Place { kind: Kind::Vault, vault: id, dev: owner.dev(), seq: 1, prev: [0; 32], epoch: 0 };
        let object = seal(&place, &wire::to_bytes(&body), None, draw(random), &identity.signer())?;
        Ok(Self { vault, object, device: names.device, at_ms: now_ms })
    }

    /// The commit that founds it. It works at once, with no bucket: everything is sealed here and PUT when a bucket is
    /// bound. The commit carries the identity, the vault and the first entries; run it with [`Commit::apply`] in a
    /// transaction on the state it was made from.
    pub fn commit(self, state: &State, identity: &Identity, random: Random<'_>) -> Result<Commit, Fault> {
        let enrol = Enrol {
            keys: identity.public(),
            name: self.device,
            invite: None,
            inviter: None,
            proof: None,
            at_ms: self.at_ms,
            heir_of: None,
        };
        enter(state, identity, &self.vault, self.object, enrol, Roster::default(), random)
    }
}

/// Enrols this device in a vault: the commit that stores everything a member has at its start.
fn enter(
    state: &State,
    identity: &Identity,
    vault: &Vault,
    vault_object: Vec<u8>,
    enrol: Enrol,
    mut roster: Roster,
    random: Random<'_>,
) -> Result<Commit, Fault> {
    let entry = Control::Enrol(enrol);
    let (name, object, control) = seal_control(identity, vault, Link::default(), &entry, draw(random))?;
    roster.apply(vault, identity.dev(), 1, entry)?;
    let sync = Sync { revision: state.revision + 1, control, clock_offset: state.clock_offset, ..Sync::default() };
    let change = Change {
        meta: vec![
            (META_IDENTITY.to_owned(), Some(encode(identity))),
            (META_DEVICE.to_owned(), Some(identity.dev().0.to_vec())),
            (META_VAULT.to_owned(), Some(encode(vault))),
            (META_ROSTER.to_owned(), Some(encode(&roster))),
        ],
        log: vec![(Name::Vault(vault.id).to_string(), Some(vault_object)), (name.to_string(), Some(object))],
        ..Change::default()
    };
    Ok(Commit { sync, change, ..Commit::default() })
}

/// Why joining did not work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JoinError {
    /// The vault object is not the one of this vault.
    ForeignVault(Fault),
    /// The bundle is not the one that was made for this invitation.
    BadBundle(Fault),
    /// The invitation has run out.
    Expired {
        /// When, in milliseconds since 1970.
        at_ms: u64,
    },
    /// This device already has sealed operations in another vault: they would stay behind.
    Bound,
}

/// What the bucket holds for an invited device, read and checked.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Welcome {
    secret: [u8; 16],
    vault: Vault,
    vault_object: Vec<u8>,
    bundle: Bundle,
}

impl Welcome {
    /// Reads the vault object and the bundle of the invitation. `now_ms` is the corrected clock.
    pub fn read(invitation: &Invitation, vault_object: Vec<u8>, bundle: &[u8], now_ms: u64) -> Result<Self, JoinError> {
        let owner = check_vault(invitation.vault, &vault_object).map_err(JoinError::ForeignVault)?;
        let bundle = open_bundle(invitation, bundle).map_err(JoinError::BadBundle)?;
        if bundle.owner != owner.owner {
            return Err(JoinError::BadBundle(Fault::Misplaced));
        }
        if now_ms > bundle.expires_ms {
            return Err(JoinError::Expired { at_ms: bundle.expires_ms });
        }
        let keys = |keys: &Vec<wire::Key>| keys.iter().map(|key| key.0).collect();
        let epochs = bundle.epochs.iter().map(|(epoch, of)| (*epoch, keys(of))).collect();
        let mut vault = Vault::new(invitation.vault, bundle.name.clone(), bundle.owner, epochs);
        vault.came_with(invitation.inviter, &InviteKeys::new(&invitation.secret));
        Ok(Self { secret: invitation.secret, vault, vault_object, bundle })
    }

    /// The vault that the invitation opens.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Enrols a device under this name. The identity may be new, or that of a device which has worked alone so
    /// far and has sealed nothing: its operations come along.
    pub fn join(
        &self,
        state: &State,
        identity: &Identity,
        device: String,
        now_ms: u64,
        random: Random<'_>,
    ) -> Result<Commit, JoinError> {
        if state.sealed_opn > 0 {
            return Err(JoinError::Bound);
        }
        let keys = InviteKeys::new(&self.secret);
        let dev = identity.dev();
        let proof = keys.signer.sign(&join_message(self.vault.id, dev)).to_bytes();
        let enrol = Enrol {
            keys: identity.public(),
            name: device,
            invite: Some(keys.public()),
            inviter: Some(self.bundle.inviter.dev()),
            proof: Some(proof),
            at_ms: now_ms,
            heir_of: None,
        };
        // The invitation is in the inviter's chain, which is read in the first round; until then the bundle speaks
        // for it.
        let mut roster = Roster::default();
        let Bundle { inviter, role, uses, expires_ms, recovery, .. } = self.bundle;
        let (public, seal) = (keys.public(), keys.seal_to());
        let invite = wire::Invite { public, role, uses, expires_ms, seal, epoch: self.vault.epoch(), recovery };
        let known = roster.apply(&self.vault, inviter.dev(), 0, Control::Invite(invite));
        let object = self.vault_object.clone();
        let mut commit = known
            .and_then(|()| enter(state, identity, &self.vault, object, enrol, roster, random))
            .map_err(JoinError::BadBundle)?;
        commit.role = Some(role);
        for (&dev, &promised) in &self.bundle.frontier {
            commit.sync.cursors.insert(dev, Cursor { promised, witness: inviter.dev(), ..Cursor::default() });
        }
        Ok(commit)
    }
}

/// Reads a vault object, which must be signed by a founder to whom the vault's id commits.
pub fn check_vault(vault: VaultId, object: &[u8]) -> Result<VaultBody, Fault> {
    let sealed = Sealed::read(object, Name::Vault(vault))?;
    let body: VaultBody = wire::from_bytes(sealed.clear())?;
    let owner = body.owner.dev();
    if body.format != 1 {
        return Err(Fault::Newer);
    }
    if sealed.place.dev != owner || Vault::id_of(owner, &body.salt) != vault {
        return Err(Fault::Misplaced);
    }
    sealed.verify(&body.owner.sign)?;
    Ok(body)
}

/// The bundle must open with the invitation's secret and be signed by the device that the link names.
fn open_bundle(invitation: &Invitation, object: &[u8]) -> Result<Bundle, Fault> {
    let sealed = Sealed::read(object, invitation.name())?;
    let body: Bundle = wire::from_bytes(&sealed.open(&InviteKeys::new(&invitation.secret).seal)?)?;
    if sealed.place.dev != invitation.inviter || body.inviter.dev() != invitation.inviter {
        return Err(Fault::Misplaced);
    }
    sealed.verify(&body.inviter.sign)?;
    Ok(body)
}

//! Who belongs to the vault: what follows from the control entries that were read so far.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::keys::{PublicKeys, Vault, heir_message, invite_id, join_message};
use super::name::InviteId;
use super::wire::{Control, Enrol, Invite, Role, Withdraw};
use crate::book::DevId;
use crate::guard::Guard;

/// A device of the vault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Enrolled {
    /// Its keys.
    pub keys: PublicKeys,
    /// Its name, for people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Since when, in milliseconds since 1970, by its own clock.
    pub since_ms: u64,
    /// The invitation it came with.
    pub invite: Option<InviteId>,
}

/// An invitation that was given out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invited {
    /// Who gave it out.
    pub by: DevId,
    /// What devices that come with it may do.
    pub role: Role,
    /// How many may come.
    pub uses: u32,
    /// Until when, in milliseconds since 1970.
    pub expires_ms: u64,
    /// Its public key.
    #[serde(default)]
    pub public: [u8; 32],
}

/// That an invitation was taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Who took it back.
    pub by: DevId,
    /// The devices that had come with it.
    pub came: BTreeSet<DevId>,
}

/// Members and invitations.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Roster {
    /// Members by device.
    pub members: BTreeMap<DevId, Enrolled>,
    /// Invitations.
    pub invites: BTreeMap<InviteId, Invited>,
    /// What was said about taking invitations back. Only what their authors and owners say counts: see
    /// [`Roster::withdrawn`].
    pub withdrawals: BTreeMap<InviteId, Vec<Withdrawn>>,
}

impl Roster {
    /// The keys of a member.
    pub fn keys(&self, dev: DevId) -> Option<PublicKeys> {
        self.members.get(&dev).map(|member| member.keys)
    }

    /// How many devices came with an invitation.
    pub fn used(&self, invite: InviteId) -> u32 {
        u32::try_from(self.came(invite).count()).unwrap_or(u32::MAX)
    }

    /// Whether an invitation was taken back, by who gave it out or by an owner. Of two who did, each counts: what one
    /// of them knew to have come may stay.
    pub fn withdrawn(&self, invite: InviteId) -> Option<BTreeSet<DevId>> {
        let author = self.invites.get(&invite)?.by;
        let owner = |dev| self.members.get(&dev).is_some_and(|member| member.role == Role::Owner);
        let said = self.withdrawals.get(&invite)?.iter().filter(|said| said.by == author || owner(said.by));
        said.map(|said| said.came.clone()).reduce(|all, came| all.union(&came).copied().collect())
    }

    /// The devices that came with an invitation.
    pub fn came(&self, invite: InviteId) -> impl Iterator<Item = DevId> {
        self.members.iter().filter(move |(_, member)| member.invite == Some(invite)).map(|(dev, _)| *dev)
    }

    /// Takes in an entry of the chain of `dev`, whose signature is already checked.
    pub fn apply(&mut self, vault: &Vault, dev: DevId, entry: Control) -> Result<(), Fault> {
        match entry {
            Control::Enrol(enrol) => self.enrol(vault, dev, enrol),
            Control::Invite(invite) => {
                self.invite(dev, &invite);
                Ok(())
            }
            Control::Withdraw(Withdraw { public, came }) => {
                let said = self.withdrawals.entry(invite_id(&public)).or_default();
                said.push(Withdrawn { by: dev, came: came.into_iter().collect() });
                Ok(())
            }
            Control::Unknown(_) => Ok(()),
        }
    }

    fn invite(&mut self, by: DevId, invite: &Invite) {
        let &Invite { public, role, uses, expires_ms } = invite;
        self.invites.entry(invite_id(&public)).or_insert(Invited { by, role, uses, expires_ms, public });
    }

    fn enrol(&mut self, vault: &Vault, dev: DevId, enrol: Enrol) -> Result<(), Fault> {
        if enrol.keys.dev() != dev {
            return Err(Fault::BadEnrolment);
        }
        let (role, invite) = match (enrol.invite, enrol.proof, enrol.heir_of) {
            (None, None, None) if enrol.keys == vault.owner || !Guard::Founder.stands() => (Role::Owner, None),
            (Some(public), Some(proof), None) => {
                let signed = check(&public, &join_message(vault.id, dev), &proof);
                if Guard::Invited.stands() {
                    signed?;
                }
                let id = invite_id(&public);
                (self.invites.get(&id).ok_or(Fault::UnknownMember)?.role, Some(id))
            }
            // It held the keys, so it may do what they allowed.
            (None, Some(proof), Some(old)) => {
                let old = self.members.get(&old).ok_or(Fault::UnknownMember)?;
                check(&old.keys.sign, &heir_message(vault.id, dev), &proof)?;
                (old.role, None)
            }
            _ => return Err(Fault::BadEnrolment),
        };
        let Enrol { keys, name, at_ms: since_ms, .. } = enrol;
        self.members.insert(dev, Enrolled { keys, name, role, since_ms, invite });
        Ok(())
    }
}

fn check(public: &[u8; 32], message: &[u8], proof: &[u8; 64]) -> Result<(), Fault> {
    let key = VerifyingKey::from_bytes(public).map_err(|_| Fault::BadEnrolment)?;
    key.verify_strict(message, &Signature::from_bytes(proof)).map_err(|_| Fault::BadEnrolment)
}

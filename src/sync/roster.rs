//! Who belongs to the vault: what follows from the control entries that were read so far.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::keys::{PublicKeys, Vault, heir_message, invite_id, join_message};
use super::name::InviteId;
use super::rights::Rights;
use super::wire::{Control, Cut, Enrol, Epoch, Grant, Invite, Role, Withdraw};
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
    /// The device whose keys it held before.
    #[serde(default)]
    pub heir_of: Option<DevId>,
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
    /// Number of the entry.
    #[serde(default)]
    pub seq: u64,
    /// Key that later epochs are sealed to.
    #[serde(default)]
    pub seal: [u8; 32],
    /// The latest epoch in its bundle.
    #[serde(default)]
    pub epoch: u32,
    /// It is a recovery sheet.
    #[serde(default)]
    pub recovery: bool,
}

/// What somebody said about a device's role. What counts of it follows from the rest: see [`Rights`].
///
/// [`Rights`]: super::rights::Rights
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Granted {
    /// Who.
    pub by: DevId,
    /// In which entry.
    pub seq: u64,
    /// What.
    pub grant: Grant,
}

/// A key epoch that somebody began, or handed on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Begun {
    /// Who.
    pub by: DevId,
    /// In which entry.
    pub seq: u64,
    /// The epoch.
    pub number: u32,
    /// Name of its key.
    pub id: [u8; 16],
    /// From whom it is kept.
    pub without: BTreeSet<DevId>,
    /// Devices and invitations that the key is sealed to.
    pub to: BTreeSet<DevId>,
}

/// That an invitation was taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Who took it back.
    pub by: DevId,
    /// In which entry.
    #[serde(default)]
    pub seq: u64,
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
    /// What was said about roles.
    pub grants: Vec<Granted>,
    /// Key epochs.
    pub epochs: Vec<Begun>,
    /// What was said about logs of removed devices: by whom, in which entry. What owners say counts.
    pub cuts: Vec<(DevId, u64, Cut)>,
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
    pub fn withdrawn(&self, rights: &Rights, invite: InviteId) -> Option<BTreeSet<DevId>> {
        let author = self.invites.get(&invite)?.by;
        let counts = |said: &&Withdrawn| match rights.of_entry(said.by, said.seq) {
            Role::Owner => true,
            Role::Removed => false,
            _ => said.by == author,
        };
        let said = self.withdrawals.get(&invite)?.iter().filter(counts);
        said.map(|said| said.came.clone()).reduce(|all, came| all.union(&came).copied().collect())
    }

    /// By how many invitations a device is away from the founder; none for one that is not of the vault.
    pub fn steps(&self, dev: DevId) -> Option<usize> {
        let mut at = dev;
        // Nobody comes before the one who opened the door, so the way ends.
        (0..=self.members.len()).find(|_| {
            let Some(member) = self.members.get(&at) else { return true };
            let inviter = member.invite.and_then(|invite| self.invites.get(&invite)).map(|invited| invited.by);
            let before = inviter.or(member.heir_of);
            before.is_none_or(|before| {
                at = before;
                false
            })
        })
    }

    /// Whether a device came with a recovery sheet.
    pub fn came_by_sheet(&self, dev: DevId) -> bool {
        let invite = self.members.get(&dev).and_then(|member| member.invite);
        invite.and_then(|invite| self.invites.get(&invite)).is_some_and(|invited| invited.recovery)
    }

    /// The devices that came from this one: its heirs, and those that came with its invitations.
    pub fn came_from(&self, dev: DevId) -> impl Iterator<Item = DevId> {
        self.members.iter().filter_map(move |(other, member)| {
            let inviter = member.invite.and_then(|invite| self.invites.get(&invite)).map(|invited| invited.by);
            (inviter == Some(dev) || member.heir_of == Some(dev)).then_some(*other)
        })
    }

    /// The devices that came with an invitation.
    pub fn came(&self, invite: InviteId) -> impl Iterator<Item = DevId> {
        self.members.iter().filter(move |(_, member)| member.invite == Some(invite)).map(|(dev, _)| *dev)
    }

    /// Takes in an entry of the chain of `dev` with its number; its signature is already checked.
    pub fn apply(&mut self, vault: &Vault, dev: DevId, seq: u64, entry: Control) -> Result<(), Fault> {
        match entry {
            Control::Enrol(enrol) => self.enrol(vault, dev, enrol),
            Control::Invite(invite) => {
                self.invite(dev, seq, &invite);
                Ok(())
            }
            Control::Grant(grant) => {
                once(&mut self.grants, Granted { by: dev, seq, grant });
                Ok(())
            }
            Control::Cut(cut) => {
                once(&mut self.cuts, (dev, seq, cut));
                Ok(())
            }
            Control::Epoch(Epoch { number, keys, without, id }) => {
                let (without, to) = (without.into_iter().collect(), keys.into_keys().collect());
                once(&mut self.epochs, Begun { by: dev, seq, number, id, without, to });
                Ok(())
            }
            Control::Withdraw(Withdraw { invite, came }) => {
                let said = self.withdrawals.entry(invite).or_default();
                once(said, Withdrawn { by: dev, seq, came: came.into_iter().collect() });
                Ok(())
            }
            Control::Unknown(_) => Ok(()),
        }
    }

    /// Forgets what a device said after an entry.
    pub fn forget(&mut self, dev: DevId, after: u64) {
        let kept = |by: DevId, seq: u64| by != dev || seq <= after;
        self.grants.retain(|said| kept(said.by, said.seq));
        self.epochs.retain(|begun| kept(begun.by, begun.seq));
        self.cuts.retain(|(by, seq, _)| kept(*by, *seq));
        self.invites.retain(|_, invited| kept(invited.by, invited.seq));
        for said in self.withdrawals.values_mut() {
            said.retain(|said| kept(said.by, said.seq));
        }
    }

    fn invite(&mut self, by: DevId, seq: u64, invite: &Invite) {
        let &Invite { public, role, uses, expires_ms, seal, epoch, recovery } = invite;
        let invited = Invited { by, role, uses, expires_ms, public, seq, seal, epoch, recovery };
        let known = self.invites.entry(invite_id(by, &public)).or_insert_with(|| invited.clone());
        // A joiner knows it from the bundle first, without its number.
        if known.seq == 0 {
            known.seq = seq;
        }
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
                let id = invite_id(enrol.inviter.ok_or(Fault::BadEnrolment)?, &public);
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
        let Enrol { keys, name, at_ms: since_ms, heir_of, .. } = enrol;
        self.members.insert(dev, Enrolled { keys, name, role, since_ms, invite, heir_of });
        Ok(())
    }
}

/// An heir knows the entries already that it reads anew.
fn once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn check(public: &[u8; 32], message: &[u8], proof: &[u8; 64]) -> Result<(), Fault> {
    let key = VerifyingKey::from_bytes(public).map_err(|_| Fault::BadEnrolment)?;
    key.verify_strict(message, &Signature::from_bytes(proof)).map_err(|_| Fault::BadEnrolment)
}

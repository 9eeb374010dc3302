//! Who may do what: what follows from all control entries together, in whatever order they came.
//!
//! A device has the role that it was invited into. A *grant* of an owner gives it another one, or takes it out of the
//! vault, from a point of its chains on. So the role under which something was written depends on its number alone, and
//! all devices that have read the same entries judge it alike. Owners that take each other out are heard in the order of
//! their rank (so control chains are read to their ends, also those of removed devices): a recovery sheet first, then the founder, then who was invited by fewer steps.

use std::collections::BTreeMap;

use super::object::hash;
use super::roster::{Granted, Invited, Roster};
use super::state::Link;
use super::wire::{self, Reach};
use crate::book::DevId;
use crate::domain::role::Role;
use crate::guard::Guard;

/// Nobody is invited over more steps than this; it bounds the work, not a shop.
const STEPS: usize = 64;

/// The roles of all devices, along their chains.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rights {
    /// Roles at the beginning of the chains.
    bases: BTreeMap<DevId, Role>,
    /// The grants that count, by the device they are about, the one that decides last.
    grants: BTreeMap<DevId, Vec<Granted>>,
    /// Up to where the logs of removed devices are gone.
    cuts: BTreeMap<DevId, Reach>,
}

impl Rights {
    /// What follows from the entries that were read.
    pub fn of(roster: &Roster) -> Self {
        let mut rights = Self::default();
        let rank = |dev: DevId| (!roster.came_by_sheet(dev), roster.steps(dev).unwrap_or(STEPS), dev);
        let mut said: Vec<&Granted> = roster.grants.iter().collect();
        said.sort_by_key(|granted| (rank(granted.by), granted.seq));
        for granted in said {
            if rights.was(roster, granted.by, granted.seq) == Role::Owner || !Guard::OwnersOnly.stands() {
                let about = rights.grants.entry(granted.grant.dev).or_default();
                about.push(granted.clone());
                about.sort_by_key(|granted| (granted.grant.at_ms, granted.by, granted.seq));
            }
        }
        rights.bases = roster.members.keys().map(|dev| (*dev, rights.base(roster, *dev, STEPS))).collect();
        for (by, seq, cut) in &roster.cuts {
            if rights.of_entry(*by, *seq) == Role::Owner && rights.role(cut.dev) == Role::Removed {
                let start = rights.cuts.entry(cut.dev).or_default();
                *start = if cut.start.segment.seq > start.segment.seq { cut.start } else { *start };
            }
        }
        rights
    }

    /// Up to where an owner says that the log of a removed device is gone.
    pub fn cut(&self, dev: DevId) -> Option<Reach> {
        self.cuts.get(&dev).copied()
    }

    /// The role that a device began with; none for one that came in a way that does not count.
    fn base(&self, roster: &Roster, dev: DevId, steps: usize) -> Role {
        let (Some(member), Some(steps)) = (roster.members.get(&dev), steps.checked_sub(1)) else {
            return Role::Removed;
        };
        let stays = |from: DevId| self.removal(from).is_none_or(|granted| granted.grant.kept.contains(&dev));
        match (member.invite, member.heir_of) {
            (Some(invite), _) => {
                let Some(invited) = roster.invites.get(&invite) else { return Role::Removed };
                // Before its author is read, the bundle that brought it speaks for it.
                let known = roster.members.contains_key(&invited.by);
                let inviter = if known { self.base(roster, invited.by, steps) } else { Role::Owner };
                let role = self.along(inviter, invited.by, |granted| granted.grant.control.seq < invited.seq);
                if role.may_invite(invited.role) && stays(invited.by) { invited.role } else { Role::Removed }
            }
            // It held the keys, so it may do what they allowed.
            (None, Some(old)) if stays(old) => {
                self.along(self.base(roster, old, steps), old, |granted| granted.grant.role != Role::Removed)
            }
            (None, Some(_)) => Role::Removed,
            (None, None) => Role::Owner,
        }
    }

    /// The role under which a control entry was written, as far as grants are counted yet.
    fn was(&self, roster: &Roster, dev: DevId, entry: u64) -> Role {
        self.along(self.base(roster, dev, STEPS), dev, |granted| granted.grant.control.seq < entry)
    }

    /// The last word of those grants: whoever is removed stays so.
    fn along(&self, base: Role, dev: DevId, counts: impl Fn(&Granted) -> bool) -> Role {
        let roles = self.grants.get(&dev).into_iter().flatten().filter(|granted| counts(granted));
        roles.fold(base, |role, granted| if role == Role::Removed { role } else { granted.grant.role })
    }

    fn since_base(&self, dev: DevId, counts: impl Fn(&Granted) -> bool) -> Role {
        self.bases.get(&dev).map_or(Role::Removed, |base| self.along(*base, dev, counts))
    }

    /// The role under which a segment was written.
    pub fn of_segment(&self, dev: DevId, seq: u64) -> Role {
        self.since_base(dev, |granted| granted.grant.segment.seq < seq)
    }

    /// The role under which a control entry was written.
    pub fn of_entry(&self, dev: DevId, seq: u64) -> Role {
        self.since_base(dev, |granted| granted.grant.control.seq < seq)
    }

    /// Whether a device ever was an owner, whatever became of it: others may have believed it to be one.
    pub fn ever_owned(&self, dev: DevId) -> bool {
        let given = self.grants.get(&dev).into_iter().flatten().map(|granted| granted.grant.role);
        self.bases.get(&dev).copied().into_iter().chain(given).any(|role| role == Role::Owner)
    }

    /// The role of a device now.
    pub fn role(&self, dev: DevId) -> Role {
        self.since_base(dev, |_| true)
    }

    /// The grant that took a device out first.
    pub fn removal(&self, dev: DevId) -> Option<&Granted> {
        let removals = self.grants.get(&dev)?.iter().filter(|granted| granted.grant.role == Role::Removed);
        removals.min_by_key(|granted| granted.grant.segment.seq)
    }

    /// When the grant was made that decides last about a device.
    pub fn last_grant_ms(&self, dev: DevId) -> Option<u64> {
        self.grants.get(&dev)?.last().map(|granted| granted.grant.at_ms)
    }

    /// Whether an invitation still brings somebody into the vault.
    pub fn admits(&self, invited: &Invited) -> bool {
        self.of_entry(invited.by, invited.seq).may_invite(invited.role) && self.removal(invited.by).is_none()
    }

    /// Everybody who is not of the vault any more.
    pub fn removed(&self) -> impl Iterator<Item = DevId> {
        self.bases.keys().copied().filter(|dev| self.role(*dev) == Role::Removed)
    }

    /// The first segment of a device from which on its role is not the one it began with; none if it never changed.
    pub fn turns_at(&self, dev: DevId) -> Option<u64> {
        if self.bases.get(&dev) == Some(&Role::Removed) {
            return Some(1);
        }
        self.grants.get(&dev)?.iter().map(|granted| granted.grant.segment.seq.saturating_add(1)).min()
    }

    /// Whether the segments of a device up to this one are judged differently.
    pub fn differ(&self, other: &Self, dev: DevId, upto: u64) -> bool {
        let turns = [self, other].into_iter().filter_map(|rights| rights.grants.get(&dev)).flatten();
        let turns = turns.map(|granted| granted.grant.segment.seq.saturating_add(1));
        let mut places = turns.chain([1]).filter(|seq| *seq <= upto);
        places.any(|seq| self.of_segment(dev, seq) != other.of_segment(dev, seq))
    }

    /// The end that a chain has where a grant was made, if one says so about this number.
    pub fn end_of(&self, dev: DevId, chain: impl Fn(&Granted) -> Link, seq: u64) -> Option<Link> {
        self.grants.get(&dev)?.iter().map(chain).find(|link| link.seq == seq)
    }

    /// A name for the grants that count: books made under equal ones can be compared. None while there are none.
    pub fn mark(&self) -> Option<[u8; 16]> {
        let mut counted: Vec<_> = self.grants.values().flatten().map(|granted| (granted.by, granted.seq)).collect();
        counted.sort_unstable();
        let mut mark = [0; 16];
        mark.copy_from_slice(&hash(&wire::to_bytes(&counted))[..16]);
        (!counted.is_empty()).then_some(mark)
    }
}

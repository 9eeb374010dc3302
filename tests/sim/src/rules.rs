//! Who may do what, by a naive reading of the rules: from all control entries that somebody has read, and from nothing
//! else. It shares no code with what it judges.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dianbu::book::erase::ERASED;
use dianbu::book::{DevId, Op, RowWrite};
use dianbu::domain::complaint::complaint;
use dianbu::domain::customer::customer;
use dianbu::domain::team::{entry, settings};
use dianbu::sync::keys::invite_id;
use dianbu::sync::name::InviteId;
use dianbu::sync::wire::{Control, Grant, Role};

/// Hash of a sealed object.
pub type Hash = [u8; 32];

/// A control entry as it was sealed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its author.
    pub dev: DevId,
    /// Its number in the author's chain.
    pub seq: u64,
    /// The entry before it.
    pub prev: Hash,
    /// What it says.
    pub body: Control,
}

/// What the bundle of an invitation told a joiner before anything was read.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The invitation.
    pub invite: InviteId,
    /// Who gave it out.
    pub by: DevId,
    /// The role that it gives.
    pub role: Role,
    /// Whether it is a recovery sheet.
    pub recovery: bool,
}

/// How a device came into the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Came {
    Founder,
    Invited(InviteId),
    Heir(DevId),
}

#[derive(Clone, Copy, Debug)]
struct Invited {
    by: DevId,
    /// Number of the entry, 0 if only the bundle is known.
    seq: u64,
    role: Role,
    recovery: bool,
}

/// Erasing for good, among the kinds of rows that a role may write or not.
pub const ERASING: u16 = 0;

/// What a role may write, of the kinds that are written in a run.
pub fn may(role: Role, kind: u16) -> bool {
    if kind == ERASING {
        return role == Role::Owner;
    }
    let file = kind == entry::ID;
    let house = kind == settings::ID;
    match role {
        Role::Owner | Role::Manager => true,
        Role::Keeper => !house,
        Role::Staff => !house && !file,
        Role::Viewer | Role::Removed => false,
    }
}

/// Whether a role may invite into another one.
pub fn may_invite(role: Role, into: Role) -> bool {
    match role {
        Role::Owner => true,
        Role::Manager => into == Role::Staff || into == Role::Viewer,
        _ => false,
    }
}

/// The kinds of rows that are written, the most usual first.
pub const KINDS: [u16; 3] = [customer::ID, entry::ID, settings::ID];

/// Those, and what photos are saved with.
pub const SHOWN: [u16; 4] = [customer::ID, entry::ID, settings::ID, complaint::ID];

/// What follows from some entries.
#[derive(Debug, Default)]
pub struct Verdict {
    came: BTreeMap<DevId, Came>,
    invites: BTreeMap<InviteId, Invited>,
    /// The grants that count.
    grants: Vec<(DevId, u64, Grant)>,
    withdrawals: Vec<(DevId, u64, InviteId, BTreeSet<DevId>)>,
    epochs: Vec<(DevId, u64, BTreeSet<DevId>)>,
    cuts: Vec<(DevId, u64, DevId, u64)>,
}

impl Verdict {
    /// Reads entries.
    pub fn of<'e>(founder: DevId, entries: impl Iterator<Item = &'e Entry>, told: Option<Told>) -> Self {
        let mut it = Self::default();
        if let Some(Told { invite, by, role, recovery }) = told {
            it.invites.insert(invite, Invited { by, seq: 0, role, recovery });
        }
        let mut said = Vec::new();
        for Entry { dev, seq, body, .. } in entries {
            match body {
                Control::Enrol(enrol) => {
                    let came = match (enrol.heir_of, enrol.invite) {
                        (Some(old), _) => Came::Heir(old),
                        (None, Some(public)) => Came::Invited(invite_id(enrol.inviter.unwrap_or_default(), &public)),
                        (None, None) if *dev == founder => Came::Founder,
                        (None, None) => continue,
                    };
                    it.came.insert(*dev, came);
                }
                Control::Invite(invite) => {
                    let invited = Invited { by: *dev, seq: *seq, role: invite.role, recovery: invite.recovery };
                    it.invites.insert(invite_id(*dev, &invite.public), invited);
                }
                Control::Grant(grant) => said.push((*dev, *seq, grant.clone())),
                Control::Withdraw(withdraw) => {
                    it.withdrawals.push((*dev, *seq, withdraw.invite, withdraw.came.iter().copied().collect()));
                }
                Control::Epoch(epoch) => it.epochs.push((*dev, *seq, epoch.without.iter().copied().collect())),
                Control::Cut(cut) => it.cuts.push((*dev, *seq, cut.dev, cut.start.segment.seq)),
                Control::Unknown(_) => {}
            }
        }
        // Recovery sheets are heard first, then who is nearer to the founder.
        said.sort_by_key(|(by, seq, _)| (!it.by_sheet(*by), it.steps(*by), *by, *seq));
        for (by, seq, grant) in said {
            if it.role_at_entry(by, seq) == Role::Owner {
                it.grants.push((by, seq, grant));
                it.grants.sort_by_key(|(by, seq, grant)| (grant.at_ms, *by, *seq));
            }
        }
        it
    }

    fn by_sheet(&self, dev: DevId) -> bool {
        match self.came.get(&dev) {
            Some(Came::Invited(invite)) => self.invites.get(invite).is_some_and(|invited| invited.recovery),
            _ => false,
        }
    }

    fn steps(&self, dev: DevId) -> usize {
        let before = match self.came.get(&dev) {
            Some(Came::Invited(invite)) => self.invites.get(invite).map(|invited| invited.by),
            Some(Came::Heir(old)) => Some(*old),
            _ => None,
        };
        before.map_or(0, |before| 1 + self.steps(before))
    }

    /// The last of these grants of a device, unless one took it out.
    fn after(&self, dev: DevId, start: Role, counts: impl Fn(&Grant) -> bool) -> Role {
        let said: Vec<_> = self.grants.iter().filter(|(.., g)| g.dev == dev && counts(g)).collect();
        if start == Role::Removed || said.iter().any(|(.., grant)| grant.role == Role::Removed) {
            return Role::Removed;
        }
        said.last().map_or(start, |(.., grant)| grant.role)
    }

    /// The removal that took a device out at the earliest point of its chain.
    fn removal(&self, dev: DevId) -> Option<&Grant> {
        let removals = self.grants.iter().map(|(.., grant)| grant);
        let removals = removals.filter(|grant| grant.dev == dev && grant.role == Role::Removed);
        removals.min_by_key(|grant| grant.segment.seq)
    }

    fn start(&self, dev: DevId) -> Role {
        let stays = |from: DevId| self.removal(from).is_none_or(|grant| grant.kept.contains(&dev));
        match self.came.get(&dev) {
            Some(Came::Founder) => Role::Owner,
            Some(Came::Heir(old)) if stays(*old) => {
                self.after(*old, self.start(*old), |grant| grant.role != Role::Removed)
            }
            None | Some(Came::Heir(_)) => Role::Removed,
            Some(Came::Invited(invite)) => {
                let Some(invited) = self.invites.get(invite) else { return Role::Removed };
                let known = self.came.contains_key(&invited.by);
                let inviter = if known { self.role_at_entry(invited.by, invited.seq) } else { Role::Owner };
                let fine = may_invite(inviter, invited.role) && stays(invited.by);
                if fine { invited.role } else { Role::Removed }
            }
        }
    }

    /// The role under which a control entry was written.
    pub fn role_at_entry(&self, dev: DevId, seq: u64) -> Role {
        self.after(dev, self.start(dev), |grant| grant.control.seq < seq)
    }

    /// The role under which a segment was written.
    pub fn role_at_segment(&self, dev: DevId, seq: u64) -> Role {
        self.after(dev, self.start(dev), |grant| grant.segment.seq < seq)
    }

    /// The role of a device.
    pub fn role(&self, dev: DevId) -> Role {
        self.after(dev, self.start(dev), |_| true)
    }

    /// Up to which segment the log of a device that is out is gone, as owners say.
    pub fn cut(&self, dev: DevId) -> u64 {
        let about = self.cuts.iter().filter(|(by, seq, of, _)| {
            *of == dev && self.role_at_entry(*by, *seq) == Role::Owner && self.role(dev) == Role::Removed
        });
        about.map(|(.., upto)| *upto).max().unwrap_or(0)
    }

    /// The devices of the vault, with those that are out.
    pub fn devices(&self) -> impl Iterator<Item = DevId> {
        self.came.keys().copied()
    }

    /// Whether an owner began an epoch that is kept from everybody who is out.
    pub fn key_changed(&self) -> bool {
        let out: BTreeSet<_> = self.devices().filter(|dev| self.role(*dev) == Role::Removed).collect();
        let kept = |(by, seq, without): &(DevId, u64, BTreeSet<DevId>)| {
            self.role_at_entry(*by, *seq) == Role::Owner && out.is_subset(without)
        };
        out.is_empty() || self.epochs.iter().any(kept)
    }

    /// Whether a device, or an invitation by its name, may be given the vault's keys.
    pub fn may_have_keys(&self, to: DevId) -> bool {
        let invited = self.invites.iter().find(|(invite, _)| invite.0 == to.0);
        match invited {
            None => self.role(to) != Role::Removed,
            Some((invite, Invited { by, seq, role, .. })) => {
                let fine = may_invite(self.role_at_entry(*by, *seq), *role) && self.removal(*by).is_none();
                let came =
                    |(dev, came): (&DevId, &Came)| *came == Came::Invited(*invite) && self.role(*dev) == Role::Removed;
                fine && !self.is_withdrawn(invite) && !self.came.iter().any(came)
            }
        }
    }

    /// Whether an invitation was taken back by who may.
    pub fn is_withdrawn(&self, invite: &InviteId) -> bool {
        self.said_back(invite).next().is_some()
    }

    fn said_back(&self, invite: &InviteId) -> impl Iterator<Item = &BTreeSet<DevId>> {
        let author = self.invites.get(invite).map(|invited| invited.by);
        self.withdrawals.iter().filter(move |(.., which, _)| which == invite).filter_map(move |(by, seq, _, came)| {
            let role = self.role_at_entry(*by, *seq);
            (role == Role::Owner || role != Role::Removed && author == Some(*by)).then_some(came)
        })
    }

    /// Who came with an invitation that was taken back, without being known by who took it back, and is in all the same.
    pub fn latecomers(&self) -> BTreeSet<DevId> {
        let late = |(dev, came): (&DevId, &Came)| {
            let Came::Invited(invite) = came else { return None };
            let known = self.said_back(invite).any(|came| came.contains(dev));
            (self.is_withdrawn(invite) && !known && self.role(*dev) != Role::Removed).then_some(*dev)
        };
        self.came.iter().filter_map(late).collect()
    }

    /// An operation as everybody takes it in: emptied if the role of its author does not allow it.
    pub fn judged(&self, dev: DevId, segment: u64, op: &Rc<Op>) -> Rc<Op> {
        let role = self.role_at_segment(dev, segment);
        let erases = |row: &RowWrite| row.cells.iter().any(|cell| cell.field == ERASED);
        if op.rows.iter().all(|row| may(role, if erases(row) { ERASING } else { row.kind })) {
            return op.clone();
        }
        Rc::new(Op { rows: Vec::new(), ..(**op).clone() })
    }
}

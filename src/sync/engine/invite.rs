//! Inviting a device: the bundle, the entry that makes it valid, and the one that takes it back.

use super::{Commit, Engine};
use crate::remote::Connection;
use crate::store::Change;
use crate::sync::fault::Fault;
use crate::sync::invite::Invitation;
use crate::sync::keys::{InviteKeys, Random, draw};
use crate::sync::member::{META_ROSTER, encode, seal_control};
use crate::sync::name::{InviteId, Name};
use crate::sync::object::{Kind, Place, seal};
use crate::sync::rights::Rights;
use crate::sync::wire::{self, Bundle, Control, Invite, Key, Role, Withdraw};

/// What an invitation allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// What the invited devices may do.
    pub role: Role,
    /// How many devices may come.
    pub uses: u32,
    /// Until when, in milliseconds since 1970.
    pub expires_ms: u64,
    /// It is a recovery sheet: kept on paper, for the day when no device is left.
    pub recovery: bool,
}

/// An invitation that is made but not valid yet.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct Draft {
    /// What the link will carry.
    pub invitation: Invitation,
    /// Where the bundle goes.
    pub name: Name,
    /// The bundle, sealed.
    pub bundle: Vec<u8>,
    entry: Invite,
}

impl Engine {
    /// Drafts an invitation. Its bundle has to be PUT and read back, then [`record_invite`](Self::record_invite)
    /// makes it valid, then a round pushes that; only then is the link shown.
    pub fn draft_invite(&self, connection: Connection, terms: Terms, random: Random<'_>) -> Result<Draft, Fault> {
        let secret = draw(random);
        let keys = InviteKeys::new(&secret);
        let Terms { role, uses, expires_ms, recovery } = terms;
        let mut frontier: std::collections::BTreeMap<_, _> =
            self.sync.cursors.iter().map(|(dev, cursor)| (*dev, cursor.segment)).collect();
        frontier.insert(self.dev, self.sync.segment);
        let body = Bundle {
            name: self.vault.name.clone(),
            owner: self.vault.owner,
            inviter: self.identity.public(),
            epochs: self
                .vault
                .epochs()
                .iter()
                .map(|(epoch, keys)| (*epoch, keys.iter().copied().map(Key).collect()))
                .collect(),
            frontier,
            role,
            uses,
            expires_ms,
            recovery,
        };
        let vault = self.vault.id;
        let place = Place { kind: Kind::Invite, vault, dev: self.dev, seq: 1, prev: [0; 32], epoch: 0 };
        let bundle = seal(&place, &wire::to_bytes(&body), Some(&keys.seal), draw(random), &self.identity.signer())?;
        let invitation = Invitation { connection, vault, secret, inviter: self.dev };
        let (public, seal, epoch) = (keys.public(), keys.seal_to(), self.current_epoch());
        let entry = Invite { public, role, uses, expires_ms, seal, epoch, recovery };
        Ok(Draft { name: invitation.name(), invitation, bundle, entry })
    }

    /// The commit that enters the invitation into our control chain. The engine is up to date once it is applied.
    pub fn record_invite(&mut self, draft: &Draft, random: Random<'_>) -> Result<Commit, Fault> {
        let mut commit = self.record_entry(Control::Invite(draft.entry.clone()), random)?;
        // It is put again if the bucket is emptied: a recovery sheet has to open it all the same.
        commit.change.log.push((draft.name.to_string(), Some(draft.bundle.clone())));
        Ok(commit)
    }

    /// Whether this device may take an invitation back: it gave it out, or is an owner's.
    pub fn may_withdraw(&self, invite: InviteId) -> bool {
        let Some(invited) = self.roster.invites.get(&invite) else { return false };
        invited.by == self.dev || self.rights.role(self.dev) == Role::Owner
    }

    /// The commit that takes an invitation back in our control chain; none if that is not ours to do. Its bundle has
    /// to be deleted first. The engine is up to date once it is applied.
    pub fn record_withdrawal(&mut self, invite: InviteId, random: Random<'_>) -> Result<Option<Commit>, Fault> {
        if !self.may_withdraw(invite) {
            return Ok(None);
        }
        let came = self.roster.came(invite).collect();
        let mut commit = self.record_entry(Control::Withdraw(Withdraw { invite, came }), random)?;
        commit.change.log.push((Name::Invite(self.vault.id, invite).to_string(), None));
        Ok(Some(commit))
    }

    pub(super) fn record_entry(&mut self, entry: Control, random: Random<'_>) -> Result<Commit, Fault> {
        let (name, object, control) =
            seal_control(&self.identity, &self.vault, self.sync.control, &entry, draw(random))?;
        self.roster.apply(&self.vault, self.dev, control.seq, entry)?;
        self.rights = Rights::of(&self.roster);
        self.sync.control = control;
        self.sync.revision += 1;
        let change = Change {
            log: vec![(name.to_string(), Some(object))],
            meta: vec![(META_ROSTER.to_owned(), Some(encode(&self.roster)))],
            ..Change::default()
        };
        Ok(Commit { sync: self.sync.clone(), change, ..Commit::default() })
    }

    /// Whether everything in our control chain is in the bucket and promised there.
    pub fn control_is_pushed(&self) -> bool {
        self.sync.pushed.control == self.sync.control.seq
    }
}

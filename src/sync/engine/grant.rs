//! Roles, removals and key epochs: what control entries mean for the chains, and our own part in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Commit, Engine, Rebuilt};
use crate::book::{Batch, DevId};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::store::{Change, META_BASE};
use crate::sync::fault::Fault;
use crate::sync::keys::{Random, derive, key_id, object_key, seal_key};
use crate::sync::member::{META_VAULT, encode, seal_control};
use crate::sync::object::Kind;
use crate::sync::rights::Rights;
use crate::sync::roster::{Begun, Granted};
use crate::sync::state::{Cursor, Link, State, Sync};
use crate::sync::wire::{Control, Epoch, Grant};

/// An epoch's number, and the name of its key.
type KeyName = (u32, [u8; 16]);

/// The epoch that a vault begins with.
const FIRST: u32 = 1;

impl Engine {
    /// Where a grant names the end of a chain, the chain must have that end.
    pub(super) fn ends_as_granted(&self, dev: DevId, chain: fn(&Granted) -> Link, link: Link) -> Result<(), Fault> {
        match self.rights.end_of(dev, chain, link.seq) {
            Some(end) if end != link && Guard::Removal.stands() => Err(Fault::Fork),
            _ => Ok(()),
        }
    }

    /// Empties the operations of a segment that its author's role did not allow; they keep their numbers. False if
    /// there were any.
    pub fn leave_out(&self, seq: u64, batch: &mut Batch) -> bool {
        let role = self.rights.of_segment(batch.dev, seq);
        let mut allowed = true;
        for op in &mut batch.ops {
            if op.rows.iter().any(|row| !role.may(row)) && Guard::RoleCheck.stands() {
                op.rows.clear();
                allowed = false;
            }
        }
        allowed
    }

    /// The roster changed: what follows from it, and whether something that was taken in does not count any more.
    pub(super) fn judge_anew(&mut self) {
        let before = std::mem::replace(&mut self.rights, Rights::of(&self.roster));
        let own = self.sync.segment.seq + u64::from(self.opn > self.sync.sealed_opn);
        let taken = self.sync.cursors.iter().map(|(dev, cursor)| (*dev, cursor.segment.seq)).chain([(self.dev, own)]);
        let stale = taken.into_iter().any(|(dev, upto)| self.rights.differ(&before, dev, upto));
        // A device that was taken out keeps the book as it is: nothing of it counts for the others anyway.
        self.sync.stale |= stale && self.rights.role(self.dev) != Role::Removed && Guard::ReadAnew.stands();
    }

    /// The pull is over: our own role is known, and if we are an owner, whom the current key has to be kept from.
    pub(super) fn follow_rights(&mut self) {
        let role = self.rights.role(self.dev);
        if role != self.role {
            (self.role, self.work.role) = (role, Some(role));
            self.touch();
        }
        if role != Role::Removed && !self.work.reading && !self.work.halted {
            self.keep_epoch(role == Role::Owner);
        }
        self.flush();
    }

    /// The epoch that new objects are sealed in, as an owner began it last; none while it is the first one. One that is
    /// kept from nobody was only handed on for reading.
    fn current(&self) -> Option<&Begun> {
        let counted = self.roster.epochs.iter().filter(|begun| {
            let by_owner = self.rights.of_entry(begun.by, begun.seq) == Role::Owner;
            by_owner && !begun.without.is_empty() && self.vault.has(begun.number, &begun.id)
        });
        counted.max_by_key(|begun| (begun.number, begun.without.len(), begun.id))
    }

    /// The epochs that somebody may have sealed something in: begun by who is or was an owner. Of two owners who took the
    /// right from each other at the same moment one was heard, and the other's epoch may be in use all the same.
    fn used(&self) -> impl Iterator<Item = &Begun> {
        self.roster.epochs.iter().filter(|begun| self.rights.ever_owned(begun.by))
    }

    /// Whether somebody began an epoch of this number whose key is not here.
    pub(super) fn misses_key(&self, number: u32) -> bool {
        self.used().any(|begun| begun.number == number && !self.vault.has(number, &begun.id))
    }

    /// The number of that epoch.
    pub(super) fn current_epoch(&self) -> u32 {
        self.current().map_or(FIRST, |begun| begun.number)
    }

    /// Number and key of the epoch that new objects of this kind are sealed in.
    pub(super) fn sealing(&self, kind: Kind, seq: u64) -> Result<(u32, [u8; 32]), Fault> {
        let begun = if matches!(kind, Kind::Control | Kind::Head) { None } else { self.current() };
        let first = self.vault.epoch_of(kind).min(FIRST);
        let (number, id) = begun.map_or((first, None), |begun| (begun.number, Some(&begun.id)));
        let key = self.vault.key(number, id).ok_or(Fault::UnknownEpoch)?;
        Ok((number, object_key(key, kind, self.dev, seq)))
    }

    /// Takes in the key of an epoch, if the entry holds it for us. Whether it is used depends on who began it.
    pub(super) fn learn_epoch(&mut self, epoch: &Epoch) {
        let Some(key) = self.vault.open_epoch(&self.identity, epoch) else { return };
        if self.vault.learn(epoch.number, key) {
            self.save_vault();
        }
    }

    fn save_vault(&mut self) {
        self.work.change.meta.retain(|(name, _)| name != META_VAULT);
        self.work.change.meta.push((META_VAULT.to_owned(), Some(encode(&self.vault))));
        self.touch();
    }

    /// An owner begins a new epoch when somebody was removed who has the current key, and hands the keys of all epochs to
    /// members who miss them: what was sealed in an older one is to be read as well. Others do so with keys of epochs
    /// whose author turned out to be out at that time: no owner may have them, and something may be sealed with them.
    fn keep_epoch(&mut self, owner: bool) {
        let removed: BTreeSet<DevId> = self.rights.removed().collect();
        let fresh = self.current().map_or(removed.is_empty(), |begun| removed.is_subset(&begun.without));
        if owner && !fresh && Guard::NewEpoch.stands() {
            let number = self.roster.epochs.iter().map(|begun| begun.number).max().unwrap_or(FIRST).saturating_add(1);
            let key = self.draw();
            self.vault.learn(number, key);
            self.save_vault();
            let entry = self.epoch_entry(number, &key, self.holders(None), removed);
            return self.enter(entry);
        }
        let used: BTreeSet<_> = self.used().map(|it| (it.number, it.id)).collect();
        for of in used.into_iter().filter(|of| owner || !self.is_counted(*of)).collect::<Vec<_>>() {
            let missing = self.holders(Some(of));
            let key = self.vault.key(of.0, Some(&of.1)).copied();
            if let Some(key) = key.filter(|_| !missing.is_empty()) {
                let entry = self.epoch_entry(of.0, &key, missing, BTreeSet::new());
                self.enter(entry);
            }
        }
    }

    /// Whether an owner began this epoch, by number and name of its key.
    fn is_counted(&self, of: KeyName) -> bool {
        let mut begun = self.roster.epochs.iter().filter(|it| (it.number, it.id) == of && !it.without.is_empty());
        begun.any(|it| self.rights.of_entry(it.by, it.seq) == Role::Owner)
    }

    /// Writes the next entry of our control chain with the next commit.
    pub(super) fn enter(&mut self, entry: Control) {
        let (chain, nonce) = (self.sync.control, self.nonce());
        let sealed = seal_control(&self.identity, &self.vault, chain, &entry, nonce);
        let Ok((name, object, control)) = sealed else { return };
        if self.roster.apply(&self.vault, self.dev, control.seq, entry).is_ok() {
            self.sync.control = control;
            self.work.change.log.push((name.to_string(), Some(object)));
            self.save_roster();
        }
    }

    /// Who is to have a key, with the public key to seal it to: members, and invitations that still bring somebody in.
    /// With an epoch, by number and name of its key: only members who do not have that key yet.
    fn holders(&self, of: Option<KeyName>) -> Vec<(DevId, [u8; 32])> {
        // Two owners may have begun epochs of one number: then the number does not tell which key a bundle holds.
        let alone = of.is_some_and(|(number, id)| self.used().all(|it| it.number != number || it.id == id));
        let counted = of.is_some_and(|of| self.is_counted(of));
        let said = |it: &&Begun| of == Some((it.number, it.id)) && (!counted || self.rights.ever_owned(it.by));
        let given = |to: DevId| self.roster.epochs.iter().filter(said).any(|it| it.to.contains(&to));
        let members = self.roster.members.iter().filter(|(dev, member)| {
            let carried = member.invite.is_some_and(|id| {
                let in_bundle = |number| {
                    let epoch = self.roster.invites.get(&id).map_or(0, |invited| invited.epoch);
                    epoch > number || epoch == number && alone
                };
                given(DevId(id.0)) || of.is_some_and(|(number, _)| in_bundle(number))
            });
            self.rights.role(**dev) != Role::Removed && !given(**dev) && !carried
        });
        let members = members.map(|(dev, member)| (*dev, member.keys.seal));
        let open = self.roster.invites.iter().filter(|(id, invited)| {
            let open = self.roster.withdrawn(&self.rights, **id).is_none() && invited.expires_ms > self.now();
            // Whoever came with it knows its secret.
            let known = self.roster.came(**id).any(|dev| self.rights.role(dev) == Role::Removed);
            of.is_none() && open && !known && self.rights.admits(invited)
        });
        members.chain(open.map(|(id, invited)| (DevId(id.0), invited.seal))).collect()
    }

    fn epoch_entry(
        &mut self,
        number: u32,
        key: &[u8; 32],
        to: Vec<(DevId, [u8; 32])>,
        without: BTreeSet<DevId>,
    ) -> Control {
        let keys = to.into_iter().map(|(id, public)| (id, seal_key(key, public, self.draw()).into())).collect();
        Control::Epoch(Epoch { number, id: key_id(key), keys, without: without.into_iter().collect() })
    }

    /// 32 bytes that were never used: they follow from the round's random bytes.
    fn draw(&mut self) -> [u8; 32] {
        let (nonce, entropy) = (self.nonce(), self.work.entropy);
        derive(&entropy, &[b"dianbu key", &nonce])
    }

    /// Whether this device may give another one this role, or take it out.
    pub fn may_grant(&self, dev: DevId) -> bool {
        dev != self.dev && self.rights.role(self.dev) == Role::Owner && self.rights.role(dev) != Role::Removed
    }

    /// The commit that gives a device another role in our control chain, from what is read of it on; none if that is
    /// not ours to do. The engine is up to date once it is applied.
    pub fn record_grant(
        &mut self,
        dev: DevId,
        role: Role,
        now_ms: u64,
        random: Random<'_>,
    ) -> Result<Option<Commit>, Fault> {
        if !self.may_grant(dev) || !self.roster.members.contains_key(&dev) {
            return Ok(None);
        }
        let read = self.sync.cursors.get(&dev);
        let (segment, control) = read.map_or_else(Default::default, |cursor| (cursor.segment, cursor.control));
        let kept = self.roster.came_from(dev).collect();
        // What we know of is overruled, whatever the clocks say.
        let now_ms = now_ms.saturating_add_signed(self.clock_offset());
        let at_ms = self.rights.last_grant_ms(dev).map_or(now_ms, |last_ms| now_ms.max(last_ms.saturating_add(1)));
        let grant = Grant { dev, role, segment, control, kept, at_ms };
        self.record_entry(Control::Grant(grant), random).map(Some)
    }

    /// Own segments that lie in the log.
    pub fn own_segments(&self) -> std::ops::RangeInclusive<u64> {
        self.sync.start.segment.seq + 1..=self.sync.segment.seq
    }

    /// The state of a device that knows who is who, has its own chain, and has read nothing of the others.
    pub fn at_the_beginning(&self, state: &State) -> State {
        let unread = |cursor: &Cursor| Cursor { control: cursor.control, ..Cursor::default() };
        let cursors = self.sync.cursors.iter().map(|(dev, cursor)| (*dev, unread(cursor))).collect();
        let Sync { revision, sealed_opn, sealed_stamp, segment, bytes, control, clock_offset, start, .. } = self.sync;
        let own = Sync {
            revision,
            sealed_opn,
            sealed_stamp,
            segment,
            bytes,
            control,
            clock_offset,
            start,
            ..Sync::default()
        };
        let mut begun = State { opn: state.opn, stamp: state.stamp, role: state.role, ..State::default() };
        begun.set_sync(&Sync { cursors, ..own });
        begun
    }

    /// The commit that puts a book which `reader` read anew in the place of ours; none if it has not come as far as we
    /// had, as far as that counts. `held` is what the reader held back.
    pub fn put_in_place(
        &self,
        reader: &Self,
        pages: BTreeMap<u32, Vec<u8>>,
        base: Vec<u8>,
        held: Vec<(String, Vec<u8>)>,
    ) -> Option<Commit> {
        if reader.misses_own() {
            return None;
        }
        let mut sync = self.sync.clone();
        for (&dev, cursor) in &mut sync.cursors {
            let read = reader.sync.cursors.get(&dev)?;
            let counts = self.rights.removal(dev).map_or(u64::MAX, |granted| granted.grant.segment.seq);
            if read.segment.seq < cursor.segment.seq.min(counts) && self.rights.of_segment(dev, 1) != Role::Removed {
                return None;
            }
            (cursor.segment, cursor.opn, cursor.stamp, cursor.bytes) = (read.segment, read.opn, read.stamp, read.bytes);
        }
        (sync.stale, sync.revision) = (false, sync.revision + 1);
        // What was left out before and counts now is held no more.
        let freed =
            self.held.iter().filter(|(_, fault)| **fault == Fault::NotAllowed).map(|(name, _)| (name.clone(), None));
        let held = freed.chain(held.into_iter().map(|(name, object)| (name, Some(object)))).collect();
        let change = Change {
            drop_pages: Some(0),
            pages: pages.into_iter().map(|(page, bytes)| (page, Some(bytes))).collect(),
            meta: vec![(META_BASE.to_owned(), Some(base))],
            drop_tail: Some(self.lsn),
            held,
            ..Change::default()
        };
        let rebuilt = Some(Rebuilt { base: self.lsn, covered: BTreeMap::new() });
        Some(Commit { sync, rebuilt, change, ..Commit::default() })
    }

    /// The open invitations whose secret a device may know: all but recovery sheets, and the sheet that it came with.
    pub fn open_invites(&self, dev: DevId) -> Vec<crate::sync::name::InviteId> {
        let own = self.roster.members.get(&dev).and_then(|member| member.invite);
        let open = self.roster.invites.iter().filter(|(id, invited)| {
            let may_know = !invited.recovery || own == Some(**id);
            may_know && self.roster.withdrawn(&self.rights, **id).is_none() && invited.expires_ms > self.now()
        });
        open.map(|(id, _)| *id).collect()
    }
}

//! Opening what was held of a device, for [`held_work`](crate::sync::driver::held_work).

use super::pull::held_fault;
use super::{Commit, Engine};
use crate::book::{Batch, DevId, Op};
use crate::domain::role::Role;
use crate::store::Change;
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::Sealed;
use crate::sync::state::Link;
use crate::sync::wire::{self, HeadBody};

impl Engine {
    /// Whether a device is out of the vault.
    pub fn is_removed(&self, dev: DevId) -> bool {
        self.rights.role(dev) == Role::Removed
    }

    /// How far a device was read.
    pub fn read_of(&self, dev: DevId) -> Link {
        self.sync.cursors.get(&dev).map(|cursor| cursor.segment).unwrap_or_default()
    }

    fn open_of(&self, dev: DevId, name: Name, object: &[u8]) -> Result<(Link, [u8; 32], Vec<u8>), Fault> {
        let sealed = Sealed::read(object, name)?;
        sealed.verify(&self.roster.keys(dev).ok_or(Fault::UnknownMember)?.sign)?;
        let link = Link { seq: sealed.place.seq, hash: sealed.hash() };
        Ok((link, sealed.place.prev, self.unseal(&sealed)?))
    }

    /// The last segment that a head promises.
    pub fn end_of_head(&self, dev: DevId, object: &[u8]) -> Result<Link, Fault> {
        let (.., body) = self.open_of(dev, Name::Head(self.vault.id, dev), object)?;
        Ok(wire::from_bytes::<HeadBody>(&body)?.segment)
    }

    /// The segment after this one, whatever its author may do now.
    pub fn open_late_segment(&self, dev: DevId, after: Link, object: &[u8]) -> Result<(Link, Vec<Op>), Fault> {
        let name = Name::Segment(self.vault.id, dev, after.seq.saturating_add(1));
        let (link, prev, body) = self.open_of(dev, name, object)?;
        let batch = Batch::decode(&body).map_err(|_| Fault::Malformed)?;
        if prev == after.hash && batch.dev == dev { Ok((link, batch.ops)) } else { Err(Fault::BrokenChain) }
    }

    /// The operations of a held segment that its author's role did not allow; none if it is held for another reason.
    pub fn open_not_allowed(&self, dev: DevId, name: &str, record: &[u8]) -> Option<Vec<Op>> {
        let (Some(Name::Segment(_, of, seq)), Some((_, object))) = (Name::parse(name), record.split_first()) else {
            return None;
        };
        if of != dev || held_fault(record) != Some(Fault::NotAllowed) {
            return None;
        }
        let (.., body) = self.open_of(dev, Name::Segment(self.vault.id, dev, seq), object).ok()?;
        let role = self.rights.of_segment(dev, seq);
        let ops = Batch::decode(&body).ok()?.ops.into_iter();
        Some(ops.filter(|op| op.rows.iter().any(|row| !role.may(row))).collect())
    }

    /// The commit that remembers that what was held of a device is taken over.
    pub fn record_taken(&mut self, dev: DevId, upto: Option<u64>, change: Change) -> Commit {
        for (name, _) in &change.held {
            self.held.remove(name);
        }
        if let Some(upto) = upto {
            self.cursor(dev).taken = upto;
        }
        self.sync.revision += 1;
        Commit { sync: self.sync.clone(), change, ..Commit::default() }
    }
}

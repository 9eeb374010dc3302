//! A copied or restored profile becomes a device of its own: its heir.
//!
//! Two copies of one device cannot both write under its name (§7, *Cloned*). The copy that notices takes new keys, and
//! enrols with the signature of the old ones, with nobody else online. What it wrote and nobody has comes along as its
//! own first operations; everything else it reads from the bucket like any new device.

use std::collections::BTreeSet;

use ed25519_dalek::Signer;

use super::fault::Fault;
use super::keys::{Identity, Random, Vault, draw, heir_message};
use super::member::{META_IDENTITY, META_ROSTER, encode, seal_control};
use super::roster::Roster;
use super::state::{Link, State, Sync};
use super::wire::{Control, Enrol};
use crate::book::{Batch, Book, DevId, Op};
use crate::store::{Change, META_BASE};

/// Operations of one entry of the tail.
const OPS_PER_ENTRY: usize = 20;

/// A device that is about to be.
#[derive(Debug)]
pub struct Heir {
    dev: DevId,
    sync: Sync,
    batches: Vec<Batch>,
    change: Change,
    /// The state that it was made from: last operation and revision.
    made_from: (u64, u64),
}

impl Heir {
    /// Makes the heir of a device. `unsent` are its operations that no head in the bucket promises, by number.
    pub fn new(
        state: &State,
        (old, vault, mut roster): (&Identity, &Vault, Roster),
        unsent: Vec<Op>,
        (name, now_ms): (String, u64),
        random: Random<'_>,
    ) -> Result<Self, Fault> {
        let identity = Identity::new(random);
        let dev = identity.dev();
        let proof = old.signer().sign(&heir_message(vault.id, dev)).to_bytes();
        let at_ms = state.now(now_ms);
        let enrol = Enrol {
            keys: identity.public(),
            name,
            invite: None,
            inviter: None,
            proof: Some(proof),
            at_ms,
            heir_of: Some(old.dev()),
        };
        let entry = Control::Enrol(enrol);
        // What the old device said and nobody heard was never said: it cannot be taken over as operations can.
        roster.forget(old.dev(), state.sync().map_or(0, |sync| sync.pushed.control));
        let (place, object, control) = seal_control(&identity, vault, Link::default(), &entry, draw(random))?;
        roster.apply(vault, dev, 1, entry)?;
        // The photos that lie here are put again, if the bucket has lost them: the next binding counts on.
        let refills = state.sync().map_or(0, |sync| sync.refills);
        let (revision, clock_offset) = (state.revision + 1, state.clock_offset);
        let sync = Sync { revision, control, clock_offset, refills, ..Sync::default() };
        let change = Change {
            meta: vec![
                (META_IDENTITY.to_owned(), Some(encode(&identity))),
                (META_ROSTER.to_owned(), Some(encode(&roster))),
            ],
            log: vec![(place.to_string(), Some(object))],
            ..Change::default()
        };
        let batches = taken_over(unsent, old.dev(), dev);
        Ok(Self { dev, sync, batches, change, made_from: (state.opn, state.revision) })
    }

    /// What the old device held back is read anew as well.
    pub fn holding_nothing<'n>(mut self, held: impl Iterator<Item = &'n String>) -> Self {
        self.change.held = held.map(|name| (name.clone(), None)).collect();
        self
    }

    /// The new device.
    pub fn dev(&self) -> DevId {
        self.dev
    }

    /// Puts the heir in the place of the old device, inside a transaction. None, and nothing is to be written, if
    /// something was written or synchronised since it was made.
    pub fn apply(&self, state: &mut State) -> Option<Change> {
        if self.made_from != (state.opn, state.revision) {
            return None;
        }
        let mut heir = State {
            opn: self.batches.iter().map(|batch| batch.ops.len() as u64).sum(),
            stamp: state.stamp,
            lsn: state.lsn,
            base: state.lsn,
            rebuilt: state.rebuilt + 1,
            generation: state.generation + 1,
            role: state.role,
            marks: state.marks,
            ..State::default()
        };
        heir.set_sync(&self.sync);
        // What it takes over comes after this place, and nothing before it is left.
        heir.sealed_lsn = state.lsn;
        *state = heir;
        let mut change = self.change.clone();
        // The book begins empty: what is in the bucket is read anew, under the names it has there.
        change.meta.push((META_BASE.to_owned(), Some(Book::default().base(state.lsn))));
        change.drop_pages = Some(0);
        change.drop_tail = Some(state.lsn);
        change.tail = self.batches.iter().map(Batch::encode).collect();
        Some(change)
    }
}

/// The operations under their new author, numbered from 1. They keep their stamps, and where one saw another of them
/// it names it by its new name.
fn taken_over(unsent: Vec<Op>, old: DevId, new: DevId) -> Vec<Batch> {
    let moved: BTreeSet<_> = unsent.iter().map(|op| op.stamp).collect();
    let ops: Vec<Op> = (1..)
        .zip(unsent)
        .map(|(opn, mut op)| {
            let bases = op.rows.iter_mut().flat_map(|row| &mut row.cells).flat_map(|cell| &mut cell.bases);
            for base in bases.filter(|base| base.dev == old && moved.contains(&base.stamp)) {
                base.dev = new;
            }
            Op { opn, ..op }
        })
        .collect();
    ops.chunks(OPS_PER_ENTRY).map(|ops| Batch { dev: new, ops: ops.to_vec() }).collect()
}

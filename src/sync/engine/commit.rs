//! What the engine asks the store to write.

use std::collections::BTreeMap;

use crate::book::{Batch, DevId, Stamp};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::store::Change;
use crate::sync::state::{State, Sync};
use crate::sync::wire::Reach;

/// The pages of the change come from a snapshot and take the place of all that were there.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    /// Place of the tail after which operations are still to be applied to them.
    pub base: u64,
    /// How far they reach.
    pub covered: BTreeMap<DevId, Reach>,
}

/// A change of what synchronisation remembers, with everything that must be written in the same transaction.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// The part of the state as it becomes. Its revision is one more than that of the state it was decided on.
    pub sync: Sync,
    /// Latest stamp received that is not in the future: our next stamp comes after it.
    pub absorb: Stamp,
    /// Our own role, when it is another one from here on.
    pub role: Option<Role>,
    /// The pages are replaced.
    pub rebuilt: Option<Rebuilt>,
    /// Tail batches, own objects for the log, held objects, named values.
    pub change: Change,
    /// The tail of the change as it was before it was encoded, for whoever follows it.
    pub batches: Vec<Batch>,
}

impl Commit {
    /// Applies it to the state inside the transaction. None, and nothing is to be written, if somebody else
    /// synchronised in between. Operations written in between do no harm: their counters are not touched.
    pub fn apply(&self, state: &mut State) -> Option<Change> {
        if state.revision.checked_add(1) != Some(self.sync.revision) && Guard::Revision.stands() {
            return None;
        }
        let sealed = state.opn == self.sync.sealed_opn;
        state.set_sync(&self.sync);
        state.stamp = state.stamp.max(self.absorb);
        state.role = self.role.unwrap_or(state.role);
        if let Some(Rebuilt { base, covered }) = &self.rebuilt {
            state.base = *base;
            state.cover(covered);
            state.rebuilt += 1;
        }
        if sealed {
            // Everything in the tail is sealed or of others, the batches of this change included.
            state.sealed_lsn = state.lsn + self.change.tail.len() as u64;
        }
        Some(self.change.clone())
    }
}

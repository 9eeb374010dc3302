//! What a user action becomes: operations with their numbers and stamps, and large undertakings made ready for their
//! transaction.

use super::{Act, OPS_PER_ENTRY, ROWS_PER_OP};
use crate::book::op::MAX_OPS;
use crate::book::{OpRef, RowWrite, Stamp};
use crate::guard::Guard;
use crate::store::Change;
use crate::sync::state::State;

/// A large undertaking, ready for its transaction.
pub(super) struct Plan {
    pub(super) before: State,
    pub(super) change: Change,
}

impl Plan {
    /// Whether it still follows from the state.
    pub(super) fn fits(&self, state: &State) -> bool {
        let counters = |state: &State| (state.opn, state.stamp, state.lsn, state.clock_offset);
        counters(&self.before) == counters(state)
    }
}

/// Gives the operations their numbers and stamps.
pub(super) fn ops<'a>(rows: &'a [RowWrite], act: Act, state: &mut State) -> Vec<OpRef<'a>> {
    debug_assert!((OPS_PER_ENTRY as u64) < MAX_OPS, "an entry is within the limits of a batch");
    let now = state.now(act.now_ms);
    let op = |rows| {
        state.opn += 1;
        let last = if Guard::Monotonic.stands() { state.stamp } else { Stamp::default() };
        state.stamp = last.next(now);
        OpRef { opn: state.opn, stamp: state.stamp, by: act.by, batch: act.batch, rows }
    };
    rows.chunks(ROWS_PER_OP).map(op).collect()
}

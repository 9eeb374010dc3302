//! What one profile has taken in and sealed, as it must lie in its store.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dianbu::book::{DevId, Op};

use crate::rules::{Hash, Told};

/// What one profile has taken in and sealed.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Its device.
    pub dev: DevId,
    /// Every operation, own and of others, as the book must hold it.
    pub ops: BTreeMap<(DevId, u64), Rc<Op>>,
    /// Own segments by number.
    pub sealed: BTreeMap<u64, Hash>,
    /// Own heads by number.
    pub heads: BTreeMap<u64, Hash>,
    /// The latest time that this device could rightly believe in, with what it may absorb.
    pub latest_ms: u64,
    /// Control entries that it has read, its own included.
    pub known: BTreeSet<Hash>,
    /// What the bundle told that it came with.
    pub told: Option<Told>,
}

impl Record {
    /// Operations of a device.
    pub fn of(&self, dev: DevId) -> impl DoubleEndedIterator<Item = (&(DevId, u64), &Rc<Op>)> {
        self.ops.range((dev, 0)..=(dev, u64::MAX))
    }

    /// The last operation of a device.
    pub fn last(&self, dev: DevId) -> Option<&Rc<Op>> {
        self.of(dev).next_back().map(|(_, op)| op)
    }

    /// How far every device was taken in.
    pub fn frontier(&self) -> BTreeMap<DevId, u64> {
        self.ops.keys().map(|(dev, opn)| (*dev, *opn)).collect()
    }
}

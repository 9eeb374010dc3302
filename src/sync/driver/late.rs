//! Work that was held, for an owner to look at and to take over as his own: what a removed device wrote after its
//! removal, or what a role did not allow.

use std::collections::BTreeMap;

use super::{InviteError, record};
use crate::book::{DevId, Dot, Op, RowId, RowWrite};
use crate::remote::Bucket;
use crate::store::{Change, Store};
use crate::sync::engine::Engine;
use crate::sync::name::Name;
use crate::sync::state::Link;

/// What was held of one device.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeldWork {
    /// The device.
    pub dev: DevId,
    /// Its operations, oldest first.
    pub ops: Vec<Op>,
    /// Its last segment among them, if it was removed.
    upto: Option<u64>,
    /// Records of the drawer of held objects.
    names: Vec<String>,
}

impl HeldWork {
    /// The rows as one edit: of each cell the last value, naming as seen what the device had seen of others.
    pub fn rows(&self) -> Vec<RowWrite> {
        let own: Vec<Dot> = self.ops.iter().map(|op| Dot { stamp: op.stamp, dev: self.dev }).collect();
        let mut rows: BTreeMap<(u16, RowId), RowWrite> = BTreeMap::new();
        for write in self.ops.iter().flat_map(|op| &op.rows) {
            let row = rows.entry((write.kind, write.id));
            let row = row.or_insert_with(|| RowWrite { kind: write.kind, id: write.id, cells: Vec::new() });
            for cell in &write.cells {
                let seen = cell.bases.iter().copied().filter(|base| !own.contains(base));
                match row.cells.iter_mut().find(|known| known.field == cell.field && known.elem == cell.elem) {
                    Some(known) => {
                        known.bases.extend(seen);
                        known.bases.sort_unstable();
                        known.bases.dedup();
                        known.value = cell.value.clone();
                    }
                    None => {
                        let bases = seen.collect();
                        row.cells.push(crate::book::CellWrite { bases, ..cell.clone() });
                    }
                }
            }
        }
        rows.into_values().collect()
    }
}

/// Reads what was held of a device, from the bucket and from the drawer of held objects. Every signature and link is
/// checked as ever.
pub async fn held_work<S: Store, B: Bucket>(
    engine: &Engine,
    store: &S,
    bucket: &B,
    dev: DevId,
) -> Result<HeldWork, InviteError> {
    let mut work = HeldWork { dev, ..HeldWork::default() };
    for (name, record) in store.held().await.map_err(InviteError::Store)? {
        if let Some(ops) = engine.open_not_allowed(dev, &name, &record) {
            work.ops.extend(ops);
            work.names.push(name);
        }
    }
    if engine.is_removed(dev) {
        let vault = engine.vault().id;
        let head = bucket.get(&Name::Head(vault, dev).to_string()).await.map_err(InviteError::Remote)?;
        let last = engine.end_of_head(dev, &head.bytes).map_err(InviteError::Fault)?;
        let mut link: Link = engine.read_of(dev);
        while link.seq < last.seq {
            let object = bucket.get(&Name::Segment(vault, dev, link.seq.saturating_add(1)).to_string()).await;
            let object = object.map_err(InviteError::Remote)?;
            let (next, ops) = engine.open_late_segment(dev, link, &object.bytes).map_err(InviteError::Fault)?;
            work.ops.extend(ops);
            link = next;
        }
        work.upto = Some(last.seq);
    }
    work.ops.sort_by_key(|op| op.opn);
    Ok(work)
}

/// Notes that what was held is taken over, so that it is not offered again.
pub async fn taken_over<S: Store>(engine: &mut Engine, store: &S, work: &HeldWork) -> Result<(), InviteError> {
    record(engine, store, |engine| {
        let held = work.names.iter().map(|name| (name.clone(), None)).collect();
        Ok(Some(engine.record_taken(work.dev, work.upto, Change { held, ..Change::default() })))
    })
    .await
}

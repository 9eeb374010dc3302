//! What is known of photos: everything that anybody took, and what may come into a drawer of photos and leave it.

use std::collections::BTreeSet;

use dianbu::book::{Op, PhotoRef, RowId, RowWrite};
use dianbu::domain::complaint::complaint;
use dianbu::store::Change;
use dianbu::store::photos::draft;

use crate::check::Check;
use crate::erase::{Erasures, erasures, is_erased};
use crate::ledger::Ledger;
use crate::record::Record;

/// So long a photo in a form is kept, in milliseconds.
const DRAFT_MS: u64 = 30 * 86_400_000;

/// A photo that somebody took.
#[derive(Clone, Debug)]
pub struct Photo {
    /// Its name.
    pub photo: PhotoRef,
    /// What was taken.
    pub body: Vec<u8>,
    /// When, by the clock of the device.
    taken_ms: u64,
    /// The complaints that anybody ever saved it with.
    pub rows: BTreeSet<RowId>,
    /// The bucket took it once.
    pub put: bool,
}

/// The photos that an operation names, with the rows.
fn photos_in(op: &Op) -> impl Iterator<Item = (&RowWrite, PhotoRef)> {
    let rows = op.rows.iter().filter(|row| row.kind == complaint::ID);
    let cells = rows.flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
    let cells = cells.filter(|(_, cell)| cell.field == complaint::PHOTOS.field);
    let name = |elem: &[u8]| PhotoRef::parse(std::str::from_utf8(elem).ok()?);
    cells.filter_map(move |(row, cell)| Some((row, name(cell.elem.as_deref()?)?)))
}

impl Photo {
    /// Whether a complaint that it was saved with is erased, or its photos are.
    pub fn is_gone(&self, erasures: &Erasures) -> bool {
        let field = Some(complaint::PHOTOS.field.to_be_bytes().to_vec());
        let gone = |elem: &Option<Vec<u8>>| {
            self.rows.iter().any(|row| erasures.contains(&(complaint::ID, *row, elem.clone())))
        };
        gone(&None) || gone(&field)
    }

    /// Whether a photo that the bucket never took has to stay: as long as a record names it, or a form holds it.
    fn is_needed(&self, record: &Record, key: &str, clock_ms: u64) -> bool {
        if self.rows.is_empty() {
            return clock_ms < self.taken_ms.saturating_add(DRAFT_MS);
        }
        record.named().contains(key)
    }
}

impl Record {
    /// The photos that its book must name, by their keys: those of what is not erased.
    pub fn named(&self) -> BTreeSet<String> {
        if self.ops.values().all(|op| photos_in(op).next().is_none()) {
            return BTreeSet::new();
        }
        let erasures = erasures(self.ops.values().map(|op| &**op));
        let named = self.ops.values().flat_map(|op| photos_in(op));
        let stays = |(row, _): &(&RowWrite, PhotoRef)| !is_erased(&erasures, row, complaint::PHOTOS.field);
        named.filter(stays).map(|(_, photo)| photo.key()).collect()
    }
}

impl Ledger {
    /// Takes note of the photos that an operation names, and of what it erases.
    pub fn note_op(&mut self, op: &Op) {
        for (row, photo) in photos_in(op) {
            if let Some(known) = self.photos.get_mut(&photo.key()) {
                known.rows.insert(row.id);
            }
        }
        self.erased.extend(erasures(std::iter::once(op)));
    }

    /// What changed in the drawer of photos: nothing comes into it that nobody took, and nothing leaves it that is needed.
    pub fn drawer(&mut self, profile: usize, record: &Record, clock_ms: u64, change: &Change) {
        let bodies = change.photos.iter().filter(|(name, _)| !name.contains('/'));
        for (key, body) in bodies {
            let mark = change.photos.iter().find(|(name, _)| *name == draft(key)).and_then(|(_, mark)| mark.clone());
            let marked = mark.and_then(|mark| Some(u64::from_be_bytes(mark.try_into().ok()?)));
            match (body, self.photos.get(key)) {
                (Some(body), Some(known)) => {
                    let same = *body == known.body;
                    self.expect(same, Check::Refused, || format!("profile {profile} keeps another {key}"));
                }
                (Some(body), None) if let Some(taken_ms) = marked => {
                    let (photo, rows) = (PhotoRef::of(record.dev, body), BTreeSet::new());
                    let taken = Photo { photo, body: body.clone(), taken_ms, rows, put: false };
                    self.photos.insert(key.clone(), taken);
                    self.count("photos taken");
                }
                (Some(_), None) => {
                    self.violate(Check::Refused, format!("profile {profile} keeps {key}: nobody took it"));
                }
                (None, Some(known)) => {
                    let needed = !known.put && known.is_needed(record, key, clock_ms);
                    // That nothing names it may be because a record did not arrive here yet: then somebody misses it at rest.
                    let doubtful = !known.put && !needed;
                    self.expect(!needed, Check::LetGo, || format!("profile {profile} lets go of {key}"));
                    if doubtful {
                        self.doubtful.insert(key.clone());
                    }
                }
                (None, None) => {}
            }
        }
    }

    /// The bucket has taken a photo.
    pub fn photo_put(&mut self, key: &str) {
        if let Some(known) = self.photos.get_mut(key) {
            let first = !std::mem::replace(&mut known.put, true);
            if first {
                self.count("photos sent");
            }
        }
    }
}

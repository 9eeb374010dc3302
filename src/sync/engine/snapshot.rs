//! Writing a snapshot: the pages of the last checkpoint, in parts, with a manifest, then named in the head.
//!
//! It saves a new device from reading everything that ever happened. Any device may write one; which goes first is an
//! order that changes daily, so that usually one does. The pages are those of the store: nothing is encoded anew, and
//! the book in memory is not needed. Parts are sealed one at a time.

use std::collections::{BTreeMap, VecDeque};

use super::check::Check;
use super::erase::Mark;
use super::push::Push;
use super::round::Stage;
use super::{ACTIVE_MS, Effect, Engine};
use crate::book::{Book, DevId, erase::mark};
use crate::store::{Loaded, META_BASE, StoreError};
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::{Kind, MAX_INFLATED, hash};
use crate::sync::report::Trouble;
use crate::sync::state::{Hash, Link};
use crate::sync::wire::{self, Manifest, Offer, Pages, PartHash, Reach};

/// A snapshot is due when so many operations came since the last one,
pub const DUE_OPS: u64 = 5_000;
/// or when the segments since then are together larger than this share of it, one in so many,
pub const DUE_SHARE: u64 = 4;
/// but not before so many operations.
pub const LEAST_OPS: u64 = 64;
/// A snapshot that broke off is begun again after so long, in milliseconds.
pub const AGAIN_MS: u64 = 3_600_000;
/// A part is cut so that it comes to about this size at most.
pub const PART_TARGET: usize = 1 << 20;
/// No snapshot has more parts.
pub const MAX_PARTS: u16 = 1_024;
/// Each place in the daily order waits for one in so many more.
const TURN_SHARE: u64 = 20;
const DAY_MS: u64 = 86_400_000;

/// A snapshot while it is written.
#[derive(Debug, Default)]
pub(super) struct Writing {
    /// The pages before they are in it, and how far they reach.
    check: Option<(Check, BTreeMap<DevId, Reach>)>,
    seq: u64,
    pages: VecDeque<Vec<u8>>,
    /// Raw bytes that probably make a part, learnt from the last one.
    raw_target: usize,
    parts: Vec<PartHash>,
    size: u64,
    frontier: BTreeMap<DevId, Reach>,
    base: Vec<u8>,
    standing: crate::book::Standing,
    manifest: Hash,
    erased: Option<Mark>,
}

impl Engine {
    /// Whether a snapshot of this device is taken: what it holds is not judged operation by operation.
    pub(super) fn may_vouch(&self, dev: DevId) -> bool {
        self.rights.role(dev).may_vouch()
    }

    /// The snapshot that covers most, of those that may be taken.
    pub(super) fn best_offer(&self) -> Option<Offer> {
        let taken = self.sync.cursors.iter().filter(|(dev, _)| self.may_vouch(**dev));
        let others = taken.filter_map(|(_, cursor)| cursor.snapshot);
        others.chain(self.sync.snapshots.named).max_by_key(|offer| offer.ops)
    }

    /// Whether our last checkpoint is worth a snapshot, and it is our turn.
    pub(super) fn snapshot_is_due(&self) -> bool {
        let (ops, bytes) = self.covered.values().fold((0, 0), |(ops, bytes), r| (ops + r.opn, bytes + r.bytes));
        let best = self.best_offer();
        let (best_ops, best_bytes, size) = best.map_or((0, 0, 0), |offer| (offer.ops, offer.bytes, offer.size));
        let (ops, bytes) = (ops.saturating_sub(best_ops), bytes.saturating_sub(best_bytes));
        let turn = self.turn_today();
        let later = |limit: u64| limit.saturating_add(limit.saturating_mul(turn) / TURN_SHARE);
        let large = bytes.saturating_mul(DUE_SHARE) > later(size) && ops >= later(self.limits.least_ops);
        // One of a book that is to be read anew would spread what is wrong with it.
        let serves = !self.sync.stale && self.may_vouch(self.dev);
        let rested = self.now().saturating_sub(self.sync.snapshots.begun_ms) >= AGAIN_MS;
        !self.work.snapshot_tried && serves && rested && (large || ops >= later(self.limits.due_ops))
    }

    /// Our place in today's order of the devices that take part, from 0.
    pub(super) fn turn_today(&self) -> u64 {
        let now = self.now();
        let day = (now / DAY_MS).to_be_bytes();
        let rank = |dev: DevId| hash(&[b"dianbu turn".as_slice(), &self.vault.id.0, &day, &dev.0].concat());
        let own = rank(self.dev);
        let active = self
            .sync
            .cursors
            .iter()
            .filter(|(dev, cursor)| self.may_vouch(**dev) && cursor.stamp.ms().saturating_add(ACTIVE_MS) >= now);
        active.filter(|(dev, _)| rank(**dev) < own).count() as u64
    }

    /// Asks for the pages of the checkpoint.
    pub(super) fn begin_snapshot(&mut self) {
        self.work.snapshot_tried = true;
        self.work.stage = Stage::Pushing(Push::Pages);
        self.work.out.push_back(Effect::ReadPages);
    }

    /// The pages are here. They are checked before anybody is given them.
    pub(super) fn read_pages(&mut self, result: Result<Box<Loaded>, StoreError>) {
        let (loaded, covered) = match result.and_then(|loaded| Ok((loaded.state.covered()?, loaded))) {
            Ok((covered, loaded)) => (*loaded, covered),
            Err(error) => return self.without_snapshot(Some(Trouble::Store(error))),
        };
        let base = loaded.meta.iter().find(|(name, _)| name == META_BASE);
        let Some((_, base)) = base.filter(|_| !covered.is_empty()) else { return self.without_snapshot(None) };
        match Check::new(base, loaded.pages) {
            Ok(check) => {
                self.work.writing.check = Some((check, covered));
                self.rest();
            }
            Err(_) => self.without_snapshot(Some(pages_damaged())),
        }
    }

    /// Checks the pages on.
    pub(super) fn check_pages(&mut self) {
        let Some((check, _)) = &mut self.work.writing.check else { return };
        match check.step() {
            Ok(true) => self.rest(),
            Ok(false) => self.begin_parts(),
            Err(_) => self.without_snapshot(Some(pages_damaged())),
        }
    }

    /// The pages are in order: the parts follow.
    fn begin_parts(&mut self) {
        let Some((check, covered)) = self.work.writing.check.take() else { return };
        let Some((book, pages)) = check.done() else { return self.without_snapshot(Some(pages_damaged())) };
        // Own operations in the pages must be promised by a head before a snapshot may hold them.
        let frontier = frontier(&book, &covered).filter(|_| book.reached(self.dev).opn <= self.sync.pushed.opn);
        let Some(frontier) = frontier else { return self.without_snapshot(None) };
        let erased = mark(book.erased());
        if erased != self.mark() || !self.reaches_erased(&covered) {
            // One that still holds what was erased since would only have to be taken back; and where it ends within a
            // segment that holds some, no log could be cut there.
            self.work.clearing.wants_pages = true;
            return self.without_snapshot(None);
        }
        let snapshots = &mut self.sync.snapshots;
        snapshots.last += 1;
        snapshots.begun_ms = self.work.now_ms.saturating_add_signed(self.sync.clock_offset);
        self.work.writing = Writing {
            seq: snapshots.last,
            pages: pages.into_iter().map(|(_, bytes)| bytes).collect(),
            raw_target: PART_TARGET * 2,
            frontier,
            base: book.base(0),
            standing: book.standing(),
            erased,
            ..Writing::default()
        };
        self.touch();
        self.work.stage = Stage::Pushing(Push::Parts);
    }

    fn without_snapshot(&mut self, trouble: Option<Trouble>) {
        self.work.writing = Writing::default();
        self.work.troubles.extend(trouble);
        self.work.stage = Stage::Pushing(Push::Start);
    }

    /// Seals and puts the next part, and after the last one the manifest. Each part's number is remembered before
    /// it is put, so that it can be cleared away should this be broken off.
    pub(super) fn next_part(&mut self) {
        let mut writing = std::mem::take(&mut self.work.writing);
        let sealed =
            if writing.pages.is_empty() { self.seal_manifest(&mut writing) } else { self.seal_part(&mut writing) };
        match sealed {
            Ok((name, object)) => {
                let parts = u16::try_from(writing.parts.len()).unwrap_or(u16::MAX);
                self.sync.snapshots.lying.insert(writing.seq, parts);
                self.work.fresh.insert(name.clone(), object);
                self.work.puts.push_back(name);
                self.work.writing = writing;
                self.touch();
                self.flush();
            }
            Err(fault) => {
                self.work.troubles.push(Trouble::LocalDamage { what: fault.to_string() });
                self.work.stage = Stage::Pushing(Push::Start);
            }
        }
    }

    fn seal_part(&mut self, writing: &mut Writing) -> Result<(String, Vec<u8>), Fault> {
        let part = u16::try_from(writing.parts.len() + 1).ok().filter(|part| *part <= MAX_PARTS);
        let name = Name::Part(self.vault.id, self.dev, writing.seq, part.ok_or(Fault::TooLarge)?);
        let mut taken: Vec<Vec<u8>> = Vec::new();
        let mut raw = 0;
        while let Some(page) =
            writing.pages.pop_front_if(|page| raw == 0 || raw + page.len() <= writing.raw_target.min(MAX_INFLATED / 2))
        {
            raw += page.len();
            taken.push(page);
        }
        loop {
            let body = Pages(taken.iter().map(|page| page.clone().into()).collect());
            let object = self.seal_own(Kind::Part, name.seq().unwrap_or_default(), [0; 32], &wire::to_bytes(&body));
            match object {
                Ok(object) if object.len() <= PART_TARGET || taken.len() == 1 => {
                    let raw: usize = taken.iter().map(Vec::len).sum();
                    // Nine tenths of what would just fit, so that the next one rarely has to be halved.
                    writing.raw_target = (raw / 10 * 9).saturating_mul(PART_TARGET) / object.len().max(1);
                    writing.parts.push(PartHash(hash(&object)));
                    writing.size += object.len() as u64;
                    return Ok((name.to_string(), object));
                }
                Ok(_) | Err(Fault::TooLarge) if taken.len() > 1 => {
                    for page in taken.split_off(taken.len() / 2).into_iter().rev() {
                        writing.pages.push_front(page);
                    }
                }
                Ok(_) => return Err(Fault::TooLarge),
                Err(fault) => return Err(fault),
            }
        }
    }

    fn seal_manifest(&mut self, writing: &mut Writing) -> Result<(String, Vec<u8>), Fault> {
        let name = Name::Manifest(self.vault.id, self.dev, writing.seq);
        let body = Manifest {
            frontier: writing.frontier.clone(),
            parts: writing.parts.clone(),
            base: std::mem::take(&mut writing.base).into(),
            standing: writing.standing,
            mark: self.rights.mark(),
        };
        let object = self.seal_own(Kind::Manifest, writing.seq, [0; 32], &wire::to_bytes(&body))?;
        writing.manifest = hash(&object);
        self.work.stage = Stage::Pushing(Push::Named);
        Ok((name.to_string(), object))
    }

    /// Everything of the snapshot is in the bucket: the next head names it.
    pub(super) fn name_snapshot(&mut self) {
        let Writing { seq, parts, size, frontier, manifest, erased, .. } = std::mem::take(&mut self.work.writing);
        self.sync.snapshots.named = Some(Offer {
            manifest: Link { seq, hash: manifest },
            ops: frontier.values().map(|reach| reach.opn).sum(),
            bytes: frontier.values().map(|reach| reach.bytes).sum(),
            size,
            parts: u16::try_from(parts.len()).unwrap_or(u16::MAX),
            erased,
        });
        self.touch();
        self.work.stage = Stage::Pushing(Push::Start);
    }

    /// The bucket did not take a part: the snapshot is given up, everything else goes on.
    pub(super) fn drop_snapshot(&mut self) {
        self.without_snapshot(None);
    }

    /// What older snapshots of ours, and such as broke off, left in the bucket. The one that is named and the one
    /// before stay: somebody may just be reading it.
    pub(super) fn begin_sweep(&mut self) -> bool {
        let snapshots = &mut self.sync.snapshots;
        let Some(named) = snapshots.named.filter(|named| named.manifest.seq > snapshots.swept) else { return false };
        let before = snapshots.swept;
        snapshots.swept = named.manifest.seq;
        let old: Vec<_> = snapshots.lying.iter().map(|(seq, parts)| (*seq, *parts)).collect();
        for (seq, parts) in old.into_iter().filter(|(seq, _)| *seq < named.manifest.seq && *seq != before) {
            // Of what cannot be deleted something stays for ever; it harms nobody, and asking again would cost more.
            self.sync.snapshots.lying.remove(&seq);
            let names = (1..=parts).map(|part| Name::Part(self.vault.id, self.dev, seq, part));
            let manifest = Name::Manifest(self.vault.id, self.dev, seq);
            self.work.deletes.extend([manifest].into_iter().chain(names).map(|name| name.to_string()));
        }
        self.touch();
        self.flush();
        true
    }
}

fn pages_damaged() -> Trouble {
    Trouble::LocalDamage { what: "pages".to_owned() }
}

/// How far the pages reach; none if it is not known of every device.
fn frontier(book: &Book, covered: &BTreeMap<DevId, Reach>) -> Option<BTreeMap<DevId, Reach>> {
    let reach = |(dev, reached): (&DevId, &crate::book::state::Reached)| {
        let known = covered.get(dev).filter(|known| known.opn <= reached.opn)?;
        Some((*dev, Reach { opn: reached.opn, stamp: reached.stamp, ..*known }))
    };
    book.frontier().iter().map(reach).collect()
}

//! Our own house: consecutive segments become a pack, and what a pack holds is deleted when nobody needs it any more.
//!
//! A pack holds segments whole, so that whoever reads one checks every signature and link as if each had come alone.
//! Deleting has two phases, and touches our own segments only: the pack is read back and compared, everybody who is
//! active has read what it holds, a head announces the floor; only two weeks later the segments go.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;

use super::push::Push;
use super::round::Stage;
use super::snapshot::AGAIN_MS;
use super::{ACTIVE_MS, Effect, Engine};
use crate::domain::role::Role;
use crate::remote::{Object, RemoteError};
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::{Kind, Sealed, hash};
use crate::sync::report::Trouble;
use crate::sync::state::{Hash, Packs};
use crate::sync::wire::{self, Floor, Objects, Packed};

/// A pack is due when so many segments lie alone,
pub const PACK_SEGMENTS: u64 = 64;
/// and one more for so many that are packed: heads list the packs, so they must not become too many.
pub const PACK_SHARE: u64 = 16;
/// Segments of a pack together, at most, in bytes.
pub const PACK_TARGET: usize = 960 << 10;
/// Between the announcement of a floor and the deletion below it, in milliseconds.
pub const GRACE_MS: u64 = 14 * 86_400_000;
/// So many segments are read at one time.
const STEP: u64 = 32;

/// A pack, and its bytes.
type Made = (Packed, Vec<u8>);

/// A pack while it is written, or while one is read back.
#[derive(Debug, Default)]
pub(super) struct Packing {
    /// The next segment to be read for it.
    next: u64,
    segments: BTreeMap<u64, Vec<u8>>,
    sealed: Option<Packed>,
    /// The pack that is read back, and what lies in the bucket.
    checked: Option<(Packed, Option<Hash>)>,
    /// What was tried in this round is not tried again in it.
    tried: bool,
}

impl Engine {
    /// Whether enough of our segments lie alone.
    pub(super) fn pack_is_due(&self) -> bool {
        let packs = &self.sync.packs;
        let alone = self.sync.pushed.segment.saturating_sub(packs.looked);
        let rested = self.now().saturating_sub(packs.failed_ms) >= AGAIN_MS;
        !self.work.packing.tried && rested && alone >= self.limits.pack_segments + packs.looked / PACK_SHARE
    }

    /// Asks the log for the segments after those that are packed.
    pub(super) fn begin_pack(&mut self) {
        self.work.packing = Packing { next: self.sync.packs.looked + 1, tried: true, ..Packing::default() };
        self.work.stage = Stage::Pushing(Push::Pack);
        self.read_for_pack();
    }

    fn read_for_pack(&mut self) {
        let packing = &mut self.work.packing;
        let last = self.sync.pushed.segment.min(packing.next + STEP - 1);
        for seq in packing.next..=last {
            let name = Name::Segment(self.vault.id, self.dev, seq).to_string();
            self.work.out.push_back(Effect::ReadLog { name });
        }
        packing.next = last + 1;
    }

    pub(super) fn take_for_pack(&mut self, name: &str, object: Vec<u8>) {
        if let Some(seq) = Name::parse(name).and_then(Name::seq) {
            self.work.packing.segments.insert(seq, object);
        }
    }

    /// Some segments are here: reads more until they fill a pack, then seals it.
    pub(super) fn fill_pack(&mut self) {
        let packing = &mut self.work.packing;
        // A segment that is large stays as it is; no pack goes across it.
        while let Some(first) = packing.segments.first_entry().filter(|first| first.get().len() > PACK_TARGET / 2) {
            self.sync.packs.looked = *first.key();
            first.remove();
        }
        let size: usize = packing.segments.values().map(Vec::len).sum();
        if size < PACK_TARGET && packing.next <= self.sync.pushed.segment {
            return self.read_for_pack();
        }
        self.work.stage = Stage::Pushing(Push::Start);
        let segments = std::mem::take(&mut self.work.packing.segments);
        let first = segments.first_key_value().map(|(seq, _)| *seq);
        match self.seal_pack(segments) {
            Ok(Some((packed, object))) => {
                let name = packed.name(self.vault.id, self.dev).to_string();
                self.sync.packs.failed_ms = self.now();
                self.work.packing.sealed = Some(packed);
                self.work.fresh.insert(name.clone(), object);
                self.work.puts.push_back(name);
                self.work.stage = Stage::Pushing(Push::Packed);
            }
            // One that stands alone between large ones stays as it is, too.
            Ok(None) => self.sync.packs.looked = first.unwrap_or(self.sync.packs.looked),
            Err((name, fault)) => {
                self.work.troubles.push(Trouble::LocalDamage { what: format!("{name}: {fault}") });
            }
        }
        self.touch();
        self.flush();
    }

    /// As many as fit, from the first on.
    fn seal_pack(&mut self, segments: BTreeMap<u64, Vec<u8>>) -> Result<Option<Made>, (Name, Fault)> {
        let (mut objects, mut size): (Vec<ByteVec>, usize) = (Vec::new(), 0);
        let (mut range, mut prev, mut end) = (None, [0; 32], [0; 32]);
        for (seq, object) in segments {
            size += object.len();
            if size > PACK_TARGET || object.len() > PACK_TARGET / 2 {
                break;
            }
            let name = Name::Segment(self.vault.id, self.dev, seq);
            let sealed = Sealed::read(&object, name).map_err(|fault| (name, fault))?;
            let before = sealed.place.prev;
            if range.is_some() && before != end {
                return Err((name, Fault::BrokenChain));
            }
            end = sealed.hash();
            let (from, _) = *range.get_or_insert((seq, seq));
            prev = if from == seq { before } else { prev };
            range = Some((from, seq));
            objects.push(object.into());
        }
        let Some((from, to)) = range.filter(|(from, to)| to > from) else { return Ok(None) };
        let object = self.seal_own(Kind::Pack, from, prev, &wire::to_bytes(&Objects(objects)));
        let object = object.map_err(|fault| (Name::Segment(self.vault.id, self.dev, from), fault))?;
        Ok(Some((Packed { from, to, hash: hash(&object) }, object)))
    }

    /// The pack is in the bucket: the next head names it.
    pub(super) fn name_pack(&mut self) {
        if let Some(packed) = self.work.packing.sealed.take() {
            self.sync.packs.list.push(packed);
            (self.sync.packs.looked, self.sync.packs.failed_ms) = (packed.to, 0);
            self.touch();
        }
        self.work.stage = Stage::Pushing(Push::Start);
    }

    /// Whether every other device that is active has read our segments up to this one.
    pub(super) fn seen_by_all(&self, seq: u64) -> bool {
        let now = self.now();
        let others = self.roster.members.keys();
        let others = others.filter(|dev| **dev != self.dev && self.rights.role(**dev) != Role::Removed);
        others.copied().all(|dev| {
            self.sync.cursors.get(&dev).is_some_and(|cursor| {
                let silent = cursor.heard_ms > 0 && now.saturating_sub(cursor.heard_ms) > ACTIVE_MS;
                cursor.saw >= seq || silent
            })
        })
    }

    /// The next pack that everybody has read is read back. Returns whether there is one.
    pub(super) fn begin_check(&mut self) -> bool {
        let packs = &self.sync.packs;
        let next = packs.list.iter().find(|pack| pack.to > packs.verified);
        let Some(&packed) = next.filter(|pack| self.seen_by_all(pack.to)) else { return false };
        self.work.packing.checked = Some((packed, None));
        self.work.stage = Stage::Pushing(Push::Checked);
        self.work.gets.push_back(packed.name(self.vault.id, self.dev).to_string());
        true
    }

    pub(super) fn got_own_pack(&mut self, result: Result<Object, RemoteError>) {
        match (result, &mut self.work.packing.checked) {
            (Ok(object), Some((_, found))) => *found = Some(hash(&object.bytes)),
            (Err(RemoteError::NotFound), Some((_, found))) => *found = Some([0; 32]),
            (Err(error), _) => self.stop_remote(error),
            _ => {}
        }
    }

    /// What lies in the bucket is compared with what was put. A pack that is not whole is made anew, later.
    pub(super) fn judge_pack(&mut self) {
        self.work.stage = Stage::Pushing(Push::Start);
        let Some((packed, Some(found))) = self.work.packing.checked.take() else { return };
        if found == packed.hash {
            self.sync.packs.verified = packed.to;
        } else {
            let name = packed.name(self.vault.id, self.dev);
            let fault = if found == [0; 32] { Fault::NotVisible } else { Fault::BrokenChain };
            self.work.choice.spoiled.push((self.dev, name, fault));
            // Its segments are all still there, and so are those of the packs after it.
            let packs = &mut self.sync.packs;
            packs.list.retain(|other| other.to < packed.from);
            packs.looked = packed.from - 1;
            packs.failed_ms = self.work.now_ms.saturating_add_signed(self.sync.clock_offset);
        }
        self.touch();
    }

    /// Everything that is verified goes under a floor, which the next head announces, once the floor before it is done.
    pub(super) fn raise_floor(&mut self) -> bool {
        let since_ms = self.now();
        let packs = &mut self.sync.packs;
        let floor = packs.floor.map_or(0, |floor| floor.seq);
        if packs.verified <= floor || packs.deleted < floor {
            return false;
        }
        packs.floor = Some(Floor { seq: packs.verified, since_ms });
        packs.announced_ms = 0;
        self.touch();
        true
    }

    /// Two weeks after the floor was announced by a head that is in the bucket, the packed segments below it go.
    pub(super) fn begin_deletion(&mut self) -> bool {
        let now = self.now();
        let packs = &mut self.sync.packs;
        let Some(floor) = packs.floor.filter(|floor| floor.seq > packs.deleted) else { return false };
        if packs.announced_ms == 0 {
            // Nothing of ours is on its way any more, so the head that announces it is in the bucket since now.
            packs.announced_ms = now;
            self.touch();
            self.flush();
            return false;
        }
        if now.saturating_sub(packs.announced_ms) < GRACE_MS {
            return false;
        }
        let below = packs.list.iter().filter(|pack| pack.from > packs.deleted && pack.to <= floor.seq);
        let names = below.flat_map(|pack| pack.from..=pack.to).map(|seq| Name::Segment(self.vault.id, self.dev, seq));
        self.work.deletes = names.map(|name| name.to_string()).collect();
        self.work.stage = Stage::Pushing(Push::Deleted);
        true
    }

    pub(super) fn note_deletion(&mut self) {
        self.sync.packs.deleted = self.sync.packs.floor.map_or(0, |floor| floor.seq);
        self.touch();
        self.flush();
        self.work.stage = Stage::Pushing(Push::Start);
    }

    /// The bucket is another one, or set back: what was packed and deleted in it is not known any more.
    pub(super) fn forget_packs(&mut self) {
        if self.sync.packs.deleted > 0 {
            self.sync.pushed.segment = 0;
        }
        self.sync.packs = Packs { looked: self.sync.start.segment.seq, ..Packs::default() };
    }
}

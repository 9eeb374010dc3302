//! Our own chain: what is new is sealed, what is sealed is put, what is put is promised in the head, in this order.

use std::collections::{BTreeMap, BTreeSet};

use super::round::{Stage, put};
use super::{Effect, Engine, SEEN_MS};
use crate::book::DevId;
use crate::guard::Guard;
use crate::remote::{Object, RemoteError};
use crate::store::StoreError;
use crate::sync::name::Name;
use crate::sync::object::{Sealed, hash};
use crate::sync::report::Trouble;
use crate::sync::state::{Hash, Link, Pushed};
use crate::sync::wire;

/// How many of our last control entries are looked at for the head.
const RECENT: u64 = 8;

/// The steps of a push. Each begins when everything of the one before is done and written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Push {
    /// See what there is to do.
    Start,
    /// What the next head will carry is here: seal.
    Seal,
    /// More operations are to be sealed than fit into one segment: the next one.
    Chunk,
    /// The objects are there: put the head that promises them.
    Objects,
    /// The head is there.
    Head,
    /// The segments for a pack are being read.
    Pack,
    /// The pack is there: the next head names it.
    Packed,
    /// A pack was read back.
    Checked,
    /// What a pack holds is deleted.
    Deleted,
    /// The manifest of a snapshot is being read, to see how far it reaches.
    Looked,
    /// The segment at which our log is cut is being read.
    Cut,
    /// What lies under our own name is being listed.
    Cleared,
    /// What an erasure leaves nothing of is deleted.
    Deleting,
    /// The pages for a snapshot are asked for.
    Pages,
    /// The next part of the snapshot, or its manifest.
    Parts,
    /// All of the snapshot is there: the next head names it.
    Named,
}

/// Segments that the bucket has confirmed while others are still on their way.
#[derive(Debug, Default)]
pub(super) struct Confirmed {
    segments: BTreeSet<u64>,
    /// Names that were taken, with what lies there.
    occupied: BTreeMap<String, Vec<u8>>,
}

impl Engine {
    pub(super) fn push(&mut self, step: Push) {
        if self.work.halted {
            return self.end();
        }
        match step {
            Push::Start => self.push_start(),
            Push::Seal => self.push_seal(),
            Push::Chunk => self.seal_next(),
            Push::Objects => {
                self.work.stage = Stage::Pushing(Push::Head);
                self.work.puts.push_back(Name::Head(self.vault.id, self.dev).to_string());
            }
            Push::Head | Push::Pages | Push::Looked => self.work.stage = Stage::Pushing(Push::Start),
            Push::Pack => self.fill_pack(),
            Push::Packed => self.name_pack(),
            Push::Checked => self.judge_pack(),
            Push::Deleted => self.note_deletion(),
            Push::Cut => self.cut(),
            Push::Cleared => self.note_cleared(),
            Push::Deleting => self.look_at_names(None),
            Push::Parts => self.next_part(),
            Push::Named => self.name_snapshot(),
        }
    }

    fn push_start(&mut self) {
        // A head that names a snapshot or packs which this bucket may not have is not put again.
        let (head, named) = (&self.sync.head, self.named_snapshot());
        let stale = head.snapshot > 0 && head.snapshot != named || head.packs > self.sync.packs.list.len() as u64;
        if self.sync.head.seq > self.sync.pushed.head && !self.work.local && !stale {
            return self.put_objects();
        }
        // Once more for what was written meanwhile, then the next round's turn.
        let unsealed = self.opn > self.sync.sealed_opn && self.work.seals < 2;
        let heads = !self.work.local || self.work.packs_up;
        if !(unsealed || heads && self.needs_head()) {
            return self.keep_house();
        }
        self.work.stage = Stage::Pushing(Push::Seal);
        for name in self.recent() {
            if !self.recent.contains_key(&name) {
                self.work.out.push_back(Effect::ReadLog { name });
            }
        }
    }

    /// Everything of ours is shared: what else is there to do for the others?
    fn keep_house(&mut self) {
        if self.work.local {
            self.end();
        } else if self.begin_look() || self.begin_cut() {
            // What it takes is under way.
        } else if self.snapshot_is_due() || self.clean_snapshot_is_due() {
            self.begin_snapshot();
        } else if self.begin_cut_of_removed() || self.begin_clearing() {
            // As above.
        } else if self.pack_is_due() {
            self.begin_pack();
        } else if !self.begin_sweep() && !self.begin_check() && !self.raise_floor() && !self.begin_deletion() {
            self.end();
        }
    }

    /// The number of our snapshot, 0 for none.
    pub(super) fn named_snapshot(&self) -> u64 {
        self.sync.snapshots.named.map_or(0, |named| named.manifest.seq)
    }

    fn push_seal(&mut self) {
        self.work.stage = Stage::Pushing(Push::Start);
        if self.opn > self.sync.sealed_opn {
            self.work.seals += 1;
            self.work.out.push_back(Effect::ReadTail { after: self.sync.sealed_lsn });
        } else {
            self.seal_head();
            self.flush();
        }
    }

    /// Names of the own objects that the next head may carry whole.
    pub(super) fn recent(&self) -> Vec<String> {
        let (vault, dev, control) = (self.vault.id, self.dev, self.sync.control.seq);
        let first = control.saturating_sub(RECENT - 1).max(1);
        let entries = (first..=control).map(|seq| Name::Control(vault, dev, seq));
        let segment = Some(self.sync.segment.seq)
            .filter(|seq| *seq > self.sync.start.segment.seq)
            .map(|seq| Name::Segment(vault, dev, seq));
        entries.chain(segment).map(|name| name.to_string()).collect()
    }

    /// How far every other device has been applied here, and a mark that changes with it or with our book.
    pub(super) fn seen(&self) -> (BTreeMap<DevId, Link>, Hash) {
        let read = self.sync.cursors.iter().filter(|(_, cursor)| cursor.segment.seq > 0);
        let seen: BTreeMap<_, _> = read.map(|(dev, cursor)| (*dev, cursor.segment)).collect();
        let mark = hash(&wire::to_bytes(&(&seen, self.standing())));
        (seen, mark)
    }

    fn needs_head(&self) -> bool {
        let head = &self.sync.head;
        head.seq == 0
            || head.segment < self.sync.segment.seq
            || head.control < self.sync.control.seq
            || head.snapshot != self.named_snapshot()
            || head.packs != self.sync.packs.list.len() as u64
            || head.start != self.sync.start.segment.seq
            || head.rest != self.rested_mark()
            || (head.seen != self.seen().1 && self.somebody_holds_erased())
            || head.floor != self.sync.packs.floor.map_or(0, |floor| floor.seq)
            || (self.now().abs_diff(head.at_ms) >= SEEN_MS && head.seen != self.seen().1)
    }

    /// Queues everything that the last head promises and the bucket has not confirmed.
    fn put_objects(&mut self) {
        let (vault, dev) = (self.vault.id, self.dev);
        let (pushed, head) = (&self.sync.pushed, &self.sync.head);
        let founder = self.vault.owner.dev() == dev;
        let first = (!pushed.vault && (founder || self.work.alone)).then_some(Name::Vault(vault));
        let anew = pushed.head == 0;
        let open = self.roster.invites.iter().filter(|(id, invited)| {
            anew && invited.by == dev
                && invited.expires_ms > self.now()
                && self.rights.admits(invited)
                && self.roster.withdrawn(&self.rights, **id).is_none()
        });
        let bundles = open.map(|(id, _)| Name::Invite(vault, *id));
        let entries = (pushed.control + 1..=head.control).map(|seq| Name::Control(vault, dev, seq));
        let segments = (pushed.segment.max(self.sync.start.segment.seq) + 1..=head.segment)
            .map(|seq| Name::Segment(vault, dev, seq));
        self.work.puts =
            first.into_iter().chain(bundles).chain(entries).chain(segments).map(|name| name.to_string()).collect();
        self.work.stage = Stage::Pushing(Push::Objects);
        if !Guard::HeadLast.stands() {
            self.push(Push::Objects);
        }
    }

    pub(super) fn was_put(&mut self, name: String, result: Result<String, RemoteError>) {
        match result {
            Ok(etag) => self.confirm(&name, etag),
            Err(RemoteError::Conflict) if is_snapshot(&name) => self.drop_snapshot(),
            Err(RemoteError::Conflict) if is_pack(&name) => {}
            // Ours, if an answer was lost; see what lies there.
            Err(RemoteError::Conflict) => self.work.gets.push_back(name),
            Err(error) => self.stop_remote(error),
        }
    }

    fn confirm(&mut self, name: &str, etag: String) {
        let head = &self.sync.head;
        match Name::parse(name) {
            Some(Name::Head(..)) => {
                let (control, segment, opn, head) = (head.control, head.segment, head.opn, head.seq);
                self.sync.pushed = Pushed { vault: true, control, segment, opn, head, etag };
            }
            // Of many segments each is noted, so that a broken upload goes on where it stopped.
            Some(Name::Segment(_, _, seq)) if head.segment > self.sync.pushed.segment + 1 => {
                let segments = &mut self.work.confirmed.segments;
                segments.insert(seq);
                let before = self.sync.pushed.segment;
                self.sync.pushed.segment = before.max(self.sync.start.segment.seq);
                while segments.remove(&(self.sync.pushed.segment + 1)) {
                    self.sync.pushed.segment += 1;
                }
                if self.sync.pushed.segment == before {
                    return;
                }
            }
            _ => return,
        }
        self.touch();
        self.flush();
    }

    /// What lies under a name of ours that was taken: our own log decides whether it is ours.
    pub(super) fn got_occupied(&mut self, name: Name, result: Result<Object, RemoteError>) {
        match result {
            Ok(object) => {
                self.work.confirmed.occupied.insert(name.to_string(), object.bytes);
                self.work.out.push_back(Effect::ReadLog { name: name.to_string() });
            }
            Err(error) => self.stop_remote(error),
        }
    }

    pub(super) fn read_log(&mut self, name: String, result: Result<Option<Vec<u8>>, StoreError>) {
        let object = match result {
            Ok(Some(object)) => object,
            Ok(None) => return self.stop(Some(Trouble::LocalDamage { what: name })),
            Err(error) => return self.stop(Some(Trouble::Store(error))),
        };
        if let Some(there) = self.work.confirmed.occupied.remove(&name) {
            return self.compare(&name, &object, &there);
        }
        if self.work.stage == Stage::Pushing(Push::Seal) {
            self.remember(name, object);
        } else if self.work.stage == Stage::Pushing(Push::Cut) {
            self.take_for_cut(object);
        } else if self.work.stage == Stage::Pushing(Push::Pack) {
            self.take_for_pack(&name, object);
        } else if matches!(Name::parse(&name), Some(Name::Head(..))) && hash(&object) != self.sync.head.hash {
            // Another tab has sealed further: this head promises what only that tab has begun to put.
            self.halt(Trouble::LocalDamage { what: name });
        } else {
            let effect = put(&name, object);
            self.work.out.push_back(effect);
        }
    }

    /// Keeps what a head may carry, and the fact that it is too large for that.
    pub(super) fn remember(&mut self, name: String, object: Vec<u8>) {
        let small = object.len() <= wire::INLINE_SEGMENT;
        self.recent.insert(name, if small { object } else { Vec::new() });
    }

    fn compare(&mut self, name: &str, ours: &[u8], there: &[u8]) {
        if ours == there || !Guard::Occupied.stands() {
            return self.confirm(name, String::new());
        }
        let sign = self.identity.public().sign;
        let signed = Name::parse(name).map(|name| Sealed::read(there, name).and_then(|sealed| sealed.verify(&sign)));
        let copy = matches!(signed, Some(Ok(())));
        self.halt(if copy { Trouble::Cloned } else { Trouble::Occupied { name: name.to_owned() } });
    }
}

fn is_snapshot(name: &str) -> bool {
    matches!(Name::parse(name), Some(Name::Manifest(..) | Name::Part(..)))
}

/// The name of a pack follows from its bytes: what lies there is the same.
fn is_pack(name: &str) -> bool {
    matches!(Name::parse(name), Some(Name::Pack(..)))
}

//! Sealing: operations into segments, and the head that promises them.

use std::collections::VecDeque;

use minicbor::bytes::ByteVec;

use super::push::Push;
use super::round::{OWN_APP, Stage};
use super::{Engine, SEGMENT_TARGET};
use crate::book::{Batch, DevId, Op};
use crate::store::StoreError;
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::{Kind, MAX_INFLATED, Place, hash, seal};
use crate::sync::report::Trouble;
use crate::sync::state::{HeadMark, Link};
use crate::sync::wire::{self, HeadBody, INLINE_CONTROL, INLINE_SEGMENT};

/// Operations are first cut by about this size before deflating, in bytes; what is still too large is halved. It is
/// what a slow processor seals or reads in less than a fifth of a second.
const RAW_TARGET: usize = 1 << 20;

/// What is still to be sealed: entries of the tail, and the operations of the one that was begun.
#[derive(Debug, Default)]
pub(super) struct Unsealed {
    entries: VecDeque<(u64, Vec<u8>)>,
    ops: VecDeque<Op>,
    /// Bytes of the entry that was begun, by its operations.
    share: usize,
    /// The place of the tail up to which the entries reach.
    upto: u64,
}

impl Unsealed {
    fn of(tail: Vec<(u64, Vec<u8>)>) -> Self {
        let upto = tail.last().map_or(0, |(lsn, _)| *lsn);
        Self { entries: tail.into(), upto, ..Self::default() }
    }

    /// The next operation of a device.
    fn next(&mut self, dev: DevId) -> Result<Option<Op>, String> {
        while self.ops.is_empty() {
            let Some((lsn, bytes)) = self.entries.pop_front() else { break };
            let batch = Batch::decode(&bytes).map_err(|error| format!("tail {lsn}: {error}"))?;
            if batch.dev == dev {
                self.share = bytes.len() / batch.ops.len().max(1);
                self.ops = batch.ops.into();
            }
        }
        Ok(self.ops.pop_front())
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.ops.is_empty()
    }
}

impl Engine {
    /// Takes everything of our own in the tail that is not sealed.
    pub(super) fn read_tail(&mut self, result: Result<Vec<(u64, Vec<u8>)>, StoreError>) {
        let tail = match result {
            Ok(tail) => tail,
            Err(error) => return self.stop(Some(Trouble::Store(error))),
        };
        self.work.unsealed = Unsealed::of(tail);
        self.seal_next();
    }

    /// Seals about one segment and commits it; an import takes several turns, so that nothing waits for all of it.
    /// The head goes into the commit of the last one.
    pub(super) fn seal_next(&mut self) {
        let chunk = match self.next_unsealed() {
            Ok(chunk) => chunk,
            Err(what) => {
                self.work.unsealed = Unsealed::default();
                return self.halt(Trouble::LocalDamage { what });
            }
        };
        if let Err(trouble) = self.seal_chunk(chunk) {
            self.work.unsealed = Unsealed::default();
            self.work.seals = u8::MAX;
            self.work.troubles.push(trouble);
        } else if self.work.unsealed.is_empty() {
            self.sync.sealed_lsn = self.sync.sealed_lsn.max(self.work.unsealed.upto);
        }
        if self.work.unsealed.is_empty() {
            self.work.stage = Stage::Pushing(Push::Start);
            if !self.work.local || self.work.packs_up {
                self.seal_head();
            }
        } else {
            self.work.stage = Stage::Pushing(Push::Chunk);
        }
        self.touch();
        self.flush();
    }

    /// Our own next operations in the tail, about a segment of them. A gap would be lost work, and is an error.
    fn next_unsealed(&mut self) -> Result<Vec<Op>, String> {
        let (mut ops, mut size) = (Vec::new(), 0);
        let mut expected = self.sync.sealed_opn + 1;
        while size < RAW_TARGET
            && let Some(op) = self.work.unsealed.next(self.dev)?
        {
            if op.opn > expected {
                return Err(format!("operation {expected}"));
            }
            if op.opn == expected {
                size += self.work.unsealed.share;
                ops.push(op);
                expected += 1;
            }
        }
        if ops.is_empty() && expected <= self.opn { Err(format!("operation {expected}")) } else { Ok(ops) }
    }

    /// Seals these operations as one segment, or as several if one would be too large.
    fn seal_chunk(&mut self, mut ops: Vec<Op>) -> Result<(), Trouble> {
        let Some(Op { opn, stamp, .. }) = ops.last().cloned() else { return Ok(()) };
        let batch = Batch { dev: self.dev, ops };
        let body = batch.encode();
        ops = batch.ops;
        let few = ops.len() as u64 <= crate::book::op::MAX_OPS && body.len() <= MAX_INFLATED;
        let object = if few { self.seal_segment(&body) } else { Err(Fault::TooLarge) };
        match object {
            Ok(object) if object.len() <= SEGMENT_TARGET || ops.len() == 1 => {
                self.sync.segment = Link { seq: self.sync.segment.seq + 1, hash: hash(&object) };
                self.sync.bytes += object.len() as u64;
                (self.sync.sealed_opn, self.sync.sealed_stamp) = (opn, stamp);
                let name = Name::Segment(self.vault.id, self.dev, self.sync.segment.seq).to_string();
                self.own_object(name, object);
                Ok(())
            }
            _ if ops.len() > 1 => {
                let second = ops.split_off(ops.len() / 2);
                self.seal_chunk(ops)?;
                self.seal_chunk(second)
            }
            _ => Err(Trouble::OpTooLarge { opn }),
        }
    }

    fn seal_segment(&mut self, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let Link { seq, hash: prev } = self.sync.segment;
        self.seal_own(Kind::Segment, seq + 1, prev, body)
    }

    pub(super) fn seal_own(&mut self, kind: Kind, seq: u64, prev: [u8; 32], body: &[u8]) -> Result<Vec<u8>, Fault> {
        let (vault, dev) = (self.vault.id, self.dev);
        let (epoch, key) = self.sealing(kind, seq)?;
        let nonce = self.nonce();
        seal(&Place { kind, vault, dev, seq, prev, epoch }, body, Some(&key), nonce, &self.identity.signer())
    }

    /// An own object goes into the log; from there it is put, now or after a crash, always as the same bytes.
    fn own_object(&mut self, name: String, object: Vec<u8>) {
        self.work.change.log.push((name.clone(), Some(object.clone())));
        self.remember(name.clone(), object.clone());
        if !self.work.local {
            self.work.fresh.insert(name, object);
        }
        self.touch();
    }

    /// Seals a head that promises everything sealed so far.
    pub(super) fn seal_head(&mut self) {
        let names = self.recent();
        self.recent.retain(|name, _| names.contains(name));
        let (seen, mark) = self.seen();
        let body = HeadBody {
            segment: self.sync.segment,
            opn: self.sync.sealed_opn,
            stamp: self.sync.sealed_stamp,
            control: self.sync.control,
            seen,
            app: OWN_APP.to_owned(),
            inline: self.inline_segment(),
            control_inline: self.inline_control(),
            packs: self.sync.packs.list.clone(),
            snapshot: self.sync.snapshots.named,
            floor: self.sync.packs.floor,
            standing: self.standing(),
            start: Some(self.sync.start).filter(|start| start.segment.seq > 0),
            rest: self.rested_mark(),
        };
        let seq = self.sync.head.seq + 1;
        let object = match self.seal_own(Kind::Head, seq, self.sync.segment.hash, &wire::to_bytes(&body)) {
            Ok(object) => object,
            Err(fault) => return self.halt(Trouble::LocalDamage { what: fault.to_string() }),
        };
        self.sync.head = HeadMark {
            seq,
            hash: hash(&object),
            opn: self.sync.sealed_opn,
            segment: self.sync.segment.seq,
            control: self.sync.control.seq,
            packs: self.sync.packs.list.len() as u64,
            floor: self.sync.packs.floor.map_or(0, |floor| floor.seq),
            snapshot: self.named_snapshot(),
            start: self.sync.start.segment.seq,
            rest: self.rested_mark(),
            seen: mark,
            at_ms: self.now(),
        };
        let name = Name::Head(self.vault.id, self.dev).to_string();
        self.work.change.log.push((name.clone(), Some(object.clone())));
        self.work.fresh.insert(name, object);
        self.touch();
    }

    fn inline_segment(&self) -> Option<ByteVec> {
        let name = Name::Segment(self.vault.id, self.dev, self.sync.segment.seq).to_string();
        let kept = self.recent.get(&name).filter(|_| self.sync.segment.seq > self.sync.start.segment.seq);
        let object = kept.filter(|object| !object.is_empty() && object.len() <= INLINE_SEGMENT)?;
        Some(object.clone().into())
    }

    /// The last control entries, as many as fit, oldest first.
    fn inline_control(&self) -> Vec<ByteVec> {
        let (mut entries, mut room) = (Vec::new(), INLINE_CONTROL);
        for seq in (1..=self.sync.control.seq).rev() {
            let name = Name::Control(self.vault.id, self.dev, seq).to_string();
            let Some(object) = self.recent.get(&name).filter(|object| !object.is_empty()) else { break };
            let Some(left) = room.checked_sub(object.len()) else { break };
            room = left;
            entries.push(object.clone().into());
        }
        entries.reverse();
        entries
    }
}

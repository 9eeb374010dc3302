//! What is known of everybody at every moment: all operations of all users, all sealed objects, everything accepted.
//! Each commit of a store and each PUT passes by here and is checked on the spot.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dianbu::book::{Batch, DevId, Op, Stamp};
use dianbu::store::Change;
use dianbu::sync::engine::CLOCK_AHEAD_MS;
use dianbu::sync::keys::Vault;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed, hash};
use dianbu::sync::state::{Link, State};
use dianbu::sync::wire::{self, HeadBody};

use crate::check::{Check, Violation};
use crate::cloud::Cloud;

/// A mark in every text that users write: nothing in the bucket may show it.
pub const SECRET: &str = "店簿里的话";

/// What one profile has taken in and sealed, as it must be in its store.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Every operation, own and of others.
    pub ops: BTreeMap<(DevId, u64), Rc<Op>>,
    /// Own segments by number.
    sealed: BTreeMap<u64, [u8; 32]>,
    /// Own heads by number.
    heads: BTreeMap<u64, [u8; 32]>,
    /// The latest time that this device could rightly believe in, with what it may absorb.
    latest_ms: u64,
}

impl Record {
    /// The last operation of a device.
    pub fn last(&self, dev: DevId) -> Option<&Rc<Op>> {
        self.ops.range((dev, 0)..=(dev, u64::MAX)).next_back().map(|(_, op)| op)
    }

    /// How far every device was taken in.
    pub fn frontier(&self) -> BTreeMap<DevId, u64> {
        self.ops.keys().map(|(dev, opn)| (*dev, *opn)).collect()
    }
}

/// A sealed segment: whose it is, its number, and the hash of the one before.
#[derive(Clone, Copy, Debug)]
struct Sealing {
    dev: DevId,
    seq: u64,
    prev: [u8; 32],
}

/// What is known of everybody.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Everything that was ever written under a number: more than one where a profile was copied or put back, or lost
    /// what nobody was told was saved.
    written: BTreeMap<(DevId, u64), Vec<Rc<Op>>>,
    segments: BTreeMap<[u8; 32], Sealing>,
    /// What anybody accepted under a number.
    accepted: BTreeMap<(DevId, u64), [u8; 32]>,
    /// The device of each profile.
    pub devices: Vec<DevId>,
    /// Devices of which there are copies, or that were put back: two histories may exist.
    pub split: BTreeSet<DevId>,
    /// Members who do not keep the rules.
    pub liars: BTreeSet<DevId>,
    /// The vault's keys, to look into what is put.
    pub vault: Option<Vault>,
    /// What went wrong, in order.
    pub violations: Vec<Violation>,
    /// Operations written.
    pub ops: u64,
}

impl Ledger {
    /// Notes a violation.
    pub fn violate(&mut self, check: Check, what: impl Into<String>) {
        self.violations.push(Violation { check, what: what.into() });
    }

    /// Notes a violation unless something holds.
    pub fn expect(&mut self, holds: bool, check: Check, what: impl FnOnce() -> String) {
        if !holds {
            self.violate(check, what());
        }
    }

    /// Registers an operation that a member made by hand.
    pub fn write_by_hand(&mut self, dev: DevId, op: Op, object: &[u8]) {
        self.written.entry((dev, op.opn)).or_default().push(Rc::new(op));
        self.seal(dev, object);
    }

    fn seal(&mut self, dev: DevId, object: &[u8]) -> Option<(u64, [u8; 32])> {
        let seq = u64::from_be_bytes(object.get(44..52)?.try_into().ok()?);
        let prev = object.get(52..84)?.try_into().ok()?;
        self.segments.insert(hash(object), Sealing { dev, seq, prev });
        Some((seq, hash(object)))
    }

    /// A profile has committed: what it wrote, and the state before and after.
    pub fn committed(
        &mut self,
        profile: usize,
        record: &mut Record,
        clock_ms: u64,
        (before, after): (&State, &State),
        change: &Change,
    ) {
        let Some(&dev) = self.devices.get(profile) else { return };
        let believed = after.now(clock_ms).max(before.now(clock_ms));
        record.latest_ms = record.latest_ms.max(believed.saturating_add(CLOCK_AHEAD_MS));
        for bytes in &change.tail {
            match Batch::decode(bytes) {
                Ok(batch) if batch.dev == dev => self.wrote(dev, record, batch.ops),
                Ok(batch) => self.took_in(profile, record, &batch),
                Err(error) => {
                    self.violate(Check::Refused, format!("profile {profile} took in unreadable bytes: {error}"));
                }
            }
        }
        for (name, object) in &change.log {
            let (Some(name), Some(object)) = (Name::parse(name), object) else { continue };
            let Some((seq, digest)) = self.seal(dev, object) else { continue };
            let sealed = match name.kind() {
                Kind::Head => &mut record.heads,
                Kind::Segment => &mut record.sealed,
                _ => continue,
            };
            if sealed.insert(seq, digest).is_some_and(|other| other != digest) {
                self.violate(Check::OneContent, format!("profile {profile} sealed {name} twice"));
            }
        }
        let cursors = |state: &State| state.sync().unwrap_or_default().cursors;
        let known = cursors(before);
        for (other, cursor) in &cursors(after) {
            let old = known.get(other).map(|cursor| cursor.segment).unwrap_or_default();
            self.follows(profile, *other, old, cursor.segment);
        }
    }

    fn wrote(&mut self, dev: DevId, record: &mut Record, ops: Vec<Op>) {
        for op in ops {
            let last = record.last(dev).map_or((0, Stamp::default()), |last| (last.opn, last.stamp));
            self.expect(op.opn == last.0 + 1, Check::TabsApart, || format!("number {} after {}", op.opn, last.0));
            self.expect(op.stamp > last.1, Check::ClockFree, || format!("operation {} is not later", op.opn));
            self.expect(op.stamp.ms() <= record.latest_ms, Check::ClockSpread, || {
                format!("operation {} is {} s ahead", op.opn, (op.stamp.ms() - record.latest_ms) / 1000)
            });
            self.ops += 1;
            let op = Rc::new(op);
            self.written.entry((dev, op.opn)).or_default().push(op.clone());
            record.ops.insert((dev, op.opn), op);
        }
    }

    fn took_in(&mut self, profile: usize, record: &mut Record, batch: &Batch) {
        let dev = batch.dev;
        for op in &batch.ops {
            let last = record.last(dev).map_or(0, |last| last.opn);
            self.expect(op.opn > last, Check::Once, || format!("profile {profile} took in {dev} {} twice", op.opn));
            self.expect(op.opn <= last + 1, Check::Refused, || {
                format!("profile {profile} took in {dev} {} after {last}", op.opn)
            });
            let known = self.written.get(&(dev, op.opn)).and_then(|all| all.iter().find(|known| ***known == *op));
            let Some(known) = known.cloned() else {
                self.violate(Check::Refused, format!("profile {profile} took in {dev} {}: nobody wrote it", op.opn));
                continue;
            };
            record.ops.insert((dev, op.opn), known);
        }
    }

    /// What a cursor has passed must be one history: each object names the one before.
    fn follows(&mut self, profile: usize, dev: DevId, old: Link, new: Link) {
        if old == new {
            return;
        }
        self.expect(new.seq > old.seq, Check::NothingDisappears, || format!("profile {profile} went back in {dev}"));
        let mut at = new.hash;
        for seq in (old.seq + 1..=new.seq).rev() {
            let Some(sealing) = self.segments.get(&at).copied().filter(|s| s.dev == dev && s.seq == seq) else {
                return self
                    .violate(Check::OneHistory, format!("profile {profile} passed an unknown object {dev} {seq}"));
            };
            let first = *self.accepted.entry((dev, seq)).or_insert(at);
            if first != at && !self.split.contains(&dev) && !self.liars.contains(&dev) {
                self.violate(Check::OneContent, format!("two contents of {dev} {seq} were accepted"));
            }
            at = sealing.prev;
        }
        self.expect(at == old.hash, Check::OneHistory, || format!("profile {profile} mixed two histories of {dev}"));
    }

    /// A profile puts an object.
    pub fn put(&mut self, profile: usize, name: &str, bytes: &[u8], cloud: &Cloud) {
        let shows = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        self.expect(!shows, Check::Secret, || format!("{name} shows what a user wrote"));
        let (Some(parsed @ Name::Head(vault, dev)), Some(keys)) = (Name::parse(name), &self.vault) else { return };
        let Ok(sealed) = Sealed::read(bytes, parsed) else { return };
        let place = sealed.place;
        let Some(key) = keys.object_key(place.epoch, Kind::Head, dev, place.seq) else { return };
        let Ok(body) = sealed.open(&key).and_then(|body| wire::from_bytes::<HeadBody>(&body)) else { return };
        let mut missing = None;
        let mut at = body.segment.hash;
        for seq in (1..=body.segment.seq).rev() {
            if !cloud.was_put(&Name::Segment(vault, dev, seq).to_string(), &at) {
                missing = Some(seq);
            }
            let Some(sealing) = self.segments.get(&at) else { break };
            at = sealing.prev;
        }
        if let Some(seq) = missing {
            self.violate(Check::Promised, format!("profile {profile} promises segment {seq}, which was not put"));
        }
    }
}

//! What is known of everybody at every moment: all operations of all users, all sealed objects, everything accepted.
//! Each commit of a store and each PUT passes by here and is checked on the spot.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dianbu::book::{Batch, DevId, Op, Stamp};
use dianbu::store::Change;
use dianbu::sync::engine::CLOCK_AHEAD_MS;
use dianbu::sync::keys::{Identity, Vault};
use dianbu::sync::member::{META_IDENTITY, META_VAULT};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed, hash};
use dianbu::sync::report::Held;
use dianbu::sync::state::{Link, State};
use dianbu::sync::wire::{self, Control, HeadBody, Role};

use crate::check::{Check, Violation};
use crate::cloud::Cloud;
use crate::drawer::Photo;
use crate::erase::{Erasures, erasures, without};
use crate::record::Record;
use crate::rules::{Entry, Hash, Verdict};

/// A mark in every text that users write: nothing in the bucket may show it.
pub const SECRET: &str = "店簿里的话";

/// A sealed segment: whose it is, its number, the hash of the one before, and what it holds.
#[derive(Clone, Debug)]
struct Sealing {
    dev: DevId,
    seq: u64,
    prev: Hash,
    ops: Vec<Rc<Op>>,
}

/// Operations by device and number.
pub type Ops = BTreeMap<(DevId, u64), Rc<Op>>;

/// What is known of everybody.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Everything that was ever written under a number: more than one where a profile was copied or put back, or lost
    /// what nobody was told was saved.
    written: BTreeMap<(DevId, u64), Vec<Rc<Op>>>,
    segments: BTreeMap<Hash, Sealing>,
    entries: BTreeMap<Hash, Entry>,
    /// What anybody accepted under a number.
    accepted: BTreeMap<(DevId, u64), Hash>,
    /// Devices of which there are copies, or that were put back: two histories may exist.
    pub split: BTreeSet<DevId>,
    /// Members who do not keep the rules.
    pub liars: BTreeSet<DevId>,
    /// Members with a changed app: what they write is whole, but their role need not allow it.
    pub rebels: BTreeSet<DevId>,
    /// The vault with every key that anybody has, to look into what is put.
    pub vault: Option<Vault>,
    /// What went wrong, in order.
    pub violations: Vec<Violation>,
    /// Operations written.
    pub ops: u64,
    /// Photos that were taken, by their keys.
    pub photos: BTreeMap<String, Photo>,
    /// Photos that nobody had sent when a device let go of them, as no record named them there.
    pub doubtful: BTreeSet<String>,
    /// Everything whose erasure anybody ever took in.
    pub erased: Erasures,
    /// What happened that is rare in so short histories, how often.
    pub events: BTreeMap<&'static str, u64>,
}

impl Ledger {
    /// Counts something that happened.
    pub fn count(&mut self, event: &'static str) {
        *self.events.entry(event).or_default() += 1;
    }

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

    /// Takes note of a sealed object: a segment or a control entry is looked into.
    fn seal(&mut self, dev: DevId, object: &[u8]) -> Option<(u64, Hash)> {
        let seq = u64::from_be_bytes(object.get(44..52)?.try_into().ok()?);
        let prev = object.get(52..84)?.try_into().ok()?;
        let digest = hash(object);
        match *object.get(8)? {
            kind if kind == Kind::Control as u8 => {
                let body = self.open(Kind::Control, dev, seq, object)?;
                self.entries.insert(digest, Entry { dev, seq, prev, body: wire::from_bytes(&body).ok()? });
            }
            kind if kind == Kind::Segment as u8 => {
                let batch = self.open(Kind::Segment, dev, seq, object).and_then(|body| Batch::decode(&body).ok());
                let ops = batch.map_or_else(Vec::new, |batch| batch.ops.into_iter().map(Rc::new).collect());
                self.segments.insert(digest, Sealing { dev, seq, prev, ops });
            }
            _ => {}
        }
        Some((seq, digest))
    }

    fn open(&self, kind: Kind, dev: DevId, seq: u64, object: &[u8]) -> Option<Vec<u8>> {
        let vault = self.vault.as_ref()?;
        let name = match kind {
            Kind::Control => Name::Control(vault.id, dev, seq),
            _ => Name::Segment(vault.id, dev, seq),
        };
        let sealed = Sealed::read(object, name).ok()?;
        vault.object_keys(sealed.place.epoch, kind, dev, seq).find_map(|key| sealed.open(&key).ok())
    }

    /// Keys that somebody has are known here as well.
    fn learn(&mut self, theirs: &Vault) {
        let Some(vault) = &mut self.vault else { return self.vault = Some(theirs.clone()) };
        let mut epochs = vault.epochs().clone();
        for (epoch, keys) in theirs.epochs() {
            epochs.entry(*epoch).or_default().extend(keys);
        }
        if epochs != *vault.epochs() {
            *vault = Vault::new(vault.id, vault.name.clone(), vault.owner, epochs);
        }
    }

    /// Who may do what, as far as a profile can know.
    pub fn verdict(&self, record: &Record) -> Verdict {
        let founder = self.vault.as_ref().map(|vault| vault.owner.dev()).unwrap_or_default();
        let known = record.known.iter().filter_map(|hash| self.entries.get(hash));
        Verdict::of(founder, known, record.told)
    }

    /// Who may do what, by everything that any of them knows.
    pub fn last_word<'r>(&self, records: impl Iterator<Item = &'r Rc<Record>>) -> Verdict {
        let founder = self.vault.as_ref().map(|vault| vault.owner.dev()).unwrap_or_default();
        let known: BTreeSet<_> = records.flat_map(|record| &record.known).collect();
        Verdict::of(founder, known.into_iter().filter_map(|hash| self.entries.get(hash)), None)
    }

    /// The segments of a device that end with this one, the first first.
    fn chain(&self, dev: DevId, last: Link) -> Vec<&Sealing> {
        let before = |sealing: &&Sealing| self.segments.get(&sealing.prev).filter(|before| before.dev == dev);
        let mut chain: Vec<_> = std::iter::successors(self.segments.get(&last.hash), before).collect();
        chain.reverse();
        chain
    }

    /// What a book holds of a device whose chain was read up to a segment, and beyond it up to an operation.
    pub fn content(&self, dev: DevId, last: Link, (upto, stamp): (u64, Stamp), verdict: &Verdict) -> Ops {
        let mut content = Ops::new();
        let mut chain = self.chain(dev, last);
        if chain.last().and_then(|sealing| sealing.ops.last()).is_none_or(|op| op.opn < upto) {
            // The operation lies in a later segment: all up to that one.
            let holds = |sealing: &&Sealing| {
                sealing.dev == dev && sealing.ops.iter().any(|op| (op.opn, op.stamp) == (upto, stamp))
            };
            let before = |sealing: &&Sealing| self.segments.get(&sealing.prev).filter(|_| sealing.prev != last.hash);
            let beyond = |end: &Sealing| {
                let mut beyond: Vec<_> =
                    std::iter::successors(self.segments.values().find(|it| std::ptr::eq(*it, end)), before).collect();
                beyond.reverse();
                beyond
            };
            let mut ways = self.segments.values().filter(holds).map(beyond);
            chain.extend(
                ways.find(|way| way.first().is_some_and(|first| first.prev == last.hash)).into_iter().flatten(),
            );
        }
        for Sealing { seq, ops, .. } in chain {
            for op in ops.iter().filter(|op| op.opn <= upto) {
                content.entry((dev, op.opn)).or_insert_with(|| verdict.judged(dev, *seq, op));
            }
        }
        content
    }

    /// The last operation in the chain of a device up to a segment.
    pub fn last_op(&self, dev: DevId, last: Link, upto: u64) -> u64 {
        let chain = self.chain(dev, last).into_iter().filter(|sealing| sealing.seq <= upto);
        chain.flat_map(|sealing| &sealing.ops).map(|op| op.opn).max().unwrap_or(0)
    }

    /// Whether what is held for it holds something that its author's role does not allow.
    pub fn has_unallowed(&self, held: &Held, verdict: &Verdict) -> bool {
        let Some(Name::Segment(_, dev, seq)) = Name::parse(&held.name) else { return false };
        let of = self.segments.values().filter(|sealing| sealing.dev == dev && sealing.seq == seq);
        of.flat_map(|sealing| &sealing.ops).any(|op| *verdict.judged(dev, seq, op) != **op)
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
        let (succeeds, old) = (after.generation > before.generation, record.dev);
        self.learn_secrets(record, change);
        if succeeds {
            record.ops.clear();
            record.sealed.clear();
            record.heads.clear();
            // What the old device said and nobody heard is not taken over.
            let heard = before.sync().unwrap_or_default().pushed.control;
            let said = |hash: &Hash| self.entries.get(hash).is_some_and(|it| it.dev == old && it.seq > heard);
            record.known.retain(|hash| !said(hash));
        }
        let dev = record.dev;
        let believed = after.now(clock_ms).max(before.now(clock_ms));
        record.latest_ms = record.latest_ms.max(believed.saturating_add(CLOCK_AHEAD_MS));
        self.keep_log(profile, record, change);
        let (past, new) = (before.sync().unwrap_or_default(), after.sync().unwrap_or_default());
        for cursor in new.cursors.values() {
            self.read_entries(record, cursor.control);
        }
        let replaced = change.drop_pages.is_some() && !succeeds;
        let mut verdict = None;
        let mut verdict = |it: &Self, record: &Record| -> Rc<Verdict> {
            verdict.get_or_insert_with(|| Rc::new(it.verdict(record))).clone()
        };
        for (other, cursor) in &new.cursors {
            let known = past.cursors.get(other).filter(|_| !succeeds).map(|cursor| cursor.segment).unwrap_or_default();
            if cursor.segment.seq < known.seq && replaced {
                let out = verdict(self, record).role_at_segment(*other, cursor.segment.seq + 1) == Role::Removed;
                self.expect(out, Check::NothingDisappears, || format!("profile {profile} forgot some of {other}"));
            } else if !(replaced && self.split.contains(other)) {
                // A book that is read anew has the history that the bucket shows.
                self.follows(profile, *other, known, cursor.segment);
            }
        }
        if replaced {
            self.count(if change.drop_tail.is_some() { "books read anew" } else { "snapshots adopted" });
            let verdict = verdict(self, record);
            let mut ops: Ops =
                record.of(dev).filter(|((_, opn), _)| *opn > new.sealed_opn).map(|(n, op)| (*n, op.clone())).collect();
            ops.extend(self.content(dev, new.segment, (new.sealed_opn, new.sealed_stamp), &verdict));
            for (other, cursor) in &new.cursors {
                ops.extend(self.content(*other, cursor.segment, (cursor.opn, cursor.stamp), &verdict));
            }
            for op in ops.values() {
                self.note_op(op);
            }
            record.ops = ops;
            let whole = record.of(dev).count() as u64 == after.opn;
            self.expect(whole, Check::NothingDisappears, || format!("profile {profile} lost own work with its pages"));
        }
        if !change.tail_anew.is_empty() {
            self.redacted(profile, record, new.sealed_opn, change);
        }
        for bytes in &change.tail {
            match Batch::decode(bytes) {
                Ok(batch) if batch.dev == dev => self.wrote(dev, record, batch.ops),
                Ok(batch) => {
                    let verdict = verdict(self, record);
                    let seq = new.cursors.get(&batch.dev).map_or(0, |cursor| cursor.segment.seq);
                    self.took_in(profile, record, &batch, (seq, &verdict));
                }
                Err(error) => {
                    self.violate(Check::Refused, format!("profile {profile} took in unreadable bytes: {error}"));
                }
            }
        }
        self.drawer(profile, record, clock_ms, change);
    }

    /// New keys, or a new name.
    fn learn_secrets(&mut self, record: &mut Record, change: &Change) {
        for (name, value) in &change.meta {
            let Some(value) = value else { continue };
            if name == META_VAULT
                && let Ok(vault) = minicbor_serde::from_slice::<Vault>(value)
            {
                self.learn(&vault);
            } else if name == META_IDENTITY {
                let dev = minicbor_serde::from_slice::<Identity>(value).map(|identity| identity.dev());
                record.dev = dev.unwrap_or(record.dev);
            }
        }
    }

    /// What was sealed.
    fn keep_log(&mut self, profile: usize, record: &mut Record, change: &Change) {
        let dev = record.dev;
        for (name, object) in &change.log {
            let (Some(name), Some(object)) = (Name::parse(name), object) else { continue };
            let Some((seq, digest)) = self.seal(dev, object) else { continue };
            let sealed = match name.kind() {
                Kind::Head => &mut record.heads,
                Kind::Segment => &mut record.sealed,
                Kind::Control => {
                    record.known.insert(digest);
                    self.check_grant(profile, record, digest);
                    self.check_epoch(profile, record, digest);
                    continue;
                }
                _ => continue,
            };
            if sealed.insert(seq, digest).is_some_and(|other| other != digest) {
                self.violate(Check::OneContent, format!("profile {profile} sealed {name} twice"));
            }
            if name.kind() == Kind::Segment {
                let erasures = erasures(record.ops.values().map(|op| &**op));
                // What was read to be sealed may have been taken out of the tail meanwhile.
                let held = |op: &Rc<Op>| {
                    let own = record.ops.get(&(dev, op.opn));
                    own == Some(op) || own.is_some_and(|own| without(&erasures, own) == without(&erasures, op))
                };
                let all = self.segments.get(&digest).is_some_and(|sealing| sealing.ops.iter().all(held));
                self.expect(all, Check::OneContent, || {
                    format!("profile {profile} sealed into {name} what it did not write")
                });
            }
        }
    }

    /// What an owner says of a role holds, whatever was said before and the clocks say.
    fn check_grant(&mut self, profile: usize, record: &Record, digest: Hash) {
        let Some(Entry { dev, seq, body: Control::Grant(grant), .. }) = self.entries.get(&digest).cloned() else {
            return;
        };
        let verdict = self.verdict(record);
        let (by, role) = (verdict.role_at_entry(dev, seq), verdict.role(grant.dev));
        let rebel = self.rebels.contains(&dev);
        self.expect(rebel || by == Role::Owner && role == grant.role, Check::LastWord, || {
            format!("profile {profile}, {by:?}, gave {} {:?}, and it is {role:?}", grant.dev, grant.role)
        });
    }

    /// A new key is sealed to who is of the vault, and to invitations that bring somebody in.
    fn check_epoch(&mut self, profile: usize, record: &Record, digest: Hash) {
        let Some(Entry { dev, body: Control::Epoch(epoch), .. }) = self.entries.get(&digest) else { return };
        let verdict = self.verdict(record);
        let wrong: Vec<_> = epoch.keys.keys().filter(|to| !verdict.may_have_keys(**to)).copied().collect();
        let rebel = self.rebels.contains(dev);
        self.expect(rebel || wrong.is_empty(), Check::KeyChanged, || {
            format!("profile {profile} gave a key to {wrong:?}")
        });
    }

    /// Everything up to this control entry was read.
    fn read_entries(&mut self, record: &mut Record, last: Link) {
        let mut at = last.hash;
        while let Some(entry) = self.entries.get(&at) {
            if !record.known.insert(at) {
                break;
            }
            at = entry.prev;
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
            self.note_op(&op);
            let op = Rc::new(op);
            self.written.entry((dev, op.opn)).or_default().push(op.clone());
            record.ops.insert((dev, op.opn), op);
        }
    }

    /// An operation that nobody has seen was written anew.
    pub fn write_anew(&mut self, record: &mut Record, op: Op) {
        let number = (record.dev, op.opn);
        let op = Rc::new(op);
        self.written.entry(number).or_default().push(op.clone());
        record.ops.insert(number, op);
    }

    fn took_in(&mut self, profile: usize, record: &mut Record, batch: &Batch, (seq, verdict): (u64, &Verdict)) {
        let dev = batch.dev;
        let out = verdict.role_at_segment(dev, seq) == Role::Removed;
        self.expect(!out, Check::ShutOut, || format!("profile {profile} took in {dev} segment {seq}, which is out"));
        for op in &batch.ops {
            let last = record.last(dev).map_or(0, |last| last.opn);
            self.expect(op.opn > last, Check::Once, || format!("profile {profile} took in {dev} {} twice", op.opn));
            self.expect(op.opn <= last + 1, Check::Refused, || {
                format!("profile {profile} took in {dev} {} after {last}", op.opn)
            });
            let known = self.written.get(&(dev, op.opn)).into_iter().flatten();
            let emptied = |known: &Op| known.stamp == op.stamp && op.rows.is_empty();
            // Two may have one stamp, where the power failed in between: the one that comes to this is meant.
            let judged = |known: &&Rc<Op>| *verdict.judged(dev, seq, known) == *op && known.stamp == op.stamp;
            let same = known.clone().find(|known| ***known == *op).or(known.clone().find(judged));
            let Some(known) = same.or(known.clone().find(|op| emptied(op))).cloned() else {
                self.violate(Check::Refused, format!("profile {profile} took in {dev} {}: nobody wrote it", op.opn));
                continue;
            };
            let judged = verdict.judged(dev, seq, &known);
            self.expect(*judged == *op, Check::Allowed, || {
                let role = verdict.role_at_segment(dev, seq);
                format!("profile {profile} took in {dev} {} of a {role:?} wrongly: {op:?}", op.opn)
            });
            self.note_op(&judged);
            record.ops.insert((dev, op.opn), judged);
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
            let sealing = self.segments.get(&at).filter(|s| s.dev == dev && s.seq == seq);
            let Some(prev) = sealing.map(|sealing| sealing.prev) else {
                return self
                    .violate(Check::OneHistory, format!("profile {profile} passed an unknown object {dev} {seq}"));
            };
            let first = *self.accepted.entry((dev, seq)).or_insert(at);
            if first != at && !self.split.contains(&dev) && !self.liars.contains(&dev) {
                self.violate(Check::OneContent, format!("two contents of {dev} {seq} were accepted"));
            }
            at = prev;
        }
        self.expect(at == old.hash, Check::OneHistory, || format!("profile {profile} mixed two histories of {dev}"));
    }

    /// A profile puts an object.
    pub fn put(&mut self, profile: usize, name: &str, bytes: &[u8], cloud: &Cloud) {
        match Name::parse(name) {
            Some(Name::Manifest(..)) => self.count("snapshots written"),
            Some(Name::Pack(..)) => self.count("packs written"),
            _ => {}
        }
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

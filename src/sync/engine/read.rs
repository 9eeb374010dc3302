//! Reading one chain: enrolment, signatures, links, entries, segments. Nothing is taken in unchecked.

use super::{
    CLOCK_AHEAD_MS, Engine,
    pull::{Chain, Progress, Stop, held_record},
};
use crate::book::{Batch, DevId, Stamp, VaultId};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::sync::fault::Fault;
use crate::sync::keys::LASTING;
use crate::sync::member::META_ROSTER;
use crate::sync::name::Name;
use crate::sync::object::{Sealed, hash};
use crate::sync::state::{Cursor, Hash, Known, Link};
use crate::sync::wire::{self, Control, HeadBody, Packed};

/// How many objects of one chain are asked for beyond the next one that is needed.
const AHEAD: u64 = 8;
/// After so many bytes of segments others have a turn.
const SLICE: usize = 128 << 10;

/// Checks that the object is the next of its chain, and the one that the head names if it is the last.
fn continues(sealed: &Sealed<'_>, read: Option<Link>, last: Option<Link>) -> Result<Link, Fault> {
    let link = Link { seq: sealed.place.seq, hash: sealed.hash() };
    let follows = sealed.place.prev == read.unwrap_or_default().hash || !Guard::PreviousHash.stands();
    let promised = last.is_none_or(|last| last == link) || !Guard::PromisedHash.stands();
    if follows && promised { Ok(link) } else { Err(Fault::BrokenChain) }
}

/// The pack in which a segment is to be read, unless it is known not to be whole.
fn pack_of<'b>(chain: &Chain, body: &'b HeadBody, seq: u64) -> Option<&'b Packed> {
    body.pack_of(seq).filter(|pack| !chain.bad_packs.contains(&pack.from))
}

/// Where a segment is found, and the number of the next one that is found elsewhere.
fn place_of(vault: VaultId, dev: DevId, chain: &Chain, body: &HeadBody, seq: u64) -> (Name, u64) {
    match pack_of(chain, body, seq) {
        Some(pack) => (pack.name(vault, dev), pack.to.saturating_add(1)),
        None => (Name::Segment(vault, dev, seq), seq.saturating_add(1)),
    }
}

impl Engine {
    pub(super) fn advance(&mut self, dev: DevId, chain: &mut Chain) -> Result<Progress, Stop> {
        let name = Name::Head(self.vault.id, dev);
        let stop = |fault| (name, fault);
        let (seq, body) = match chain.head.take() {
            Some(head) => head,
            None => self.open_head(name, &chain.raw).map_err(stop)?,
        };
        let progress = self.follow(dev, chain, name, seq, &body);
        chain.head = Some((seq, body));
        progress
    }

    fn follow(
        &mut self,
        dev: DevId,
        chain: &mut Chain,
        name: Name,
        seq: u64,
        body: &HeadBody,
    ) -> Result<Progress, Stop> {
        let stop = |fault| (name, fault);
        if self.roster.keys(dev).is_none() {
            // Of an unknown device's head nothing is used but its first entry, which must be its enrolment.
            let first = Link { seq: body.control.seq.min(1), hash: [0; 32] };
            if let Progress::Waiting = self.read_controls(dev, chain, body, first)? {
                return Ok(Progress::Waiting);
            }
        }
        let keys = self.roster.keys(dev).ok_or(stop(Fault::UnknownMember))?;
        if !chain.verified {
            Sealed::read(&chain.raw, name).and_then(|sealed| sealed.verify(&keys.sign)).map_err(stop)?;
            chain.verified = true;
            self.note_promises(dev, body);
        }
        let unpacks = self.work.unpacks;
        let cursor = self.cursor(dev);
        let known = cursor.in_bucket();
        if unpacks {
            cursor.carried = Some(known);
        }
        let cursor = cursor.clone();
        let older = seq < known.head || body.segment.seq < known.segment || body.control.seq < known.control;
        if older && Guard::RolledBack.stands() {
            return Err(stop(Fault::RolledBack));
        }
        let forked = |said: Link, read: Link| said.seq == read.seq && said.hash != read.hash;
        if (forked(body.segment, cursor.segment) || forked(body.control, cursor.control)) && Guard::Fork.stands() {
            return Err(stop(Fault::Fork));
        }
        if let Progress::Waiting = self.read_controls(dev, chain, body, body.control)? {
            return Ok(Progress::Waiting);
        }
        // Where to begin is decided when every head is read: segments wait for it.
        let behind = body.segment.seq > self.cursor(dev).segment.seq;
        if behind && !self.work.choice.made {
            return Ok(Progress::Waiting);
        }
        if let Progress::Waiting = self.read_segments(dev, chain, body)? {
            return Ok(Progress::Waiting);
        }
        self.note_head(dev, chain, seq, body);
        Ok(Progress::Done)
    }

    fn open_head(&self, name: Name, raw: &[u8]) -> Result<(u64, HeadBody), Fault> {
        let sealed = Sealed::read(raw, name)?;
        let body: HeadBody = wire::from_bytes(&self.unseal(&sealed)?)?;
        if sealed.place.prev == body.segment.hash { Ok((sealed.place.seq, body)) } else { Err(Fault::Malformed) }
    }

    /// The body of a device's object that has to have this hash.
    pub(super) fn open_promised(&self, name: Name, object: &[u8], expected: Hash) -> Result<Vec<u8>, Fault> {
        let sealed = Sealed::read(object, name)?;
        let keys = name.dev().and_then(|dev| self.roster.keys(dev)).ok_or(Fault::UnknownMember)?;
        sealed.verify(&keys.sign)?;
        if hash(object) != expected {
            return Err(Fault::BrokenChain);
        }
        self.unseal(&sealed)
    }

    pub(super) fn unseal(&self, sealed: &Sealed<'_>) -> Result<Vec<u8>, Fault> {
        let place = sealed.place;
        // No key will ever come for it, so it must not be waited for: it may have been damaged on its way.
        if (place.epoch == LASTING) != (self.vault.epoch_of(place.kind) == LASTING) {
            return Err(Fault::Misplaced);
        }
        // Of two keys of one number one opens it; it may be the one that is not here.
        let opened = sealed.open_with(self.vault.object_keys(place.epoch, place.kind, place.dev, place.seq));
        opened.map_err(|fault| if self.misses_key(place.epoch) { Fault::UnknownEpoch } else { fault })
    }

    pub(super) fn cursor(&mut self, dev: DevId) -> &mut Cursor {
        self.sync.cursors.entry(dev).or_default()
    }

    /// The bytes of an object of the chain, if they are here; else it and the next ones are asked for. `at` gives
    /// where the object with a number is found, and the number after all that is found there.
    fn find(
        &mut self,
        chain: &mut Chain,
        next: Name,
        upto: u64,
        at: impl Fn(&Chain, u64) -> (Name, u64),
    ) -> Option<Vec<u8>> {
        if let Some(object) = chain.objects.get(&next.to_string()) {
            return Some(object.clone());
        }
        let mut seq = next.seq().unwrap_or_default();
        for _ in 0..=AHEAD {
            if seq > upto {
                break;
            }
            let (name, after) = at(chain, seq);
            let name = name.to_string();
            if !chain.objects.contains_key(&name) && chain.asked.insert(name.clone()) {
                self.work.gets.push_back(name);
            }
            seq = after;
        }
        None
    }

    fn read_controls(&mut self, dev: DevId, chain: &mut Chain, body: &HeadBody, upto: Link) -> Result<Progress, Stop> {
        let vault = self.vault.id;
        loop {
            let seq = self.cursor(dev).control.seq + 1;
            if seq > upto.seq {
                return Ok(Progress::Done);
            }
            let name = Name::Control(vault, dev, seq);
            let from_end = body.control.seq.checked_sub(seq).and_then(|n| usize::try_from(n).ok());
            let inline = from_end.and_then(|n| body.control_inline.iter().rev().nth(n));
            let object = match inline {
                Some(object) => object.to_vec(),
                None => match self
                    .find(chain, name, upto.seq, |_, seq| (Name::Control(vault, dev, seq), seq.saturating_add(1)))
                {
                    Some(object) => object,
                    None => return Ok(Progress::Waiting),
                },
            };
            let last = (seq == body.control.seq).then_some(body.control);
            self.read_control(dev, name, &object, last).map_err(|fault| (name, fault))?;
            chain.objects.remove(&name.to_string());
        }
    }

    fn read_control(&mut self, dev: DevId, name: Name, object: &[u8], last: Option<Link>) -> Result<(), Fault> {
        let sealed = Sealed::read(object, name)?;
        let link = continues(&sealed, self.sync.cursors.get(&dev).map(|cursor| cursor.control), last)?;
        self.ends_as_granted(dev, |granted| granted.grant.control, link)?;
        let body = self.unseal(&sealed);
        let entry = body.as_deref().map_err(|fault| *fault).and_then(wire::from_bytes::<Control>);
        let keys = match (self.roster.keys(dev), &entry) {
            (Some(keys), _) => keys,
            (None, Ok(Control::Enrol(enrol))) if enrol.keys.dev() == dev => enrol.keys,
            (None, Err(fault)) => return Err(*fault),
            (None, _) => return Err(Fault::BadEnrolment),
        };
        sealed.verify(&keys.sign)?;
        let entry = entry?;
        if let Control::Unknown(_) = entry {
            self.held.insert(name.to_string(), Fault::UnknownEntry);
            self.work.change.held.push((name.to_string(), Some(held_record(Fault::UnknownEntry, object))));
        }
        let epoch = if let Control::Epoch(epoch) = &entry { Some(epoch.clone()) } else { None };
        self.roster.apply(&self.vault, dev, link.seq, entry)?;
        self.cursor(dev).control = link;
        self.save_roster();
        if let Some(epoch) = epoch {
            self.learn_epoch(&epoch);
        }
        Ok(())
    }

    pub(super) fn save_roster(&mut self) {
        let bytes = crate::sync::member::encode(&self.roster);
        self.work.change.meta.retain(|(name, _)| name != META_ROSTER);
        self.work.change.meta.push((META_ROSTER.to_owned(), Some(bytes)));
        self.judge_anew();
        self.touch();
    }

    fn read_segments(&mut self, dev: DevId, chain: &mut Chain, body: &HeadBody) -> Result<Progress, Stop> {
        let vault = self.vault.id;
        let inline = body.inline.as_ref().filter(|object| hash(object) == body.segment.hash);
        let upto = body.segment.seq - u64::from(inline.is_some() && body.segment.seq > 0);
        let mut read = 0;
        loop {
            // A false snapshot may have said that there are as many as can be counted.
            let seq = self.cursor(dev).segment.seq.saturating_add(1);
            if seq > body.segment.seq {
                return Ok(Progress::Done);
            }
            let name = Name::Segment(vault, dev, seq);
            if self.rights.of_segment(dev, seq) == Role::Removed && Guard::Removal.stands() {
                if self.cursor(dev).taken >= body.segment.seq {
                    return Ok(Progress::Done);
                }
                return Err((name, Fault::Removed));
            }
            if self.start_in(dev, body).segment.seq >= seq {
                // It is gone, and the snapshot that stands for it is not here.
                return Err((name, Fault::NotVisible));
            }
            let last = (seq == body.segment.seq).then_some(body.segment);
            let object = match inline {
                Some(object) if last.is_some() => object.to_vec(),
                _ => match self.find(chain, name, upto, |chain, seq| place_of(vault, dev, chain, body, seq)) {
                    Some(object) => object,
                    None => return Ok(Progress::Waiting),
                },
            };
            if read >= SLICE {
                self.work.unread.push(dev);
                self.rest();
                return Ok(Progress::Waiting);
            }
            read += object.len();
            // The segment before this one goes into a commit of its own, together with its cursor.
            if !self.work.change.tail.is_empty() {
                self.flush();
            }
            match self.read_segment(dev, name, &object, last) {
                Ok(()) => _ = chain.objects.remove(&name.to_string()),
                // It came in a pack: alone it may be whole.
                Err(fault) => match pack_of(chain, body, seq).copied() {
                    Some(pack) => {
                        chain.bad_packs.insert(pack.from);
                        chain.objects.retain(|name, _| match Name::parse(name) {
                            Some(Name::Segment(_, _, seq)) => seq < pack.from || seq > pack.to,
                            _ => true,
                        });
                        self.work.choice.spoiled.push((dev, pack.name(vault, dev), fault));
                    }
                    None => return Err((name, fault)),
                },
            }
        }
    }

    fn read_segment(&mut self, dev: DevId, name: Name, object: &[u8], last: Option<Link>) -> Result<(), Fault> {
        let sealed = Sealed::read(object, name)?;
        let keys = self.roster.keys(dev).ok_or(Fault::UnknownMember)?;
        sealed.verify(&keys.sign)?;
        let cursor = self.cursor(dev).clone();
        let link = continues(&sealed, Some(cursor.segment), last)?;
        self.ends_as_granted(dev, |granted| granted.grant.segment, link)?;
        let body = self.unseal(&sealed)?;
        let mut batch = Batch::decode(&body).map_err(|_| Fault::Malformed)?;
        let first = batch.ops.first().map_or(0, |op| op.opn);
        let foreign = batch.dev != dev && Guard::Author.stands();
        if foreign || first == 0 || (first > cursor.opn.saturating_add(1) && Guard::Gapless.stands()) {
            return Err(Fault::Gap);
        }
        let whole = first > cursor.opn || !Guard::Repeats.stands();
        batch.ops.retain(|op| whole || op.opn > cursor.opn);
        if batch.ops.first().is_some_and(|op| op.stamp <= cursor.stamp) && Guard::StampReused.stands() {
            return Err(Fault::StampReused);
        }
        let limit = Stamp::at(self.now().saturating_add(CLOCK_AHEAD_MS));
        let near =
            batch.ops.iter().map(|op| op.stamp).filter(|stamp| *stamp <= limit || !Guard::StampLimit.stands()).max();
        self.work.absorb = self.work.absorb.max(near.unwrap_or_default());
        let allowed = self.leave_out(link.seq, &mut batch);
        if !allowed {
            self.held.insert(name.to_string(), Fault::NotAllowed);
            self.work.change.held.push((name.to_string(), Some(held_record(Fault::NotAllowed, object))));
        }
        let cursor = self.cursor(dev);
        cursor.segment = link;
        cursor.bytes = cursor.bytes.saturating_add(object.len() as u64);
        if let Some(op) = batch.ops.last() {
            (cursor.opn, cursor.stamp) = (op.opn, op.stamp);
            self.work.pulled += batch.ops.len() as u64;
            self.work.change.tail.push(if whole && allowed { body } else { batch.encode() });
            self.work.batches.push(batch);
        }
        self.touch();
        Ok(())
    }

    /// The head is read to its end.
    fn note_head(&mut self, dev: DevId, chain: &Chain, seq: u64, body: &HeadBody) {
        let heard_ms = self.now();
        let unpacks = self.work.unpacks;
        let cursor = self.cursor(dev);
        // The bucket may have listed one version and handed out another. What counts is the one that was read; if
        // that is not told, the head is looked at again, ever more seldom.
        let etag = if Guard::ReadTag.stands() { &chain.read_etag } else { &chain.etag };
        if unpacks {
            // What the bucket has is looked at as before.
        } else if etag.is_empty() {
            let doubt = self.doubts.entry(dev).or_default();
            if doubt.0 != chain.etag {
                *doubt = (chain.etag.clone(), 0);
            }
        } else {
            etag.clone_into(&mut cursor.etag);
            self.doubts.remove(&dev);
        }
        let cursor = self.cursor(dev);
        let whole = body.segment.seq >= cursor.segment.seq && body.control.seq >= cursor.control.seq;
        let in_bucket = Known { head: seq, segment: body.segment.seq, control: body.control.seq };
        cursor.carried = if unpacks { cursor.carried } else { Some(in_bucket).filter(|_| !whole) };
        cursor.head = seq;
        cursor.snapshot = body.snapshot;
        (cursor.start, cursor.rest) = (body.start.unwrap_or_default(), body.rest);
        cursor.heard_ms = heard_ms;
        body.app.clone_into(&mut cursor.app);
        self.note_claim(dev, body);
        self.touch();
    }

    /// What a head says that exists, of its author and of others: less than that, later, is withheld or forked.
    fn note_promises(&mut self, witness: DevId, body: &HeadBody) {
        if !Guard::Evidence.stands() {
            return;
        }
        let own = self.dev;
        let saw = body.seen.get(&own).map_or(0, |link| link.seq);
        if saw > self.cursor(witness).saw {
            self.cursor(witness).saw = saw;
            self.touch();
        }
        let promises = body.seen.iter().map(|(dev, link)| (*dev, *link)).chain([(witness, body.segment)]);
        for (dev, link) in promises.filter(|(dev, _)| *dev != own) {
            let cursor = self.cursor(dev);
            let further = link.seq > cursor.promised.seq;
            let other = link.seq == cursor.segment.seq && link.seq > 0 && link.hash != cursor.segment.hash;
            if further || other {
                (cursor.promised, cursor.witness) = (link, witness);
                self.touch();
            }
        }
    }
}

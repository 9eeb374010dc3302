//! The chains of other devices: what arrives, what is held. Whatever is wrong with one stays with that one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, push::Push, round::Stage};
use crate::book::DevId;
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::remote::{Object, RemoteError};
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::state::Cursor;
use crate::sync::wire::{self, HeadBody, Objects};

/// The chain of another device while it is read.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// What the listing called the head.
    pub(super) etag: String,
    /// What the bucket called the head that it handed out, if it told: it may be a newer or an older one.
    pub(super) read_etag: String,
    /// The head, once it is here.
    pub(super) raw: Vec<u8>,
    /// What it says, and its number.
    pub(super) head: Option<(u64, HeadBody)>,
    /// The head's signature is its author's.
    pub(super) verified: bool,
    pub(super) objects: BTreeMap<String, Vec<u8>>,
    pub(super) asked: BTreeSet<String>,
    /// Packs that are not whole, by their first segment: what they should hold is read alone.
    pub(super) bad_packs: BTreeSet<u64>,
    /// The object that stops the chain, and why.
    pub(super) held: Option<(String, Fault)>,
    /// Rounds for which it has been stopped.
    pub(super) rounds: u32,
}

/// An object that stops its chain.
pub(super) type Stop = (Name, Fault);

/// What came of reading on.
pub(super) enum Progress {
    /// Objects have been asked for.
    Waiting,
    /// Everything the head promises is applied.
    Done,
}

impl Chain {
    pub(super) fn new(etag: String) -> Self {
        Self { etag, ..Self::default() }
    }

    /// Forgets what stopped it, to try again with the objects that are here, or with none of them.
    pub(super) fn again(&mut self, keep: bool) {
        self.held = None;
        self.asked.clear();
        if !keep {
            *self = Self { rounds: self.rounds, ..Self::new(std::mem::take(&mut self.etag)) };
        }
    }
}

/// What the drawer of held objects keeps: the code of the fault, then the object.
pub(super) fn held_record(fault: Fault, object: &[u8]) -> Vec<u8> {
    [&[fault.code()], object].concat()
}

/// The object in such a record.
pub(super) fn held_object(record: &[u8]) -> &[u8] {
    record.get(1..).unwrap_or_default()
}

/// The fault in such a record.
pub(super) fn held_fault(record: &[u8]) -> Option<Fault> {
    Fault::try_from(*record.first()?).ok()
}

impl Engine {
    pub(super) fn got(&mut self, name: &str, result: Result<Object, RemoteError>) {
        if result == Err(RemoteError::Offline) {
            return self.stop_remote(RemoteError::Offline);
        }
        let Some(parsed) = Name::parse(name) else { return };
        match parsed {
            Name::Head(_, dev) if dev == self.dev => {
                if matches!(self.work.stage, Stage::Pulling) {
                    self.got_own_head(name, result);
                }
            }
            Name::Control(_, dev, _) | Name::Segment(_, dev, _) | Name::Head(_, dev) if dev != self.dev => {
                let Some(chain) = self.chains.get_mut(&dev) else { return };
                match result {
                    // A head without a byte is one that is here: `raw` is empty only before it comes.
                    Ok(object) if matches!(parsed, Name::Head(..)) && object.bytes.is_empty() => {
                        return self.hold(dev, (parsed, Fault::Foreign), Some(object.bytes));
                    }
                    Ok(object) if matches!(parsed, Name::Head(..)) => {
                        (chain.raw, chain.read_etag) = (object.bytes, object.etag);
                    }
                    Ok(object) => _ = chain.objects.insert(name.to_owned(), object.bytes),
                    Err(RemoteError::NotFound) => return self.hold(dev, (parsed, Fault::NotVisible), None),
                    Err(RemoteError::TooLarge) => return self.hold(dev, (parsed, Fault::TooLarge), None),
                    Err(_) => return self.hold(dev, (parsed, Fault::Refused), None),
                }
                self.read_on(dev);
            }
            Name::Pack(_, dev, ..) if dev == self.dev => self.got_own_pack(result),
            Name::Pack(_, dev, ..) => self.got_pack(dev, parsed, result),
            Name::Manifest(..) if self.work.stage == Stage::Pushing(Push::Looked) => self.got_manifest(parsed, result),
            Name::Manifest(..) | Name::Part(..) => self.got_snapshot(parsed, result),
            _ => self.got_occupied(parsed, result),
        }
    }

    /// Reads a chain on, and then those that were waiting for a member whom it brought.
    pub(super) fn read_on(&mut self, dev: DevId) {
        let mut ready = vec![dev];
        while let Some(dev) = ready.pop() {
            let known = |engine: &Self| {
                let Self { roster, vault, .. } = engine;
                (roster.members.len(), roster.invites.len(), vault.epochs().values().map(BTreeSet::len).sum::<usize>())
            };
            let before = known(self);
            self.read_chain(dev);
            if before == known(self) {
                continue;
            }
            for (&other, chain) in &mut self.chains {
                let waits = |(_, fault): &(String, Fault)| matches!(fault, Fault::UnknownMember | Fault::UnknownEpoch);
                if chain.held.as_ref().is_some_and(waits) {
                    chain.again(true);
                    ready.push(other);
                }
            }
        }
    }

    fn read_chain(&mut self, dev: DevId) {
        let Some(mut chain) = self.chains.remove(&dev) else { return };
        if chain.held.is_some() || chain.raw.is_empty() {
            self.chains.insert(dev, chain);
            return;
        }
        let progress = self.advance(dev, &mut chain);
        match progress {
            Ok(Progress::Done) => self.release(dev),
            Ok(Progress::Waiting) => _ = self.chains.insert(dev, chain),
            Err(stop) => {
                let name = stop.0.to_string();
                let object = match stop.0 {
                    Name::Head(..) => Some(chain.raw.clone()),
                    _ if stop.1.may_pass() => None,
                    _ => chain.objects.remove(&name),
                };
                self.chains.insert(dev, chain);
                self.hold(dev, stop, object);
            }
        }
        self.flush();
    }

    /// A pack of another device. Its segments are read as if each had come alone; a pack that is not whole is passed over.
    fn got_pack(&mut self, dev: DevId, name: Name, result: Result<Object, RemoteError>) {
        let Some(mut chain) = self.chains.remove(&dev) else { return };
        let segments = match result {
            Ok(object) => self.open_pack(dev, &chain, name, &object.bytes),
            Err(RemoteError::NotFound) => Err(Fault::NotVisible),
            Err(RemoteError::TooLarge) => Err(Fault::TooLarge),
            Err(_) => Err(Fault::Refused),
        };
        match segments {
            Ok(segments) => chain.objects.extend(segments),
            Err(fault) => {
                chain.bad_packs.extend(name.seq());
                self.work.choice.spoiled.push((dev, name, fault));
            }
        }
        self.chains.insert(dev, chain);
        self.read_on(dev);
    }

    fn open_pack(&self, dev: DevId, chain: &Chain, name: Name, object: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        let named =
            chain.head.iter().flat_map(|(_, body)| &body.packs).find(|pack| pack.name(self.vault.id, dev) == name);
        let named = named.ok_or(Fault::Misplaced)?;
        let Objects(objects) = wire::from_bytes(&self.open_promised(name, object, named.hash)?)?;
        if objects.len() as u64 != named.to.saturating_sub(named.from).saturating_add(1) {
            return Err(Fault::Malformed);
        }
        let segments = (named.from..).zip(objects);
        Ok(segments.map(|(seq, object)| (Name::Segment(self.vault.id, dev, seq).to_string(), object.into())).collect())
    }

    /// Stops a chain. An object that is here and cannot be read is kept with the reason.
    fn hold(&mut self, dev: DevId, (name, fault): Stop, object: Option<Vec<u8>>) {
        let name = name.to_string();
        if self.chains.get(&dev).is_some_and(|chain| chain.held.is_some()) {
            return; // of an object beyond the one that stops it, asked for at the same time
        }
        // What stopped the chain elsewhere does so no more.
        self.release_but(dev, &name);
        // A device that nobody knows may be a name that was damaged in a file: nothing true would ever take its place.
        let lasts = !self.work.unpacks || self.roster.keys(dev).is_some();
        if let Some(object) = object
            && !fault.may_pass()
            && lasts
            && self.held.insert(name.clone(), fault) != Some(fault)
        {
            self.work.change.held.push((name.clone(), Some(held_record(fault, &object))));
            self.touch();
            self.flush();
        }
        if !Guard::Isolation.stands() {
            return self.stop(None);
        }
        if let Some(chain) = self.chains.get_mut(&dev) {
            if !fault.may_pass() {
                chain.objects.clear();
            }
            chain.held = Some((name, fault));
        }
    }

    /// The chain is whole again: what was held of it is of no more use.
    pub(super) fn release(&mut self, dev: DevId) {
        self.release_but(dev, "");
    }

    fn release_but(&mut self, dev: DevId, kept: &str) {
        let gone = |(name, fault): (&String, &Fault)| {
            let own = Name::parse(name).and_then(Name::dev) == Some(dev) && name != kept;
            (own && !matches!(fault, Fault::UnknownEntry | Fault::NotAllowed)).then(|| name.clone())
        };
        let names: Vec<_> = self.held.iter().filter_map(gone).collect();
        for name in names {
            self.held.remove(&name);
            self.work.change.held.push((name, None));
            self.touch();
        }
    }

    /// Counts for how long what was promised stays away.
    pub(super) fn end_pull(&mut self) {
        let behind = |(dev, cursor): (&DevId, &Cursor)| {
            let next = self.rights.of_segment(*dev, cursor.segment.seq.saturating_add(1));
            (cursor.promised.seq > cursor.segment.seq && next != Role::Removed).then_some(*dev)
        };
        let waiting: BTreeSet<DevId> = self.sync.cursors.iter().filter_map(behind).collect();
        self.missing.retain(|dev, _| waiting.contains(dev));
        // A file has nothing of others, so it says nothing of what stays away.
        for dev in waiting.into_iter().filter(|_| !self.work.unpacks) {
            *self.missing.entry(dev).or_default() += 1;
        }
    }
}

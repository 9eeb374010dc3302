//! Beginning from a snapshot: a device that is far behind reads one, and then only what came after it.
//!
//! Chains wait with their segments until every head is read. Then the best snapshot is tried; whatever is wrong with
//! it, the next one is, and at last the log. A snapshot takes the place of the store's pages in one transaction,
//! together with the cursors. Nothing of it is believed because its author says so: the rows are counted anew and
//! must give the digest, and the chains must go on where it says that they were.

use std::collections::BTreeMap;

use super::Engine;
use super::check::Check;
use super::commit::Rebuilt;
use super::snapshot::MAX_PARTS;
use crate::book::{DevId, Stamp};
use crate::remote::{Object, RemoteError};
use crate::store::META_BASE;
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::wire::{self, Manifest, Offer, Pages, Reach};

/// Requests that a snapshot must save beyond its own before it is looked at.
const WORTH: u64 = 4;

/// The choice of where to begin.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// Chains may read their segments.
    pub(super) made: bool,
    begun: bool,
    /// Snapshots to try, the best last.
    offers: Vec<(DevId, Offer)>,
    trial: Option<Trial>,
    /// What was wrong with those that were tried.
    pub(super) spoiled: Vec<(DevId, Name, Fault)>,
}

/// The snapshot that is being read.
#[derive(Debug)]
struct Trial {
    dev: DevId,
    offer: Offer,
    manifest: Option<Manifest>,
    parts: BTreeMap<u16, Vec<Vec<u8>>>,
    /// All parts are here.
    check: Option<Check>,
}

impl Engine {
    /// Every head is read and nothing is under way: try the next snapshot, or go on with the log.
    pub(super) fn choose(&mut self) {
        if !std::mem::replace(&mut self.work.choice.begun, true) && !self.work.unpacks {
            self.work.choice.offers = self.offers();
        }
        if let Some((dev, offer)) = self.work.choice.offers.pop() {
            self.work.gets.push_back(Name::Manifest(self.vault.id, dev, offer.manifest.seq).to_string());
            self.work.choice.trial = Some(Trial { dev, offer, manifest: None, parts: BTreeMap::new(), check: None });
            return;
        }
        self.work.choice.made = true;
        let devs: Vec<DevId> = self.chains.keys().copied().collect();
        for dev in devs {
            self.read_on(dev);
        }
    }

    /// The last segment of a device that is applied here.
    fn applied(&self, dev: DevId) -> u64 {
        self.sync.cursors.get(&dev).map_or(0, |cursor| cursor.segment.seq)
    }

    /// The snapshots that would save requests, the one that covers most last.
    fn offers(&self) -> Vec<(DevId, Offer)> {
        let heads = self.chains.iter().filter(|(_, chain)| chain.verified && chain.held.is_none());
        let heads: Vec<_> = heads.filter_map(|(dev, chain)| Some((*dev, &chain.head.as_ref()?.1))).collect();
        let missing: u64 = heads.iter().map(|(dev, body)| body.requests_after(self.applied(*dev))).sum();
        let unchanged = self.sync.cursors.iter().filter(|(dev, _)| heads.iter().all(|(head, _)| head != *dev));
        let known = unchanged.filter_map(|(dev, cursor)| Some((*dev, cursor.snapshot?)));
        let told = heads.iter().filter_map(|(dev, body)| Some((*dev, body.snapshot?)));
        let saves = |offer: &Offer| u64::from(offer.parts) + 1 + WORTH <= missing;
        // One whose manifest was looked at is asked for again only if it does what it was asked for.
        let serves = |offer: &Offer| match self.frontiers.get(&offer.manifest.hash) {
            Some(it) if self.goes_on(it) => !self.anew.contains(&offer.manifest.hash),
            Some(it) => saves(offer) && self.saved(it) > u64::from(offer.parts),
            None => self.must_begin() || saves(offer),
        };
        let worth = |offer: &Offer| offer.parts <= MAX_PARTS && serves(offer);
        let mut offers: Vec<_> =
            told.chain(known).filter(|(dev, offer)| self.may_vouch(*dev) && worth(offer)).collect();
        offers.sort_by_key(|(dev, offer)| (offer.ops, *dev));
        offers
    }

    /// The logs that are cut beyond what is applied here, and where they begin, as their heads say.
    fn cut_beyond(&self) -> impl Iterator<Item = (DevId, u64)> {
        let heads = self.chains.iter().filter_map(|(dev, chain)| Some((*dev, &chain.head.as_ref()?.1)));
        let starts = heads.map(|(dev, body)| (dev, self.start_in(dev, body).segment.seq));
        starts.filter(|(dev, start)| *start > self.applied(*dev))
    }

    /// Whether a log is cut beyond what is applied here: then only a snapshot goes on.
    pub fn must_begin(&self) -> bool {
        self.cut_beyond().next().is_some() || self.misses_own()
    }

    /// Whether a snapshot that reaches so far goes on with one of those logs. It need not with all: a head may say
    /// anything of its own log, and must not keep the others from being read.
    fn goes_on(&self, frontier: &BTreeMap<DevId, Reach>) -> bool {
        let reach = |dev: DevId| frontier.get(&dev).map_or(0, |reach| reach.segment.seq);
        self.misses_own() || self.cut_beyond().any(|(dev, start)| start <= reach(dev))
    }

    /// Whether this is a book read anew that has not come to where our own log begins.
    pub(super) fn misses_own(&self) -> bool {
        let covered = self.covered.get(&self.dev).map_or(0, |reach| reach.segment.seq);
        self.work.reading && covered < self.sync.start.segment.seq
    }

    /// A manifest or part that was asked for.
    pub(super) fn got_snapshot(&mut self, name: Name, result: Result<Object, RemoteError>) {
        let Some(mut trial) = self.work.choice.trial.take() else { return };
        let read = match result {
            Ok(object) => self.read_snapshot(&mut trial, name, &object.bytes),
            Err(RemoteError::NotFound) => Err(Fault::NotVisible),
            Err(RemoteError::TooLarge) => Err(Fault::TooLarge),
            Err(_) => Err(Fault::Refused),
        };
        match read {
            Ok(true) => self.work.choice.trial = Some(trial),
            // Nothing is wrong with it, but it does not serve us.
            Ok(false) => {}
            Err(fault) => self.work.choice.spoiled.push((trial.dev, name, fault)),
        }
        if self.work.choice.trial.is_none() {
            // What else was asked for of it is not needed any more.
            self.work.gets.retain(|name| !matches!(Name::parse(name), Some(Name::Part(..))));
        }
    }

    fn read_snapshot(&mut self, trial: &mut Trial, name: Name, object: &[u8]) -> Result<bool, Fault> {
        let expected = match (name, &trial.manifest) {
            (Name::Manifest(..), None) => trial.offer.manifest.hash,
            (Name::Part(_, _, _, part), Some(manifest)) => {
                manifest.parts.get(usize::from(part).wrapping_sub(1)).ok_or(Fault::Misplaced)?.0
            }
            _ => return Ok(true),
        };
        let body = self.open_promised(name, object, expected)?;
        if let Name::Part(_, _, _, part) = name {
            let Pages(pages) = wire::from_bytes(&body)?;
            trial.parts.insert(part, pages.into_iter().map(Vec::from).collect());
        } else {
            let manifest: Manifest = wire::from_bytes(&body)?;
            self.frontiers.insert(expected, manifest.frontier.clone());
            if !self.serves(trial, &manifest)? {
                return Ok(false);
            }
            let (vault, dev, seq) = (self.vault.id, trial.dev, trial.offer.manifest.seq);
            self.work.gets.extend((1..=trial.offer.parts).map(|part| Name::Part(vault, dev, seq, part).to_string()));
            trial.manifest = Some(manifest);
        }
        match &trial.manifest {
            Some(manifest) if trial.parts.len() == manifest.parts.len() => {
                let pages = (0..).zip(std::mem::take(&mut trial.parts).into_values().flatten()).collect();
                trial.check = Some(Check::new(&manifest.base, pages)?);
                self.rest();
                Ok(true)
            }
            _ => Ok(true),
        }
    }

    /// Checks a snapshot on, all parts of which are here.
    pub(super) fn check_trial(&mut self) {
        let Some(mut trial) = self.work.choice.trial.take_if(|trial| trial.check.is_some()) else { return };
        let checked = match trial.check.as_mut().map(Check::step) {
            Some(Ok(false)) => self.adopt(&mut trial).map(|()| false),
            Some(step) => step,
            None => return,
        };
        match checked {
            Ok(true) => {
                self.work.choice.trial = Some(trial);
                self.rest();
            }
            Ok(false) => {}
            Err(fault) => {
                let name = Name::Manifest(self.vault.id, trial.dev, trial.offer.manifest.seq);
                self.work.choice.spoiled.push((trial.dev, name, fault));
            }
        }
    }

    /// Whether the snapshot holds everything that is applied here and saves requests.
    fn serves(&mut self, trial: &Trial, manifest: &Manifest) -> Result<bool, Fault> {
        if manifest.parts.len() != usize::from(trial.offer.parts) {
            return Err(Fault::FalseSnapshot);
        }
        if manifest.frontier.keys().any(|dev| self.roster.keys(*dev).is_none()) {
            return Err(Fault::UnknownMember);
        }
        let reach = |dev: DevId| manifest.frontier.get(&dev).copied().unwrap_or_default();
        for (dev, chain) in &self.chains {
            let Some((_, head)) = &chain.head else { continue };
            let covered = reach(*dev).segment;
            if covered.seq == head.segment.seq && covered != head.segment {
                return Err(Fault::Fork);
            }
            let start = self.start_in(*dev, head).segment;
            if covered.seq == start.seq && covered != start {
                return Err(Fault::Fork);
            }
        }
        // It was made under the grants that we know, or ends before any of them begins.
        let judged = manifest.mark == self.rights.mark()
            || manifest.mark.is_none()
                && manifest
                    .frontier
                    .iter()
                    .all(|(dev, reach)| self.rights.turns_at(*dev).is_none_or(|first| reach.segment.seq < first));
        let whole = self.sync.cursors.iter().all(|(dev, cursor)| {
            let covered = reach(*dev).segment;
            covered.seq > cursor.segment.seq || covered == cursor.segment
        });
        // Own operations that are sealed may be gone from the tail: they must be there, and no others of ours. A book that
        // is read anew has those of the log in its tail.
        let (start, reached) = (self.sync.start.segment.seq, reach(self.dev));
        let own = if self.work.reading {
            reached.segment.seq >= start && reached.opn <= self.sync.sealed_opn
        } else {
            reached.opn == self.sync.sealed_opn
        };
        if self.goes_on(&manifest.frontier) {
            // What we have beyond it would be lost in its place: the book is read anew beside the one in use, once for each
            // snapshot.
            self.sync.stale |= judged && !(whole && own) && self.anew.insert(trial.offer.manifest.hash);
            self.touch();
            return Ok(judged && whole && own);
        }
        Ok(judged && whole && own && self.saved(&manifest.frontier) > u64::from(trial.offer.parts))
    }

    /// Requests for the logs up to where a snapshot reaches, as far as the heads tell how they are packed.
    fn saved(&self, frontier: &BTreeMap<DevId, Reach>) -> u64 {
        let log = |dev: DevId, seq: u64| {
            let head = self.chains.get(&dev).and_then(|chain| chain.head.as_ref());
            head.map_or(seq.saturating_sub(self.applied(dev)), |(_, body)| {
                body.requests_after(self.applied(dev)).saturating_sub(body.requests_after(seq))
            })
        };
        let others = frontier.iter().filter(|(dev, _)| **dev != self.dev);
        others.map(|(dev, reach)| log(*dev, reach.segment.seq)).fold(0, u64::saturating_add)
    }

    /// Puts the snapshot in the place of the pages, together with the cursors.
    fn adopt(&mut self, trial: &mut Trial) -> Result<(), Fault> {
        let checked = trial.check.take().and_then(Check::done).zip(trial.manifest.as_ref());
        let ((book, pages), manifest) = checked.ok_or(Fault::FalseSnapshot)?;
        let reached = book.frontier().iter().map(|(dev, reached)| (*dev, reached.opn, reached.stamp));
        let said = manifest.frontier.iter().map(|(dev, reach)| (*dev, reach.opn, reach.stamp));
        if !reached.eq(said) || book.standing() != manifest.standing {
            return Err(Fault::FalseSnapshot);
        }
        // What the tail holds of our own and the snapshot does not lies after this place, and is applied to it.
        let sealed = if self.opn == self.sync.sealed_opn { self.lsn } else { self.sync.sealed_lsn };
        // In a book that is read anew the tail holds all that is ours, and what the snapshot has of it is skipped.
        let base = if self.work.reading { 0 } else { sealed };
        let limit = Stamp::at(self.now().saturating_add(super::CLOCK_AHEAD_MS));
        let own = self.dev;
        for (dev, reach) in manifest.frontier.iter().filter(|(dev, _)| **dev != own) {
            if reach.stamp <= limit {
                self.work.absorb = self.work.absorb.max(reach.stamp);
            }
            let known = self.cursor(*dev).opn;
            self.work.pulled = self.work.pulled.saturating_add(reach.opn.saturating_sub(known));
            let cursor = self.cursor(*dev);
            (cursor.segment, cursor.opn, cursor.stamp, cursor.bytes) =
                (reach.segment, reach.opn, reach.stamp, reach.bytes);
        }
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        self.work.change.drop_pages = Some(count);
        self.work.change.pages = pages.into_iter().map(|(number, bytes)| (number, Some(bytes))).collect();
        self.work.change.meta.push((META_BASE.to_owned(), Some(book.base(base))));
        self.work.rebuilt = Some(Rebuilt { base, covered: manifest.frontier.clone() });
        self.covered.clone_from(&manifest.frontier);
        self.work.choice.offers.clear();
        self.touch();
        self.flush();
        Ok(())
    }
}

//! Erasing in the logs (protocol §6.4). What is erased is gone from the rows; the segments that it was written with are
//! immutable and hold it still. So a device whose log holds some *cuts* it: everything up to a segment goes, from the
//! bucket and from the device, and a snapshot stands for it.
//!
//! A snapshot is *clean* when its book had dropped everything that ours has. Somebody who may write one does so as soon
//! as something is erased and none is; then each device cuts its log where that snapshot reaches, once everybody has
//! read it so far, takes back snapshots of its own that are not clean, clears away what lies under its name and is not
//! wanted any more, and says so in its head.

use std::collections::{BTreeMap, BTreeSet};

use super::push::Push;
use super::round::Stage;
use super::snapshot::AGAIN_MS;
use super::{Effect, Engine};
use crate::book::erase;
use crate::book::{Book, DevId};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::remote::{Entry, Object, Page, RemoteError};
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::hash;
use crate::sync::report::Trouble;
use crate::sync::state::{Cursor, Hash, Packs};
use crate::sync::wire::{self, Control, Cut, HeadBody, Manifest, Offer, Reach};

/// Between the beginnings of two snapshots, the second one for what was erased since, in milliseconds: who writes to erased
/// rows again and again must not keep everybody busy.
pub const CLEAN_MS: u64 = 600_000;

/// A name for what is erased, as heads tell it.
pub(super) type Mark = [u8; 16];

/// What is done about it in a round.
#[derive(Debug, Default)]
pub(super) struct Clearing {
    /// The manifest that was asked for.
    asked: Option<Hash>,
    /// Manifests that could not be read are not asked for again.
    unreadable: BTreeSet<Hash>,
    /// Where our log is to be cut, and the segment that lies there.
    at: Option<(Reach, Vec<u8>)>,
    /// It was tried, and is not tried again.
    cut: bool,
    /// What the listing of names showed that is to go.
    unwanted: BTreeSet<String>,
    /// Whose names are being looked at,
    of: DevId,
    /// and how often they were in this round.
    looks: u8,
    /// The pages of the checkpoint are older than what was erased.
    pub(super) wants_pages: bool,
}

impl Engine {
    /// Tells what the book of this device holds: where it stands, which the next head says, and what is erased in it.
    /// Call it before a round with the book in memory.
    pub fn note_book(&mut self, book: &Book) {
        self.note_standing(book.standing());
        self.erased.clone_from(book.erased());
        self.photos.clear();
        if self.mark().is_some() {
            let done = self.sync.cleared == self.mark() && self.looked.contains(&self.dev);
            let own = (!done).then_some(self.dev);
            let devs: Vec<_> = own.into_iter().chain(self.open_removed()).collect();
            self.photos.extend(devs.into_iter().map(|dev| (dev, book.photos_of(dev))));
        }
    }

    /// Removed devices whose logs are cut and whose names were not looked at in this session.
    fn open_removed(&self) -> impl Iterator<Item = DevId> {
        let open = |dev: &DevId| self.rights.cut(*dev).is_some() && !self.looked.contains(dev);
        self.roster.members.keys().copied().filter(open)
    }

    /// A name for what is erased; none while nothing is.
    pub(super) fn mark(&self) -> Option<Mark> {
        erase::mark(&self.erased)
    }

    /// What this device and its part of the bucket have nothing of any more.
    pub(super) fn rested_mark(&self) -> Option<Mark> {
        self.mark().filter(|mark| self.sync.cleared == Some(*mark) && self.rested == *mark)
    }

    /// Whether a device said that it has nothing any more of what is erased here; none while nothing is.
    pub(super) fn is_at_rest(&self, dev: DevId) -> Option<bool> {
        let mark = self.mark()?;
        if self.rights.role(dev) == Role::Removed {
            return Some(!self.holds_erased(dev));
        }
        let said =
            if dev == self.dev { self.rested_mark() } else { self.sync.cursors.get(&dev).and_then(|it| it.rest) };
        Some(said == Some(mark))
    }

    /// Up to where the log of a device is gone. What its head says beyond what is applied here says nothing: it may be
    /// false, and must not keep the others from cutting theirs.
    fn start_of(&self, dev: DevId) -> Reach {
        let own = dev == self.dev;
        let cursor = self.sync.cursors.get(&dev).filter(|it| it.start.segment.seq <= it.segment.seq);
        let said = if own { Some(self.sync.start) } else { cursor.map(|it| it.start) };
        self.further(said.unwrap_or_default(), dev)
    }

    /// Where the log of a device begins: as its head says, or as an owner said after it was removed.
    pub(super) fn start_in(&self, dev: DevId, head: &HeadBody) -> Reach {
        self.further(head.start.unwrap_or_default(), dev)
    }

    fn further(&self, said: Reach, dev: DevId) -> Reach {
        let cut = self.rights.cut(dev).unwrap_or_default();
        if cut.segment.seq > said.segment.seq { cut } else { said }
    }

    /// Whether the log of a device holds something that is erased.
    fn holds_erased(&self, dev: DevId) -> bool {
        self.erased.last(dev).is_some_and(|last| last > self.start_of(dev).stamp)
    }

    /// Whether a log of somebody who is to cut it does: then everybody tells soon how far they have read.
    pub(super) fn somebody_holds_erased(&self) -> bool {
        let mut members = self.roster.members.keys();
        members.any(|dev| self.rights.role(*dev) != Role::Removed && self.holds_erased(*dev))
    }

    /// The snapshots that devices may begin from.
    fn offers_of_all(&self) -> impl Iterator<Item = (DevId, Offer)> {
        let others = self.sync.cursors.iter().filter_map(|(dev, cursor)| Some((*dev, cursor.snapshot?)));
        let own = self.sync.snapshots.named.map(|offer| (self.dev, offer));
        others.chain(own).filter(|(dev, _)| self.may_vouch(*dev))
    }

    /// How far a clean snapshot reaches that stands for every log that is cut; none if there is none.
    fn clean_frontier(&self) -> Option<&BTreeMap<DevId, Reach>> {
        let mark = self.mark()?;
        let clean = self.offers_of_all().filter(|(_, offer)| offer.erased == Some(mark) || !Guard::Clean.stands());
        let mut read = clean.filter_map(|(_, offer)| self.frontiers.get(&offer.manifest.hash));
        let starts = |dev: &DevId| self.start_of(*dev).segment.seq;
        read.find(|frontier| {
            let reach = |dev: &DevId| frontier.get(dev).map_or(0, |reach| reach.segment.seq);
            self.roster.members.keys().all(|dev| reach(dev) >= starts(dev))
        })
    }

    /// Whether a clean snapshot is needed: for a log that is cut or has to be, or in the place of one that is not clean.
    fn needs_clean(&self) -> bool {
        let mut members = self.roster.members.keys();
        let concerns = |dev: &DevId| self.start_of(*dev).segment.seq > 0 || self.holds_erased(*dev);
        self.mark().is_some() && (members.any(concerns) || self.offers_of_all().next().is_some())
    }

    /// Asks for the manifest of a snapshot that was not looked at yet, if somebody needs to know how far it reaches.
    pub(super) fn begin_look(&mut self) -> bool {
        let concerned = self.may_vouch(self.dev) || self.holds_erased(self.dev) || self.has_unclean();
        if !self.needs_clean() || !concerned {
            return false;
        }
        let offered: BTreeSet<Hash> = self.offers_of_all().map(|(_, offer)| offer.manifest.hash).collect();
        self.frontiers.retain(|hash, _| offered.contains(hash));
        let unread = |hash: &Hash| !self.frontiers.contains_key(hash) && !self.work.clearing.unreadable.contains(hash);
        let Some((dev, offer)) = self.offers_of_all().find(|(_, offer)| unread(&offer.manifest.hash)) else {
            return false;
        };
        self.work.clearing.asked = Some(offer.manifest.hash);
        self.work.gets.push_back(Name::Manifest(self.vault.id, dev, offer.manifest.seq).to_string());
        self.work.stage = Stage::Pushing(Push::Looked);
        true
    }

    pub(super) fn got_manifest(&mut self, name: Name, result: Result<Object, RemoteError>) {
        let Some(expected) = self.work.clearing.asked.take() else { return };
        let read = match result {
            Ok(object) => self.open_promised(name, &object.bytes, expected).and_then(|body| wire::from_bytes(&body)),
            Err(RemoteError::NotFound) => Err(Fault::NotVisible),
            Err(RemoteError::TooLarge) => Err(Fault::TooLarge),
            Err(_) => Err(Fault::Refused),
        };
        match read {
            Ok(Manifest { frontier, .. }) => _ = self.frontiers.insert(expected, frontier),
            Err(fault) => {
                self.work.clearing.unreadable.insert(expected);
                self.work.choice.spoiled.extend(name.dev().map(|dev| (dev, name, fault)));
            }
        }
    }

    /// Whether we write the clean snapshot that is missing. Whoever is later in today's order waits longer.
    pub(super) fn clean_snapshot_is_due(&mut self) -> bool {
        let able = !self.work.snapshot_tried && !self.sync.stale && self.may_vouch(self.dev);
        if !able || !self.needs_clean() || self.clean_frontier().is_some() {
            return false;
        }
        let (now, last) = (self.now(), self.erased.iter().map(|(_, stamp)| stamp.ms()).max().unwrap_or_default());
        // A stamp from the future says nothing about how long the others had time; then whoever is first today does it.
        let (turn, waited) = (self.turn_today(), now.saturating_sub(last));
        let our_turn = turn == 0 || waited >= AGAIN_MS.saturating_mul(turn);
        // One that broke off is not begun again at once.
        let snapshots = &self.sync.snapshots;
        let whole = snapshots.named.is_some_and(|offer| offer.manifest.seq == snapshots.last);
        let pause = if whole { self.limits.clean_ms } else { AGAIN_MS };
        let rested = now.saturating_sub(snapshots.begun_ms) >= pause;
        let covered = self.reaches_erased(&self.covered);
        self.work.clearing.wants_pages |= our_turn && rested && !covered;
        our_turn && rested && covered
    }

    /// Whether whole segments that were covered hold everything that is erased.
    pub(super) fn reaches_erased(&self, covered: &BTreeMap<DevId, Reach>) -> bool {
        let reach = |dev: DevId| covered.get(&dev).map(|reach| reach.stamp).unwrap_or_default();
        self.erased.iter().all(|(dev, last)| reach(dev) >= last)
    }

    /// Cuts our log where a clean snapshot reaches, once everybody has read it so far. Returns whether it begins to.
    pub(super) fn begin_cut(&mut self) -> bool {
        if self.work.clearing.cut || !self.holds_erased(self.dev) {
            return false;
        }
        let reach = self.clean_frontier().and_then(|frontier| frontier.get(&self.dev)).copied();
        let further = |reach: &Reach| reach.segment.seq > self.sync.start.segment.seq;
        // Who has not read it could go on from the snapshot all the same, but would have to fetch it.
        let Some(reach) = reach.filter(|reach| further(reach) && self.seen_by_all(reach.segment.seq)) else {
            return false;
        };
        self.work.clearing.cut = true;
        self.work.clearing.at = Some((reach, Vec::new()));
        self.work.out.push_back(Effect::ReadLog { name: self.own_segment(reach.segment.seq).to_string() });
        self.work.stage = Stage::Pushing(Push::Cut);
        true
    }

    /// An owner says of a removed device that its log is gone as far as it counts, where a clean snapshot stands for it:
    /// that device cannot do it. Returns whether there is something to say.
    pub(super) fn begin_cut_of_removed(&mut self) -> bool {
        if self.role != Role::Owner {
            return false;
        }
        let Some(frontier) = self.clean_frontier() else { return false };
        let end = |dev: &DevId| self.sync.cursors.get(dev).map(Cursor::reach);
        let whole = |dev: &DevId| frontier.get(dev).map(|it| it.segment) == end(dev).map(|it| it.segment);
        let mut removed = self.roster.members.keys().filter(|dev| self.rights.role(**dev) == Role::Removed);
        let Some(dev) = removed.find(|dev| self.holds_erased(**dev) && whole(dev)).copied() else { return false };
        let start = end(&dev).unwrap_or_default();
        self.enter(Control::Cut(Cut { dev, start }));
        self.looked.remove(&dev);
        self.flush();
        self.work.stage = Stage::Pushing(Push::Start);
        !self.holds_erased(dev)
    }

    pub(super) fn take_for_cut(&mut self, object: Vec<u8>) {
        if let Some((_, segment)) = &mut self.work.clearing.at {
            *segment = object;
        }
    }

    /// The segment at which our log is to be cut is here: it says exactly how far that is.
    pub(super) fn cut(&mut self) {
        self.work.stage = Stage::Pushing(Push::Start);
        let Some((reach, object)) = self.work.clearing.at.take() else { return };
        let seq = reach.segment.seq;
        let ops = self.open_own_segment(seq, &object);
        let last = ops.ok().and_then(|mut ops| ops.pop()).filter(|_| hash(&object) == reach.segment.hash);
        let Some(last) = last.filter(|last| self.erased.last(self.dev).is_some_and(|erased| erased <= last.stamp))
        else {
            return;
        };
        let gone = self.sync.start.segment.seq + 1..=seq;
        let gone: BTreeSet<_> = gone.map(|seq| self.own_segment(seq).to_string()).collect();
        self.work.change.log.extend(gone.iter().map(|name| (name.clone(), None)));
        // A listing that lags behind may not show them.
        self.work.clearing.unwanted.extend(gone);
        let packs = self.sync.packs.list.iter().map(|pack| pack.name(self.vault.id, self.dev).to_string());
        self.work.clearing.unwanted.extend(packs);
        self.recent.remove(&self.own_segment(seq).to_string());
        self.sync.start = Reach { opn: last.opn, stamp: last.stamp, ..reach };
        // Packs hold what goes. What was in them alone and stays is put again, each by itself.
        if self.sync.packs.deleted > seq {
            self.sync.pushed.segment = seq;
        }
        self.sync.packs = Packs { looked: seq, ..Packs::default() };
        self.sync.cleared = None;
        self.touch();
        self.flush();
    }

    /// Whether a snapshot of ours holds something that is erased.
    fn has_unclean(&self) -> bool {
        let mark = self.mark();
        self.sync.snapshots.named.is_some_and(|offer| offer.erased != mark && Guard::Clean.stands())
    }

    /// Our log holds nothing any more: clears away what lies under our name and is not wanted. Returns whether there is
    /// something to do.
    pub(super) fn begin_clearing(&mut self) -> bool {
        // What came just now may name photos that lie here: we are told of it before the next round.
        let news = self.work.pulled > 0 && Guard::PhotoLater.stands();
        if self.mark().is_none() || self.holds_erased(self.dev) || news {
            return false;
        }
        if self.sync.cleared == self.mark() && self.looked.contains(&self.dev) {
            return self.begin_clearing_of_removed();
        }
        if self.has_unclean() {
            let another = self.clean_frontier().is_some();
            if another {
                self.sync.snapshots.named = None;
                self.touch();
                self.work.stage = Stage::Pushing(Push::Start);
            }
            return another;
        }
        if self.work.clearing.looks > 1 {
            return false;
        }
        self.work.clearing.of = self.dev;
        self.look_at_names(None);
        true
    }

    /// What lies under the names of removed devices whose logs are cut is cleared away by owners, once a session.
    fn begin_clearing_of_removed(&mut self) -> bool {
        // Of one that was cut in this round we are told before the next one which photos stay.
        let next = self.open_removed().find(|dev| self.photos.contains_key(dev));
        let Some(dev) = next.filter(|_| self.role == Role::Owner) else { return false };
        if self.work.clearing.of != dev {
            (self.work.clearing.of, self.work.clearing.looks) = (dev, 0);
        }
        if self.work.clearing.looks > 1 {
            return false;
        }
        self.look_at_names(None);
        true
    }

    pub(super) fn look_at_names(&mut self, next: Option<String>) {
        let prefix = Name::of_device(self.vault.id, self.work.clearing.of);
        self.work.out.push_back(Effect::List { prefix, next });
        self.work.stage = Stage::Pushing(Push::Cleared);
    }

    pub(super) fn listed_own(&mut self, result: Result<Page, RemoteError>) {
        match result {
            Ok(Page { entries, next, .. }) => {
                let unwanted = entries.into_iter().filter(|entry| self.is_unwanted(entry)).map(|entry| entry.name);
                let unwanted: Vec<_> = unwanted.collect();
                self.work.clearing.unwanted.extend(unwanted);
                if next.is_some() {
                    self.look_at_names(next);
                }
            }
            Err(error) => self.stop_remote(error),
        }
    }

    /// Whether an object is one that an erasure leaves nothing of.
    fn is_unwanted(&self, entry: &Entry) -> bool {
        let name = Name::parse(&entry.name);
        let Some((name, dev)) = name.and_then(|name| Some((name, name.dev()?))) else { return false };
        let own = dev == self.dev;
        let named = self.sync.snapshots.named.filter(|_| own).map(|offer| offer.manifest.seq);
        let mut packs = self.sync.packs.list.iter().filter(|_| own);
        let unwanted = match name {
            Name::Segment(_, _, seq) => seq <= self.start_of(dev).segment.seq,
            Name::Pack(..) => !packs.any(|pack| pack.name(self.vault.id, dev) == name),
            Name::Manifest(_, _, seq) | Name::Part(_, _, seq, _) => Some(seq) != named,
            Name::Photo(_, _, id) => {
                let named = |named: &BTreeMap<_, _>| named.contains_key(&id) && Guard::PhotoNamed.stands();
                self.photos.get(&dev).is_some_and(|photos| !named(photos))
            }
            _ => false,
        };
        dev == self.work.clearing.of && unwanted
    }

    /// The listing is complete. When nothing is left that has to go, the next head says so.
    pub(super) fn note_cleared(&mut self) {
        let unwanted = std::mem::take(&mut self.work.clearing.unwanted);
        self.work.clearing.looks += 1;
        self.work.stage = Stage::Pushing(Push::Start);
        if unwanted.is_empty() {
            self.looked.insert(self.work.clearing.of);
        }
        if unwanted.is_empty() && self.work.clearing.of == self.dev {
            self.sync.cleared = self.mark();
            let named = self.sync.snapshots.named.map(|offer| offer.manifest.seq);
            self.sync.snapshots.lying.retain(|seq, _| Some(*seq) == named);
            self.touch();
            self.flush();
        } else if unwanted.is_empty() {
            // A removed device has nothing more to say.
        } else if self.work.clearing.looks == 1 {
            // Then it is looked at once more: what a bucket did not delete is not gone.
            self.work.deletes = unwanted.into_iter().collect();
            self.work.stage = Stage::Pushing(Push::Deleting);
        } else {
            self.work.troubles.extend(unwanted.into_iter().next().map(|name| Trouble::Undeleted { name }));
        }
    }
}

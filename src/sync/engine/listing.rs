//! The directory of heads, the clock, and the look at our own head.

use std::collections::BTreeMap;

use super::round::Stage;
use super::{CLOCK_SLACK_MS, Effect, Engine, pull::Chain};
use crate::book::DevId;
use crate::guard::Guard;
use crate::remote::{Entry, Object, Page, RemoteError};
use crate::sync::fault::Fault;
use crate::sync::name::Name;
use crate::sync::object::{MAX_OBJECT, Sealed};
use crate::sync::report::Trouble;
use crate::sync::state::Pushed;
use crate::sync::wire::{self, HeadBody};

impl Engine {
    pub(super) fn list(&mut self, next: Option<String>) {
        self.work.out.push_back(Effect::List { prefix: Name::heads(self.vault.id), next });
    }

    pub(super) fn listed(&mut self, result: Result<Page, RemoteError>) {
        match result {
            Ok(page) => {
                self.learn_clock(page.server_ms);
                self.work.listed.extend(page.entries);
                if page.next.is_some() {
                    self.list(page.next);
                }
            }
            // The refusal tells the time: correct the clock and ask again, once.
            Err(RemoteError::Skew { server_ms: Some(server_ms) }) if !self.work.corrected => {
                self.work.corrected = true;
                self.learn_clock(Some(server_ms));
                self.list(None);
            }
            Err(error) => self.stop_remote(error),
        }
    }

    fn learn_clock(&mut self, server_ms: Option<u64>) {
        let Some(server_ms) = server_ms else { return };
        let difference = i64::try_from(i128::from(server_ms) - i128::from(self.work.now_ms)).unwrap_or_default();
        let offset = if difference.unsigned_abs() > CLOCK_SLACK_MS { difference } else { 0 };
        if offset.abs_diff(self.sync.clock_offset) > CLOCK_SLACK_MS || (offset == 0 && self.sync.clock_offset != 0) {
            self.sync.clock_offset = offset;
            self.touch();
            self.flush();
        }
    }

    /// The listing is complete: see which heads are new.
    pub(super) fn begin_pull(&mut self) {
        self.work.stage = Stage::Pulling;
        let mut heads: BTreeMap<DevId, Entry> = BTreeMap::new();
        for entry in std::mem::take(&mut self.work.listed) {
            if let Some(Name::Head(vault, dev)) = Name::parse(&entry.name)
                && vault == self.vault.id
            {
                heads.insert(dev, entry);
            }
        }
        let own = heads.remove(&self.dev);
        self.look_at_own(own, heads.is_empty());
        self.chains.retain(|dev, _| heads.contains_key(dev));
        let founder = self.vault.owner.dev();
        let mut order: Vec<_> = heads.into_iter().collect();
        // The founder's chain first: it names the others.
        order.sort_by_key(|(dev, _)| *dev != founder);
        for (dev, entry) in order {
            self.look_at(dev, entry);
        }
    }

    fn look_at(&mut self, dev: DevId, entry: Entry) {
        let known = self.sync.cursors.get(&dev).is_some_and(|cursor| cursor.etag == entry.etag);
        if known && !entry.etag.is_empty() && !self.chains.contains_key(&dev) {
            // This head was read to its end. What an earlier session held of it was put right by its own return.
            self.release(dev);
            return self.flush();
        }
        if let Some(chain) = self.chains.get_mut(&dev)
            && chain.etag == entry.etag
        {
            chain.rounds += 1;
            let passing = chain.held.as_ref().is_none_or(|(_, fault)| fault.may_pass());
            // What cannot pass by itself may have been damaged on its way: it is fetched again, ever more seldom.
            if passing || chain.rounds.is_power_of_two() {
                chain.again(passing);
                if chain.raw.is_empty() {
                    self.work.gets.push_back(entry.name);
                } else {
                    self.read_on(dev);
                }
            }
            return;
        }
        if let Some((etag, rounds)) = self.doubts.get_mut(&dev)
            && *etag == entry.etag
        {
            *rounds += 1;
            if !rounds.is_power_of_two() {
                return;
            }
        }
        let mut chain = Chain::new(entry.etag);
        if entry.size > MAX_OBJECT as u64 {
            chain.held = Some((entry.name, Fault::TooLarge));
        } else {
            self.work.gets.push_back(entry.name);
        }
        self.chains.insert(dev, chain);
    }

    /// Our own head as the listing shows it must be the one that we put last.
    fn look_at_own(&mut self, own: Option<Entry>, alone: bool) {
        self.work.alone = alone && own.is_none();
        if self.work.reading || self.work.unpacks || std::mem::take(&mut self.reseed) || !Guard::OwnHead.stands() {
            return;
        }
        let name = Name::Head(self.vault.id, self.dev).to_string();
        match own {
            Some(entry) if !entry.etag.is_empty() && entry.etag == self.sync.pushed.etag => {}
            Some(entry) => {
                self.work.own_etag = entry.etag;
                self.work.gets.push_back(name);
            }
            // A listing may lag behind: ask for the head itself before believing that it is gone.
            None if self.sync.pushed.head > 0 => self.work.gets.push_back(name),
            None => {}
        }
    }

    pub(super) fn got_own_head(&mut self, name: &str, result: Result<Object, RemoteError>) {
        let Object { bytes: object, etag } = match result {
            Ok(object) => object,
            Err(RemoteError::NotFound) if self.work.alone && Guard::EmptyBucket.stands() => {
                return self.halt(Trouble::BucketEmpty);
            }
            Err(RemoteError::NotFound) => return self.own_is_behind(Pushed::default()),
            Err(error) => return self.stop_remote(error),
        };
        let listed = std::mem::take(&mut self.work.own_etag);
        let etag = if etag.is_empty() { listed.clone() } else { etag };
        let mark = &self.sync.head;
        if crate::sync::object::hash(&object) == mark.hash {
            let (segment, control, opn, head) = (mark.segment, mark.control, mark.opn, mark.seq);
            self.sync.pushed = Pushed { vault: true, control, segment, opn, head, etag };
            self.touch();
            return self.flush();
        }
        match self.read_own_head(&object) {
            // The bucket was set back. What that head promises may not be there either: a service that shows an older state
            // than it has would make us promise for ever what nobody put.
            Ok((seq, body)) if seq < self.sync.head.seq && body.segment.seq <= self.sync.segment.seq => {
                self.own_is_behind(Pushed::default());
            }
            Ok(_) => self.halt(Trouble::Cloned),
            // It may have been damaged on its way: ask once more.
            Err(_) if !std::mem::replace(&mut self.work.own_again, true) => {
                self.work.own_etag = listed;
                self.work.gets.push_back(name.to_owned());
            }
            // Not ours, whoever wrote it. It hides what the bucket has of ours, so everything is put again.
            Err(_) => {
                self.work.troubles.push(Trouble::Occupied { name: name.to_owned() });
                self.put_again(Pushed::default());
                self.touch();
                self.flush();
            }
        }
    }

    fn read_own_head(&self, object: &[u8]) -> Result<(u64, HeadBody), Fault> {
        let sealed = Sealed::read(object, Name::Head(self.vault.id, self.dev))?;
        sealed.verify(&self.identity.public().sign)?;
        Ok((sealed.place.seq, wire::from_bytes(&self.unseal(&sealed)?)?))
    }

    /// The bucket has less of ours than we put: what is missing is put again.
    fn own_is_behind(&mut self, pushed: Pushed) {
        if pushed.head < self.sync.pushed.head {
            self.work.troubles.push(Trouble::BucketBehind);
        }
        self.put_again(pushed);
        self.sync.cleared = None;
        // The snapshot and the packs may be gone with it; others are written when they are due.
        self.sync.snapshots.named = None;
        self.forget_packs();
        self.touch();
        self.flush();
    }

    /// This is all that the bucket has of ours: the rest is put.
    pub(super) fn put_again(&mut self, pushed: Pushed) {
        self.sync.pushed = pushed;
        self.sync.refills += 1;
    }

    /// No pushing in this round; pulling goes on. It is also written down: if another tab has synchronised meanwhile,
    /// the store does not take it, and what looked like trouble was that tab's work.
    pub(super) fn halt(&mut self, trouble: Trouble) {
        self.work.halted = true;
        self.work.troubles.push(trouble);
        self.touch();
        self.flush();
    }
}

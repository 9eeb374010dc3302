//! A bucket that lies: what is tampered with must be refused and told, and must stop nobody else.

use std::collections::BTreeSet;

use dianbu::book::DevId;
use dianbu::domain::customer::customer;
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::object::hash;
use dianbu::sync::report::{Held, Report, Trouble as Told};

use crate::check::Check;
use crate::fault::Trouble;
use crate::rules;
use crate::world::{Kind, World};

/// Who takes part in a trial: an author whose objects are tampered with, a reader, and a third if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Trio {
    /// Whose objects.
    pub author: usize,
    /// Who has to notice.
    pub reader: usize,
    /// Who has nothing to do with it.
    pub third: Option<usize>,
}

/// Rounds after which something that stays away is told.
const PATIENCE: usize = 6;

impl World {
    /// Something happens to the bucket.
    pub fn bucket_change(&mut self) {
        let kinds = [
            Trouble::Damage,
            Trouble::Missing,
            Trouble::HeadBack,
            Trouble::BucketBack,
            Trouble::Emptied,
            Trouble::View,
            Trouble::Liar,
        ];
        let mut may: Vec<_> = kinds.into_iter().filter(|trouble| self.climate.contains(trouble)).collect();
        if self.cloud.late() > 0 && self.chance.percent(50) {
            let which = self.chance.place(self.cloud.late());
            self.tell(&|| "a delayed request arrives".to_owned());
            return self.cloud.arrive(which);
        }
        if self.cloud.is_damaged() && self.chance.percent(30) {
            self.tell(&|| "what was tampered with is put right".to_owned());
            return self.cloud.heal();
        }
        if !self.cloud.is_damaged() && self.copies.len() < 3 && self.chance.percent(20) {
            return self.copies.push(self.cloud.objects());
        }
        if self.copies.is_empty() {
            may.retain(|trouble| *trouble != Trouble::BucketBack);
        }
        // A bucket that is emptied or put back changes everything after it: seldom.
        let Some(trouble) = self.chance.pick(&may) else { return };
        // And nothing may be on its way then: a head that arrives in a bucket which was emptied meanwhile stands for
        // objects that are gone, and its author cannot see that.
        let whole = matches!(trouble, Trouble::Emptied | Trouble::BucketBack);
        if whole && (self.chance.percent(40) || self.cloud.late() > 0 || self.is_sharing()) {
            return;
        }
        let Some(trio) = self.trio() else { return };
        self.count(trouble);
        self.tell(&|| format!("{trouble:?} {trio:?}"));
        match trouble {
            Trouble::Damage | Trouble::Missing if self.has(Trouble::Photos) && self.chance.percent(40) => {
                _ = self.damage_photo(trio, trouble == Trouble::Missing);
            }
            Trouble::Damage => self.damage(trio),
            Trouble::Missing => self.missing(trio),
            Trouble::HeadBack => self.head_back(trio),
            Trouble::BucketBack => self.bucket_back(trio),
            Trouble::Emptied => self.emptied(trio),
            Trouble::View => self.view(trio),
            _ => self.forge(trio),
        }
    }

    /// Whether a device does the daily work and is not out, by everything that anybody ever said.
    pub fn may_work(&self, dev: DevId) -> bool {
        rules::may(self.last_word().role(dev), customer::ID)
    }

    /// Whether a profile has every key that there is.
    pub fn has_keys(&self, profile: usize) -> bool {
        let all = self.ledger.borrow().vault.as_ref().map(|vault| vault.epochs().clone());
        self.vault(profile).map(|vault| vault.epochs().clone()) == all
    }

    /// Whether a profile is at rest, up to date and without trouble; of whom it holds something back that does not count.
    fn is_healthy(&mut self, profile: usize) -> Option<BTreeSet<DevId>> {
        let it = &self.profiles[profile];
        if it.kind != Kind::Honest || self.is_busy(profile) || it.disk.full.get() || self.cloud.has_view(profile) {
            return None;
        }
        if !self.may_work(it.dev) || !rules::may(self.role(profile), customer::ID) {
            return None;
        }
        self.round_now(profile);
        let report = self.round_now(profile)?;
        let fine = |told: &Told| matches!(told, Told::OwnClock { .. } | Told::ClockAhead { .. });
        let counts = |held: &&Held| !matches!(held.fault, Fault::Removed | Fault::NotAllowed);
        let whole = report.finished && !report.held.iter().any(|held| counts(&held)) && report.waiting_ops == 0;
        let healthy = whole && report.troubles.iter().all(fine) && self.has_keys(profile);
        let works = rules::may(self.role(profile), customer::ID);
        (healthy && works).then(|| report.held.iter().map(|held| held.dev).collect())
    }

    /// Two or three that are healthy.
    fn trio(&mut self) -> Option<Trio> {
        if self.cloud.is_damaged() {
            return None;
        }
        let mut honest = self.honest();
        let first = self.chance.place(honest.len());
        honest.rotate_left(first);
        let (mut healthy, mut doubtful) = (Vec::new(), BTreeSet::new());
        for profile in honest {
            if let Some(held) = self.is_healthy(profile) {
                healthy.push(profile);
                doubtful.extend(held);
            }
        }
        // What is held of the author must be what is tampered with.
        healthy.sort_by_key(|profile| doubtful.contains(&self.profiles[*profile].dev));
        healthy.truncate(3);
        if healthy.first().is_some_and(|author| doubtful.contains(&self.profiles[*author].dev)) {
            return None;
        }
        match healthy[..] {
            [author, reader] => Some(Trio { author, reader, third: None }),
            [author, reader, third] => Some(Trio { author, reader, third: Some(third) }),
            _ => None,
        }
    }

    /// Whether a segment is read in a pack rather than alone.
    fn is_packed(&self, profile: usize, seq: u64) -> bool {
        self.profiles[profile].disk.sync().packs.list.iter().any(|pack| pack.from <= seq && seq <= pack.to)
    }

    /// Name of the head of a profile.
    pub fn head_name(&self, profile: usize) -> String {
        let ledger = self.ledger.borrow();
        let vault = ledger.vault.as_ref().map(|vault| vault.id).unwrap_or_default();
        Name::Head(vault, self.profiles[profile].dev).to_string()
    }

    /// Name of a segment of a profile.
    pub fn segment_name(&self, profile: usize, seq: u64) -> String {
        let ledger = self.ledger.borrow();
        let vault = ledger.vault.as_ref().map(|vault| vault.id).unwrap_or_default();
        Name::Segment(vault, self.profiles[profile].dev, seq).to_string()
    }

    /// Somebody writes and shares it.
    pub fn publish(&mut self, profile: usize) {
        self.work_now(profile);
        self.round_now(profile);
    }

    /// The third shares something, the reader writes something and synchronises: whatever is wrong with the author, both
    /// must work. What the reader is told.
    pub fn tried(&mut self, trio: Trio) -> Option<Report> {
        if let Some(third) = trio.third {
            self.publish(third);
        }
        self.work_now(trio.reader);
        let report = self.round_now(trio.reader)?;
        let arrived = trio.third.is_none_or(|third| {
            let dev = self.profiles[third].dev;
            let there = self.profiles[third].disk.record().last(dev).map(|op| op.opn);
            there == self.profiles[trio.reader].disk.record().last(dev).map(|op| op.opn)
        });
        let fine = report.finished && report.waiting_ops == 0 && arrived;
        self.ledger.borrow_mut().expect(fine, Check::Isolated, || format!("the others' work waits: {report:?}"));
        Some(report)
    }

    /// The fault that is told of a device.
    pub fn held(&self, report: &Report, author: usize) -> Option<Fault> {
        report.held.iter().find(|held| held.dev == self.profiles[author].dev).map(|held| held.fault)
    }

    fn last_segment(&self, profile: usize) -> u64 {
        self.profiles[profile].disk.sync().segment.seq
    }

    fn reads_to(&self, reader: usize, author: usize) -> u64 {
        let dev = self.profiles[author].dev;
        self.profiles[reader].disk.sync().cursors.get(&dev).map_or(0, |cursor| cursor.segment.seq)
    }

    /// An object of the author is flipped, cut, lengthened or exchanged.
    fn damage(&mut self, trio: Trio) {
        for _ in 0..=self.chance.below(3) {
            self.publish(trio.author);
        }
        let (from, to) = (self.reads_to(trio.reader, trio.author), self.last_segment(trio.author));
        let head = self.chance.percent(35) || to < from + 2;
        // The last one travels inside the head, so that only those before it are asked for.
        let seq = from + 1 + self.chance.below(to.saturating_sub(from + 1));
        let name = if head { self.head_name(trio.author) } else { self.segment_name(trio.author, seq) };
        if !head && self.is_packed(trio.author, seq) {
            return;
        }
        let Some(mut bytes) = self.cloud.object(&name) else { return };
        let other = if head { self.head_name(trio.reader) } else { self.segment_name(trio.author, to) };
        let at = self.chance.place(bytes.len());
        let expected: &[Fault] = match self.chance.below(5) {
            0 => {
                bytes[at] ^= 1 << self.chance.below(8);
                &[]
            }
            1 => {
                let length = if self.chance.percent(20) { 0 } else { at };
                bytes.truncate(length);
                &[Fault::Truncated, Fault::Foreign]
            }
            2 => {
                bytes.push(0);
                &[Fault::Truncated]
            }
            3 => {
                bytes = self.cloud.object(&other).unwrap_or_default();
                &[Fault::Misplaced]
            }
            _ => {
                // Of another vault, whole and well signed there.
                bytes = self.foreign(head).unwrap_or_default();
                &[Fault::Misplaced]
            }
        };
        self.cloud.tamper(&name, Some(bytes));
        let Some(report) = self.tried(trio) else { return };
        let held = self.held(&report, trio.author);
        let mut ledger = self.ledger.borrow_mut();
        ledger.expect(held.is_some_and(|fault| !fault.may_pass()), Check::Reported, || {
            format!("{name} was tampered with: {held:?}")
        });
        let right = held.is_none_or(|fault| expected.is_empty() || expected.contains(&fault));
        ledger.expect(right, Check::Reason, || format!("{name}: {held:?} instead of {expected:?}"));
        drop(ledger);
        self.recover(trio);
    }

    /// What was tampered with is put right, at once or later; then everything is well again.
    fn recover(&mut self, trio: Trio) {
        if self.chance.percent(40) {
            return;
        }
        self.cloud.heal();
        self.round_now(trio.reader);
        let Some(report) = self.round_now(trio.reader) else { return };
        let held = self.held(&report, trio.author);
        let same = self.reads_to(trio.reader, trio.author) == self.last_segment(trio.author);
        self.ledger
            .borrow_mut()
            .expect(held.is_none() && same, Check::Reaches, || format!("put right, and still held: {held:?}"));
    }

    /// An object of the author is gone.
    fn missing(&mut self, trio: Trio) {
        let from = self.reads_to(trio.reader, trio.author);
        for _ in 0..2 + self.chance.below(2) {
            self.publish(trio.author);
        }
        let head = self.chance.percent(30);
        if (head && trio.third.is_none()) || self.last_segment(trio.author) < from + 2 {
            return; // nobody could know, or nobody has to ask for it
        }
        if !head && self.is_packed(trio.author, from + 1) {
            return;
        }
        if let Some(third) = trio.third {
            self.round_now(third);
        }
        let name = if head { self.head_name(trio.author) } else { self.segment_name(trio.author, from + 1) };
        self.cloud.tamper(&name, None);
        let Some(report) = self.tried(trio) else { return };
        if !head {
            let held = self.held(&report, trio.author);
            let mut ledger = self.ledger.borrow_mut();
            ledger.expect(held == Some(Fault::NotVisible), Check::Reason, || format!("{name} is gone: {held:?}"));
        }
        self.expect_withheld(trio);
        self.recover(trio);
    }

    /// What stays away is told after some rounds.
    fn expect_withheld(&mut self, trio: Trio) {
        let mut told = false;
        let author = self.profiles[trio.author].dev;
        for _ in 0..PATIENCE {
            let Some(report) = self.round_now(trio.reader) else { return };
            told = report.troubles.iter().any(|told| matches!(told, Told::Withheld { dev, .. } if *dev == author));
        }
        self.ledger.borrow_mut().expect(told, Check::Reported, || "what stays away is not told".to_owned());
    }

    /// The author's head is the one before.
    fn head_back(&mut self, trio: Trio) {
        let name = self.head_name(trio.author);
        let Some(old) = self.cloud.object(&name) else { return };
        self.publish(trio.author);
        if let Some(third) = trio.third {
            self.round_now(third);
        }
        let knows = self.chance.percent(60);
        if knows {
            self.round_now(trio.reader);
        }
        self.cloud.tamper(&name, Some(old));
        let Some(report) = self.tried(trio) else { return };
        let held = self.held(&report, trio.author);
        if knows {
            let mut ledger = self.ledger.borrow_mut();
            ledger.expect(held.is_some(), Check::Reported, || "an older head passes".to_owned());
            ledger.expect(held == Some(Fault::RolledBack), Check::Reason, || format!("an older head: {held:?}"));
        } else if trio.third.is_some() {
            self.expect_withheld(trio);
        }
        self.author_notices(trio.author);
    }

    /// The author of a head that is gone or old sees it and puts its own again.
    fn author_notices(&mut self, author: usize) {
        let Some(report) = self.round_now(author) else { return };
        let told = report.troubles.iter().any(|told| matches!(told, Told::BucketBehind | Told::BucketEmpty));
        let again = self.cloud.object(&self.head_name(author)).map(|head| hash(&head));
        let own = self.profiles[author].disk.sync().head.hash;
        let empty = report.troubles.contains(&Told::BucketEmpty);
        let mut ledger = self.ledger.borrow_mut();
        ledger.expect(told, Check::Reported, || format!("its own head is old, and it does not say so: {report:?}"));
        ledger.expect(empty || again == Some(own), Check::Reaches, || "its own head was not put again".to_owned());
    }

    fn bucket_back(&mut self, trio: Trio) {
        let Some(copy) = self.chance.pick(&self.copies) else { return };
        let name = self.head_name(trio.author);
        let changed = copy.get(&name) != self.cloud.object(&name).as_ref();
        self.cloud.put_back(copy);
        self.bucket_lost = true;
        self.note_unaware();
        if changed {
            self.author_notices(trio.author);
        }
    }

    fn emptied(&mut self, trio: Trio) {
        self.cloud.put_back(std::collections::BTreeMap::new());
        self.bucket_lost = true;
        let before = self.profiles[trio.author].disk.record().ops.len();
        let Some(report) = self.round_now(trio.author) else { return };
        let same = self.profiles[trio.author].disk.record().ops.len() == before;
        let empty = self.cloud.objects().is_empty();
        let mut ledger = self.ledger.borrow_mut();
        ledger.expect(report.troubles.contains(&Told::BucketEmpty), Check::Reported, || {
            format!("the bucket is empty, and nobody says so: {report:?}")
        });
        ledger.expect(empty, Check::AskedFirst, || "it was filled unasked".to_owned());
        ledger.expect(same, Check::NothingDisappears, || "an empty bucket deleted something".to_owned());
    }

    /// The reader is shown an old head of the author, the third is not.
    fn view(&mut self, trio: Trio) {
        let name = self.head_name(trio.author);
        let old = self.cloud.object(&name).filter(|_| self.chance.percent(80));
        self.publish(trio.author);
        if let Some(third) = trio.third {
            self.publish(third);
        }
        self.cloud.show(trio.reader, &name, old);
        self.tried(trio);
        if trio.third.is_some() {
            self.expect_withheld(trio);
        }
        if self.chance.percent(50) {
            self.cloud.end_views();
        }
    }
}

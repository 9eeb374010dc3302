//! Rest: nothing goes wrong any more, everything that is under way ends, everybody synchronises, and everything is
//! checked.

use std::collections::BTreeMap;

use dianbu::remote::memory::Request;
use dianbu::session::Session;
use dianbu::sync::driver;
use dianbu::sync::engine::SEEN_MS;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind as ObjectKind, Sealed};
use dianbu::sync::report::{Report, Trouble as Told};
use dianbu::sync::wire::{self, HeadBody};

use crate::check::Check;
use crate::desk::{Fate, now};
use crate::oracle;
use crate::world::{Kind, Profile, World};

/// Rounds after which everybody must have come to rest. What was held is tried again in rounds 1, 2, 4, 8 …
const PASSES: usize = 80;
/// What is due within this time counts as due.
const SOON_MS: u64 = 3_600_000;

impl World {
    /// Comes to rest and checks everything.
    pub fn rest(&mut self) {
        self.calm();
        let mut reports = BTreeMap::new();
        let mut idle = false;
        for pass in 0..PASSES {
            idle = self.everybody(&mut reports);
            if idle && pass > 0 {
                break;
            }
        }
        let strangers = !self.ledger.borrow().split.is_empty() || !self.ledger.borrow().liars.is_empty();
        self.ledger.borrow_mut().expect(idle || strangers, Check::Budget, || "they never come to rest".to_owned());
        self.check_reports(&reports);
        self.check_split(&reports);
        self.check_arrival(&reports);
        self.check_books();
        self.check_promises();
        self.check_links();
        self.check_cost(&reports);
    }

    /// Everything that is under way ends, and nothing is tampered with any more.
    fn calm(&mut self) {
        self.cloud.end_views();
        for profile in &self.profiles {
            profile.disk.full.set(false);
        }
        for _ in 0..20_000 {
            let Some((number, task, _)) = self.desk.waiting().first().cloned() else { break };
            self.desk.release(number, Fate::Done);
            self.go_on(task);
        }
        while self.cloud.late() > 0 {
            self.cloud.arrive(0);
        }
        self.cloud.heal();
        let ended = self.tasks.is_empty();
        self.ledger.borrow_mut().expect(ended, Check::Ends, || "something hangs".to_owned());
        self.cloud.requests();
    }

    /// A round of everybody; whether nothing happened in any of them.
    fn everybody(&mut self, reports: &mut BTreeMap<usize, Report>) -> bool {
        let mut idle = true;
        for profile in self.honest() {
            self.cloud.requests();
            let Some(report) = self.round_now(profile) else { continue };
            let asks = |request: &Request| !matches!(request, Request::List(_));
            let asked: Vec<_> = self.cloud.requests().into_iter().filter(asks).collect();
            let told: Vec<_> = report.held.iter().map(|held| (held.dev, held.fault)).collect();
            self.tell(&|| format!("profile {profile} asks {asked:?}, held {told:?}, {:?}", report.troubles));
            idle &= asked.is_empty() && report.finished && report.pulled_ops == 0;
            if report.troubles.contains(&Told::BucketEmpty)
                && let Some(engine) = self.profiles[profile].tabs[0].engine.as_mut()
            {
                engine.reseed();
                idle = false;
            }
            reports.insert(profile, report);
        }
        idle
    }

    /// At rest nothing is wrong, but for what the clocks, the copies and the liars do.
    fn check_reports(&mut self, reports: &BTreeMap<usize, Report>) {
        let mut ledger = self.ledger.borrow_mut();
        let strange = |dev: &dianbu::book::DevId| ledger.split.contains(dev) || ledger.liars.contains(dev);
        let mut found = Vec::new();
        for (profile, report) in reports {
            let cloned = report.troubles.contains(&Told::Cloned);
            let right = |told: &Told| match told {
                Told::OwnClock { .. } | Told::ClockAhead { .. } => true,
                Told::Withheld { dev, witness, .. } | Told::Fork { dev, witness, .. } => {
                    strange(dev) || strange(witness)
                }
                Told::Cloned | Told::Occupied { .. } => self.profiles[*profile].kind == Kind::Split,
                _ => false,
            };
            // A copy does not read the chain of its own device, so it does not know whom the original invited.
            let held = report.held.iter().find(|held| !strange(&held.dev) && !cloned);
            let told = report.troubles.iter().find(|told| !right(told));
            if let Some(wrong) = held.map(|held| format!("{held:?}")).or(told.map(|told| format!("{told:?}"))) {
                found.push((Check::FalseAlarm, format!("profile {profile} at rest: {wrong}")));
            }
            let split = self.profiles[*profile].kind == Kind::Split;
            if !(report.finished && report.waiting_ops == 0 || cloned || split) {
                found.push((Check::Reaches, format!("profile {profile} does not finish: {report:?}")));
            }
        }
        for (check, what) in found {
            ledger.violate(check, what);
        }
    }

    /// Of profiles with one identity those that say nothing of it must have the same history.
    fn check_split(&mut self, reports: &BTreeMap<usize, Report>) {
        let split = self.ledger.borrow().split.clone();
        for dev in split {
            let quiet = |(profile, report): (&usize, &Report)| {
                let of = self.profiles[*profile].dev == dev;
                let says = |told: &Told| matches!(told, Told::Cloned | Told::Occupied { .. });
                (of && !report.troubles.iter().any(says)).then(|| self.profiles[*profile].disk.sync().head.hash)
            };
            let mut heads: Vec<_> = reports.iter().filter_map(quiet).collect();
            heads.dedup();
            self.ledger.borrow_mut().expect(heads.len() <= 1, Check::Reported, || {
                "two copies of one device write, and neither says so".to_owned()
            });
        }
    }

    /// Every acknowledged edit of everybody is everywhere.
    fn check_arrival(&mut self, reports: &BTreeMap<usize, Report>) {
        let profiles: Vec<_> = reports.keys().copied().collect();
        for &author in &profiles {
            let (dev, record) = (self.profiles[author].dev, self.profiles[author].disk.record());
            let written: Vec<_> = record.ops.range((dev, 0)..=(dev, u64::MAX)).collect();
            for &reader in profiles.iter().filter(|reader| self.profiles[**reader].dev != dev) {
                let (there, report) = (self.profiles[reader].disk.record(), &reports[&reader]);
                let missing = written.iter().find(|(number, op)| there.ops.get(number) != Some(op));
                let Some((number, _)) = missing else { continue };
                // Where two histories of one device exist, nobody can have both; then somebody says so.
                let held = report.held.iter().any(|held| held.dev == dev);
                let told = (report.troubles.contains(&Told::Cloned) && held)
                    || self.profiles[author].kind == Kind::Split
                        && (reports[&author]
                            .troubles
                            .iter()
                            .any(|told| matches!(told, Told::Cloned | Told::Occupied { .. }))
                            || held
                            || report
                                .troubles
                                .iter()
                                .any(|told| matches!(told, Told::Fork { dev: of, .. } if *of == dev)));
                self.ledger.borrow_mut().expect(told, Check::Reaches, || {
                    format!("{} of profile {author} is not in profile {reader}", number.1)
                });
            }
        }
        for &one in &profiles {
            for &other in profiles.iter().filter(|other| **other > one) {
                let (a, b) = (self.profiles[one].disk.record(), self.profiles[other].disk.record());
                let books = |profile: usize| {
                    let session = &self.profiles[profile].tabs[0].session;
                    session.with(oracle::shown)
                };
                let same = a.ops != b.ops || books(one) == books(other);
                self.ledger.borrow_mut().expect(same, Check::SameBook, || {
                    format!("profiles {one} and {other} have the same operations and other books")
                });
            }
        }
    }

    /// Every book shows what its operations demand, in every tab and after a start.
    fn check_books(&mut self) {
        for profile in 0..self.profiles.len() {
            self.check_disk(profile);
            if !matches!(now(driver::open(&self.drive(profile))), Ok(Some(_))) {
                self.ledger.borrow_mut().violate(Check::Opens, format!("profile {profile}: no engine"));
            }
            for tab in 0..self.profiles[profile].tabs.len() {
                self.catch_up_now(profile, tab);
                self.check_tab(profile, tab);
            }
        }
    }

    /// What lies on a disk, opened anew, shows what it must.
    pub fn check_disk(&mut self, profile: usize) {
        let (drive, record) = (self.drive(profile), self.profiles[profile].disk.record());
        let demanded = oracle::demanded(record.ops.iter().map(|((dev, _), op)| (*dev, &**op)));
        let fresh = Session::open(drive.clone(), self.profiles[profile].dev, &drive.disk.loaded());
        let mut ledger = self.ledger.borrow_mut();
        match fresh {
            Ok(session) => {
                let whose = format!("profile {profile} opened");
                ledger.violations.extend(session.with(|book| oracle::compare(book, &demanded, &whose)));
            }
            Err(error) => ledger.violate(Check::Opens, format!("profile {profile}: {error}")),
        }
    }

    /// The book of a tab that has caught up shows what the store holds.
    pub fn check_tab(&mut self, profile: usize, tab: usize) {
        let record = self.profiles[profile].disk.record();
        let demanded = oracle::demanded(record.ops.iter().map(|((dev, _), op)| (*dev, &**op)));
        let whose = format!("profile {profile} tab {tab}");
        let session = self.profiles[profile].tabs[tab].session.clone();
        let violations = session.with(|book| oracle::compare(book, &demanded, &whose));
        let frontier: BTreeMap<_, _> =
            session.with(|book| book.frontier().iter().map(|(dev, reached)| (*dev, reached.opn)).collect());
        let mut ledger = self.ledger.borrow_mut();
        ledger.violations.extend(violations);
        ledger.expect(frontier == record.frontier(), Check::Saved, || format!("{whose} is not where its store is"));
    }

    /// What the heads in the bucket promise is there.
    fn check_promises(&mut self) {
        let Some(vault) = self.ledger.borrow().vault.clone() else { return };
        for (name, object) in self.cloud.objects() {
            let Some(parsed @ Name::Head(_, dev)) = Name::parse(&name) else { continue };
            if self.ledger.borrow().split.contains(&dev) || self.ledger.borrow().liars.contains(&dev) {
                continue;
            }
            let body = Sealed::read(&object, parsed).ok().and_then(|sealed| {
                let key = vault.object_key(sealed.place.epoch, ObjectKind::Head, dev, sealed.place.seq)?;
                wire::from_bytes::<HeadBody>(&sealed.open(&key).ok()?).ok()
            });
            let there = |seq: u64| self.cloud.object(&Name::Segment(vault.id, dev, seq).to_string()).is_some();
            let kept = body.is_some_and(|body| (1..=body.segment.seq).all(there));
            self.ledger.borrow_mut().expect(kept, Check::Promised, || format!("{name} promises what is not there"));
        }
    }

    /// A link that was shown opens the vault.
    fn check_links(&mut self) {
        if self.bucket_lost {
            return;
        }
        for invitation in self.links.clone() {
            let line = self.line(0);
            let time = self.cloud.time.get();
            line.clock.set(time);
            let opened = now(driver::welcome(&line, &invitation, time));
            let error = opened.err();
            self.ledger.borrow_mut().expect(error.is_none(), Check::LinkOpens, || format!("{error:?}"));
        }
        self.pass(0);
    }

    /// An edit costs its author one LIST and two PUT, and everybody else one LIST and one GET.
    fn check_cost(&mut self, reports: &BTreeMap<usize, Report>) {
        let fine = |profile: &usize| {
            let report = &reports[profile];
            report.held.is_empty() && self.profiles[*profile].kind == Kind::Honest
        };
        let mut honest: Vec<_> = reports.keys().copied().filter(fine).collect();
        let at = self.chance.place(honest.len());
        if !self.ledger.borrow().violations.is_empty() || honest.is_empty() {
            return;
        }
        let author = honest.remove(at);
        // Without tags a head is now and then looked at again, and after hours what was read is told once.
        let told = |profile: &Profile| profile.disk.sync().head.at_ms.saturating_add(SEEN_MS - SOON_MS);
        let soon =
            self.profiles.iter().any(|profile| told(profile) < profile.disk.state().now(profile.disk.clock.get()));
        if !self.cloud.tells_tags.get() || soon || !self.work_now(author) {
            return;
        }
        for (profile, wanted) in std::iter::once((author, (0, 2))).chain(honest.into_iter().map(|p| (p, (1, 0)))) {
            self.cloud.requests();
            self.round_now(profile);
            let requests = self.cloud.requests();
            let count = |wanted: fn(&Request) -> bool| requests.iter().filter(|request| wanted(request)).count();
            let cost = (count(|r| matches!(r, Request::Get(_))), count(|r| matches!(r, Request::Put(_))));
            self.ledger.borrow_mut().expect(cost == wanted, Check::Budget, || {
                format!("profile {profile}: {cost:?} GET and PUT instead of {wanted:?}: {requests:?}")
            });
        }
    }
}

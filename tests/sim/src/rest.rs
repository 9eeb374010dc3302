//! Rest: nothing goes wrong any more, everything that is under way ends, everybody synchronises, and everything is
//! checked.

use std::collections::BTreeMap;

use dianbu::book::DevId;
use dianbu::remote::memory::Request;
use dianbu::sync::driver;
use dianbu::sync::engine::SEEN_MS;
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind as ObjectKind, Sealed};
use dianbu::sync::report::{Held, Report, Trouble as Told};
use dianbu::sync::wire::{self, HeadBody, Role};

use crate::check::Check;
use crate::desk::{Fate, now};
use crate::fault::Trouble;
use crate::world::{Kind, Profile, World};

/// Rounds after which everybody must have come to rest. What was held is tried again in rounds 1, 2, 4, 8 …
const PASSES: usize = 80;
/// What is due within this time counts as due.
const SOON_MS: u64 = 3_600_000;

impl World {
    /// Comes to rest and checks everything.
    pub fn rest(&mut self) {
        self.calm();
        let mut reports = self.settle();
        if self.succeed_all(&reports) {
            reports = self.settle();
        }
        reports = self.rest_erased(reports);
        self.check_gone(&reports);
        self.check_reports(&reports);
        self.check_split(&reports);
        self.check_arrival(&reports);
        self.check_roles(&reports);
        self.check_books();
        self.check_promises();
        self.check_links();
        self.check_cost(&reports);
        self.check_keys(&reports);
        self.check_photos(&reports);
        self.check_joiner(&reports);
    }

    /// Rounds of everybody until nothing happens any more.
    pub fn settle(&mut self) -> BTreeMap<usize, Report> {
        let mut reports = BTreeMap::new();
        let mut idle = false;
        for pass in 0..PASSES {
            idle = self.everybody(&mut reports);
            if idle && pass > 0 {
                break;
            }
        }
        let ledger = self.ledger.borrow();
        let strangers = !ledger.split.is_empty() || !ledger.liars.is_empty() || !ledger.rebels.is_empty();
        drop(ledger);
        self.ledger.borrow_mut().expect(idle || strangers, Check::Budget, || "they never come to rest".to_owned());
        reports
    }

    /// Copied profiles that have noticed it become devices of their own, in some runs. Whether any did.
    fn succeed_all(&mut self, reports: &BTreeMap<usize, Report>) -> bool {
        let noticed = |(_, report): &(&usize, &Report)| report.troubles.contains(&Told::Cloned);
        let copies: Vec<_> = reports.iter().filter(noticed).map(|(profile, _)| *profile).collect();
        let so = self.has(Trouble::Heir) && !copies.is_empty() && self.ledger.borrow().violations.is_empty();
        for profile in copies.into_iter().filter(|_| so) {
            self.count(Trouble::Heir);
            self.succeed(profile);
        }
        so
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
            let wanted = self.purge_now(profile, &report);
            let quiet = asked.is_empty() && report.finished && report.pulled_ops == 0 && !wanted;
            // Who is out looks again and again for what it cannot open.
            idle &= quiet || self.role(profile) == Role::Removed;
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

    /// At rest nothing is wrong, but for what the clocks, the copies, the liars and the rebels do.
    fn check_reports(&mut self, reports: &BTreeMap<usize, Report>) {
        let keys = self.has_owner(reports);
        let mut ledger = self.ledger.borrow_mut();
        let strange = |dev: &DevId| ledger.split.contains(dev) || ledger.liars.contains(dev);
        let mut found = Vec::new();
        for (profile, report) in reports {
            let record = self.profiles[*profile].disk.record();
            let verdict = ledger.verdict(&record);
            if verdict.role(record.dev) == Role::Removed {
                continue; // it hears what is not meant for it any more
            }
            let cloned = report.troubles.contains(&Told::Cloned);
            let out = |dev: &DevId| verdict.role(*dev) == Role::Removed;
            let right = |told: &Told| match told {
                Told::OwnClock { .. } | Told::ClockAhead { .. } => true,
                Told::Withheld { dev, witness, .. } | Told::Fork { dev, witness, .. } => {
                    // A copy does not hear of the keys that the original began or was given.
                    strange(dev) || strange(witness) || cloned
                }
                Told::Cloned | Told::Occupied { .. } => self.profiles[*profile].kind == Kind::Split,
                _ => false,
            };
            let held = |held: &&Held| {
                let known = match held.fault {
                    Fault::Removed => out(&held.dev),
                    Fault::NotAllowed => ledger.has_unallowed(held, &verdict),
                    // Without an owner nobody hands on the newest key.
                    Fault::UnknownEpoch => !keys && !ledger.split.is_empty(),
                    _ => false,
                };
                // A copy does not read the chain of its own device, so it does not know whom the original invited.
                !known && !strange(&held.dev) && !cloned
            };
            let held = report.held.iter().find(held);
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

    /// What the heads in the bucket promise is there.
    fn check_promises(&mut self) {
        let Some(vault) = self.ledger.borrow().vault.clone() else { return };
        let verdict = self.last_word();
        for (name, object) in self.cloud.objects() {
            let Some(parsed @ Name::Head(_, dev)) = Name::parse(&name) else { continue };
            if self.ledger.borrow().split.contains(&dev) || self.ledger.borrow().liars.contains(&dev) {
                continue;
            }
            let body = Sealed::read(&object, parsed).ok().and_then(|sealed| {
                let key = vault.object_key(sealed.place.epoch, ObjectKind::Head, dev, sealed.place.seq)?;
                wire::from_bytes::<HeadBody>(&sealed.open(&key).ok()?).ok()
            });
            let lies = |name: Name| self.cloud.object(&name.to_string()).is_some();
            let kept = body.is_some_and(|body| {
                let packed = |seq| body.pack_of(seq).is_some_and(|pack| lies(pack.name(vault.id, dev)));
                let first = body.start.map_or(0, |start| start.segment.seq).max(verdict.cut(dev)) + 1;
                (first..=body.segment.seq).all(|seq| lies(Name::Segment(vault.id, dev, seq)) || packed(seq))
            });
            self.ledger.borrow_mut().expect(kept, Check::Promised, || format!("{name} promises what is not there"));
        }
    }

    /// A link that was shown opens the vault.
    fn check_links(&mut self) {
        if self.bucket_lost {
            return;
        }
        for link in self.links.clone() {
            let line = self.line(0);
            let time = self.cloud.time.get();
            line.clock.set(time);
            let opened = now(driver::welcome(&line, &link.invitation, time));
            let error = opened.err();
            self.ledger.borrow_mut().expect(error.is_none(), Check::LinkOpens, || format!("{error:?}"));
        }
        self.pass(0);
    }

    /// An edit costs its author one LIST and two PUT, and everybody else one LIST and one GET.
    fn check_cost(&mut self, reports: &BTreeMap<usize, Report>) {
        let fine = |profile: &usize| {
            let report = &reports[profile];
            let works = self.may_work(self.profiles[*profile].dev) && self.has_keys(*profile);
            report.held.is_empty() && self.profiles[*profile].kind == Kind::Honest && works
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
        if !self.cloud.tells_tags.get() || self.is_brisk() || self.has_erased() || soon || !self.work_now(author) {
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

//! At rest: everything has arrived, every book shows what it must, and who is out is out.

use std::collections::BTreeMap;

use dianbu::domain::customer::customer;
use dianbu::session::Session;
use dianbu::sync::driver;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind as ObjectKind, Sealed};
use dianbu::sync::report::{Report, Trouble as Told};
use dianbu::sync::wire::Role;

use crate::check::Check;
use crate::desk::now;
use crate::fault::Trouble;
use crate::oracle;
use crate::rules;
use crate::world::{Kind, World, terms};

impl World {
    /// Profiles that are of the vault, keep the rules and have no other trouble: their books must be what all entries
    /// and operations demand.
    fn sound(&self, reports: &BTreeMap<usize, Report>) -> Vec<usize> {
        let sound = |profile: &usize| {
            let cloned = reports.get(profile).is_none_or(|report| report.troubles.contains(&Told::Cloned));
            self.profiles[*profile].kind == Kind::Honest && self.is_in(*profile) && !cloned
        };
        (0..self.profiles.len()).filter(sound).collect()
    }

    /// Whether a profile is of the vault, by what it has read.
    pub fn is_in(&self, profile: usize) -> bool {
        let record = self.profiles[profile].disk.record();
        self.ledger.borrow().verdict(&record).role(record.dev) != Role::Removed
    }

    /// Whether an owner is there who hands keys on. One that was put back may have lost the key that it began itself.
    pub fn has_owner(&self, reports: &BTreeMap<usize, Report>) -> bool {
        let whole = self.ledger.borrow().split.is_empty();
        let hands = |profile: &usize| self.role(*profile) == Role::Owner && (whole || self.has_keys(*profile));
        self.sound(reports).iter().any(hands)
    }

    /// Every acknowledged edit of everybody is everywhere, as far as its author's role allowed it.
    pub fn check_arrival(&mut self, reports: &BTreeMap<usize, Report>) {
        let keys = self.has_owner(reports);
        let readers: Vec<_> =
            reports.keys().copied().filter(|it| self.is_in(*it) && self.profiles[*it].kind != Kind::Rebel).collect();
        for &author in reports.keys() {
            let (dev, sync) = (self.profiles[author].dev, self.profiles[author].disk.sync());
            for &reader in readers.iter().filter(|reader| self.profiles[**reader].dev != dev) {
                let (record, report) = (self.profiles[reader].disk.record(), &reports[&reader]);
                let verdict = self.ledger.borrow().verdict(&record);
                let out = |seq: u64| verdict.role_at_segment(dev, seq) == Role::Removed;
                let last = (1..=sync.segment.seq).take_while(|seq| !out(*seq)).last().unwrap_or(0);
                let mut wanted =
                    self.ledger.borrow().content(dev, sync.segment, (sync.sealed_opn, sync.sealed_stamp), &verdict);
                let within = self.ledger.borrow().last_op(dev, sync.segment, last);
                wanted.retain(|(_, opn), _| *opn <= within);
                let there: crate::ledger::Ops = record.of(dev).map(|(number, op)| (*number, op.clone())).collect();
                let heard = self.profiles[reader].disk.sync().cursors.get(&dev).map_or(0, |cursor| cursor.control.seq);
                let controls = heard == sync.control.seq;
                if wanted == there && controls {
                    continue;
                }
                // Where two histories of one device exist, nobody can have both; then somebody says so.
                let held = report.held.iter().any(|held| held.dev == dev);
                let forked = |told: &Told| matches!(told, Told::Fork { dev: of, .. } if *of == dev);
                let says = |told: &Told| matches!(told, Told::Cloned | Told::Occupied { .. });
                let split = self.ledger.borrow().split.contains(&dev);
                let told = (report.troubles.contains(&Told::Cloned) && held)
                    || split
                        && (reports[&author].troubles.iter().any(says) || held || report.troubles.iter().any(forked));
                // Without an owner nobody hands on the newest key.
                let keyless = !keys && held && !self.has_keys(reader);
                let check = if there.len() > wanted.len() { Check::ShutOut } else { Check::Reaches };
                self.ledger.borrow_mut().expect(told || keyless, check, || {
                    let differs = wanted.iter().find(|(number, op)| there.get(number) != Some(op));
                    let more = there.iter().find(|(number, _)| !wanted.contains_key(number));
                    format!("of profile {author} in profile {reader}: missing or other {differs:?}, too much {more:?}, entries {heard} of {}", sync.control.seq)
                });
            }
        }
        self.check_same(&readers);
    }

    fn check_same(&mut self, profiles: &[usize]) {
        for &one in profiles {
            for &other in profiles.iter().filter(|other| **other > one) {
                let (a, b) = (self.profiles[one].disk.record(), self.profiles[other].disk.record());
                let books = |profile: usize| {
                    let session = &self.profiles[profile].tabs[0].session;
                    session.with(|book| (oracle::shown(book), book.standing()))
                };
                let same = a.ops != b.ops || books(one) == books(other);
                self.ledger.borrow_mut().expect(same, Check::SameBook, || {
                    format!("profiles {one} and {other} have the same operations and other books")
                });
            }
        }
    }

    /// Everybody gives everybody the role that the entries give, and says who came late; a removal has changed the key.
    pub fn check_roles(&mut self, reports: &BTreeMap<usize, Report>) {
        for profile in self.sound(reports) {
            let record = self.profiles[profile].disk.record();
            let verdict = self.ledger.borrow().verdict(&record);
            let own = self.role(profile);
            let report = &reports[&profile];
            let mut ledger = self.ledger.borrow_mut();
            ledger.expect(own == verdict.role(record.dev), Check::Roles, || {
                format!("profile {profile} takes itself for {own:?} instead of {:?}", verdict.role(record.dev))
            });
            for member in &report.members {
                let role = verdict.role(member.dev);
                ledger.expect(member.role == role, Check::Roles, || {
                    format!("profile {profile} takes {} for {:?} instead of {role:?}", member.dev, member.role)
                });
            }
            let late = report.latecomers.iter().copied().collect();
            ledger.expect(verdict.latecomers() == late, Check::Reported, || {
                format!("profile {profile}: came late {:?}, told {late:?}", verdict.latecomers())
            });
            // Who writes what it may not has it in its own book, and of two histories of one device each has one.
            let known = |dev: &&dianbu::book::DevId| ledger.rebels.contains(*dev) || !ledger.split.is_empty();
            let differs = report.diverged.iter().find(|dev| !known(dev)).copied();
            ledger.expect(differs.is_none(), Check::FalseAlarm, || {
                format!("profile {profile} says that the book of {differs:?} differs")
            });
            let changed = own != Role::Owner || verdict.key_changed();
            ledger
                .expect(changed, Check::KeyChanged, || format!("profile {profile}, an owner, left the key as it was"));
        }
    }

    /// What those who stay write now, nobody who is out can open.
    pub fn check_keys(&mut self, reports: &BTreeMap<usize, Report>) {
        if !self.has_owner(reports) || !self.ledger.borrow().violations.is_empty() {
            return;
        }
        let works = |it: &usize| rules::may(self.role(*it), customer::ID);
        for profile in self.sound(reports).into_iter().filter(works).collect::<Vec<_>>() {
            let verdict = self.ledger.borrow().verdict(&self.profiles[profile].disk.record());
            let devices: Vec<_> = verdict.devices().collect();
            let out = |it: &usize| {
                let dev = self.profiles[*it].dev;
                devices.contains(&dev) && verdict.role(dev) == Role::Removed
            };
            let out: Vec<_> =
                (0..self.profiles.len()).filter(out).filter_map(|it| Some((it, self.vault(it)?))).collect();
            let before = self.profiles[profile].disk.sync().segment.seq;
            if !self.work_now(profile) || self.round_now(profile).is_none() {
                continue;
            }
            let seq = before + 1;
            let name = self.segment_name(profile, seq);
            let (Some(object), Some(parsed)) = (self.cloud.object(&name), Name::parse(&name)) else { continue };
            let Ok(sealed) = Sealed::read(&object, parsed) else { continue };
            let opens = |(_, vault): &&(usize, dianbu::sync::keys::Vault)| {
                let dev = self.profiles[profile].dev;
                vault
                    .object_keys(sealed.place.epoch, ObjectKind::Segment, dev, seq)
                    .any(|key| sealed.open(&key).is_ok())
            };
            let opened = out.iter().find(opens).map(|(it, _)| it);
            self.ledger.borrow_mut().expect(opened.is_none(), Check::KeyChanged, || {
                format!("{name} of profile {profile}, epoch {}, opens for {opened:?}, who is out", sealed.place.epoch)
            });
        }
    }

    /// Who joins now has the book that all have, and so has who comes with a recovery sheet.
    pub fn check_joiner(&mut self, reports: &BTreeMap<usize, Report>) {
        let sound = self.sound(reports);
        let owner = sound.iter().copied().find(|it| self.role(*it) == Role::Owner && self.has_keys(*it));
        let Some(owner) = owner.filter(|_| self.ledger.borrow().violations.is_empty()) else { return };
        if self.is_brisk() && self.has(Trouble::Weeks) {
            // What is packed and was read by all is deleted meanwhile.
            for _ in 0..3 {
                self.pass(15 * crate::run::DAY_MS);
                self.settle();
            }
        }
        // Of a copied device nobody may have read all.
        let strange = !self.ledger.borrow().split.is_empty() || !self.ledger.borrow().liars.is_empty();
        let verdict = self.last_word();
        let counts = |link: &crate::world::Link| {
            let author = sound.iter().any(|it| self.profiles[*it].dev == link.invitation.inviter);
            link.recovery && author && verdict.role(link.invitation.inviter) == Role::Owner
        };
        let sheet = self.links.iter().find(|link| counts(link)).cloned();
        let link = self.invite_now(owner, terms(Role::Staff));
        for link in [link, sheet].into_iter().flatten() {
            let Some(joiner) = self.join(&link, false) else {
                self.ledger
                    .borrow_mut()
                    .violate(Check::LinkOpens, format!("a link does not open, recovery {}", link.recovery));
                continue;
            };
            let mut reports = self.settle();
            self.cloud.requests();
            let report = reports.remove(&joiner).unwrap_or_default();
            let (there, wanted) = (self.profiles[joiner].disk.record(), self.profiles[owner].disk.record());
            let wanted_ops = wanted.ops.clone();
            let same = there.ops == wanted_ops || strange;
            self.ledger.borrow_mut().expect(same, Check::Joiner, || {
                let differs = wanted_ops.iter().find(|(number, op)| there.ops.get(number) != Some(op));
                format!("the joiner, recovery {}, does not have {differs:?}: {report:?}", link.recovery)
            });
            self.check_same(&[joiner, owner]);
            self.check_disk(joiner);
        }
    }

    /// Every book shows what its operations demand, in every tab and after a start.
    pub fn check_books(&mut self) {
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
}

//! One run: steps chosen by the seed, then rest, then everything is checked. And what to do when it fails.

use std::collections::{BTreeMap, BTreeSet};

use dianbu::guard::Guard;

use crate::chance::Chance;
use crate::check::{Check, Violation};
use crate::desk::{Fate, What};
use crate::fault::Trouble;
use crate::world::{Kind, NOON, World};

/// Steps of a run.
pub const STEPS: u32 = 300;
/// More devices than this nobody has.
pub const MANY: usize = 7;

/// A day.
pub const DAY_MS: u64 = 86_400_000;

/// What is to be run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// The steps, by number. All of them unless a failing run is being shortened.
    pub steps: Vec<u32>,
    /// Troubles that are left out.
    pub spared: BTreeSet<Trouble>,
}

impl Plan {
    /// Everything that follows from a seed.
    pub fn whole(seed: u64) -> Self {
        Self { seed, steps: (0..STEPS).collect(), spared: BTreeSet::new() }
    }
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The hash of everything that happened.
    pub trace: [u8; 32],
    /// What went wrong in the code under test; empty if nothing did.
    pub violations: Vec<Violation>,
    /// Operations that users wrote.
    pub ops: u64,
    /// What was made to go wrong, how often.
    pub troubles: BTreeMap<Trouble, u64>,
    /// What happened that is rare in so short histories, how often.
    pub events: BTreeMap<&'static str, u64>,
    /// What happened, line by line, if it was to be told.
    pub story: Vec<String>,
}

/// Runs a plan, with one guard switched off if it is given.
pub fn run(plan: &Plan, without: Option<Guard>, tell: bool) -> Outcome {
    Guard::without(without, || {
        let mut world = World::new(plan.seed, &plan.spared, tell);
        for step in &plan.steps {
            world.chance = Chance::of_step(plan.seed, *step);
            world.tell(&|| format!("step {step}"));
            world.step();
            if !world.ledger.borrow().violations.is_empty() {
                break;
            }
        }
        if world.ledger.borrow().violations.is_empty() {
            world.chance = Chance::of_step(plan.seed, STEPS);
            world.rest();
        }
        let trace = world.trace();
        let ledger = world.ledger.borrow();
        let (violations, ops, events) = (ledger.violations.clone(), ledger.ops, ledger.events.clone());
        let (troubles, story) = (world.troubles.clone(), world.story.clone().unwrap_or_default());
        Outcome { trace, violations, ops, troubles, events, story }
    })
}

/// Shortens a failing plan: fewer troubles and fewer steps that fail the same check.
pub fn shorten(plan: &Plan, without: Option<Guard>) -> Plan {
    let fails = |plan: &Plan| run(plan, without, false).violations.first().map(|violation| violation.check);
    let mut best = plan.clone();
    let Some(check) = fails(&best) else { return best };
    let same = |plan: &Plan, check: Check| fails(plan) == Some(check);
    for (trouble, _) in Trouble::ALL {
        let mut fewer = best.clone();
        if fewer.spared.insert(*trouble) && same(&fewer, check) {
            best = fewer;
        }
    }
    let mut length = best.steps.len().div_ceil(2);
    while length > 0 {
        let mut at = 0;
        while at < best.steps.len() {
            let mut fewer = best.clone();
            fewer.steps.drain(at..(at + length).min(fewer.steps.len()));
            if same(&fewer, check) {
                best = fewer;
            } else {
                at += length;
            }
        }
        length = if length == 1 { 0 } else { length.div_ceil(2) };
    }
    best
}

impl World {
    pub fn has(&self, trouble: Trouble) -> bool {
        self.climate.contains(&trouble)
    }

    /// Whether a trouble of this run happens now; it is counted if it does.
    pub fn strikes(&mut self, trouble: Trouble, percent: u64) -> bool {
        let strikes = self.has(trouble) && self.chance.percent(percent);
        if strikes {
            self.count(trouble);
        }
        strikes
    }

    /// One step.
    fn step(&mut self) {
        let ms = self.chance.below(800);
        self.pass(ms);
        let waiting = self.desk.waiting();
        if !waiting.is_empty() && self.chance.percent(72) {
            let Some((number, task, what)) = self.chance.pick(&waiting) else { return };
            let fate = self.fate(&what);
            let owner = self.tasks.get(&task).map(|task| (task.owner, task.what));
            self.tell(&|| match owner {
                Some(((profile, tab), of)) => format!("profile {profile} tab {tab} {of}: {what:?} {fate:?}"),
                None => format!("{what:?} {fate:?}"),
            });
            self.desk.release(number, fate);
            return self.go_on(task);
        }
        let honest = self.honest();
        let Some(profile) = self.chance.pick(&honest) else { return };
        let tab = self.chance.place(self.profiles[profile].tabs.len());
        if self.has(Trouble::Photos) && self.chance.percent(25) {
            self.count(Trouble::Photos);
            return self.photo_step(profile, tab);
        }
        match self.chance.below(100) {
            0..32 => self.work(profile, tab),
            32..56 => self.round(profile, tab),
            56..62 => self.tidy(profile, tab, false),
            62..68 => self.tidy(profile, tab, true),
            68..76 => self.crash(profile, tab),
            76..78 if self.profiles[profile].tabs.len() > 1 => {
                let full = self.profiles[profile].disk.full.get();
                if !full && !self.is_busy(profile) && self.strikes(Trouble::Sleeper, 60) {
                    self.sleep(profile);
                }
            }
            76..80 => self.clocks(profile),
            80..83 => self.profiles_change(profile),
            83..86 => self.grow(profile),
            86..87 => self.invite_somebody(profile),
            87..94 => self.team_change(profile),
            _ => self.bucket_change(),
        }
    }

    /// What becomes of an effect.
    fn fate(&mut self, what: &What) -> Fate {
        let at = u16::try_from(self.chance.below(60_000)).unwrap_or_default();
        let may: &[(Trouble, Fate)] = match what {
            What::Read => &[(Trouble::Broken, Fate::Broken)],
            What::Transact => &[(Trouble::Full, Fate::Full), (Trouble::Broken, Fate::Broken)],
            What::Committed | What::Arrived => &[],
            What::List => {
                &[(Trouble::Lost, Fate::Lost), (Trouble::Status, Fate::Status), (Trouble::Stale, Fate::Stale(at))]
            }
            What::Get(_) => &[
                (Trouble::Lost, Fate::Lost),
                (Trouble::Status, Fate::Status),
                (Trouble::Cut, Fate::Cut(at)),
                (Trouble::Flip, Fate::Flip(at)),
                (Trouble::Stale, Fate::Stale(at)),
            ],
            What::Delete(_) => &[(Trouble::Lost, Fate::Lost), (Trouble::Status, Fate::Status)],
            What::Put(_) => &[
                (Trouble::Lost, Fate::Lost),
                (Trouble::Status, Fate::Status),
                (Trouble::Unanswered, Fate::Unanswered),
                (Trouble::Late, Fate::Late),
                (Trouble::Twice, Fate::Twice),
                (Trouble::Spoiled, Fate::Spoiled(at)),
            ],
        };
        // A bundle is put seldom, and read back at once.
        let often = if matches!(what, What::Put(name) if name.contains("/i/")) { 20 } else { 5 };
        for (trouble, fate) in may {
            if self.strikes(*trouble, often) {
                return *fate;
            }
        }
        Fate::Done
    }

    fn crash(&mut self, profile: usize, tab: usize) {
        if self.strikes(Trouble::Kill, 60) {
            self.tell(&|| format!("profile {profile} tab {tab} is killed"));
            self.drop_tasks(profile, Some(tab));
            self.open_tab(profile, tab);
        } else if self.strikes(Trouble::PowerCut, 40) {
            self.drop_tasks(profile, None);
            let lost = self.profiles[profile].disk.power_cut(self.chance.draw());
            self.tell(&|| format!("profile {profile} has no power, {lost} transactions lost"));
            self.reopen(profile);
        } else if self.has(Trouble::Full) && self.chance.percent(50) {
            let full = &self.profiles[profile].disk.full;
            full.set(!full.get());
            self.count(Trouble::Full);
            self.tell(&|| format!("profile {profile} turns full or is so no more"));
        }
    }

    /// All tabs of a profile are opened anew.
    pub fn reopen(&mut self, profile: usize) {
        for tab in 0..self.profiles[profile].tabs.len() {
            self.open_tab(profile, tab);
        }
    }

    fn clocks(&mut self, profile: usize) {
        if !self.is_busy(profile) && self.strikes(Trouble::ClockWrong, 50) {
            let year = 31_557_600_000_i64;
            let errors = [0, 45_000, -45_000, 7_200_000, -7_200_000, year, -year, 10 * year, -10 * year];
            let error = self.chance.pick(&errors).unwrap_or_default();
            self.profiles[profile].error_ms = error;
            if self.has(Trouble::Skew) {
                self.count(Trouble::Skew);
            }
            self.tell(&|| format!("the clock of profile {profile} is {error} ms wrong"));
        }
        let ms = if self.chance.percent(15) { 13 * 3_600_000 } else { self.chance.below(600_000) };
        self.pass(ms);
        if self.cloud.time.get() < NOON + 300 * DAY_MS && self.strikes(Trouble::Weeks, 40) {
            let days = 1 + self.chance.below(30);
            self.tell(&|| format!("{days} days pass"));
            self.pass(days * DAY_MS);
        }
    }

    fn profiles_change(&mut self, profile: usize) {
        let mut image = self.profiles[profile].disk.image();
        if self.profiles[profile].backup.is_none() || self.chance.percent(20) {
            self.profiles[profile].backup = Some(image);
        } else if self.profiles.len() < MANY && self.strikes(Trouble::Copied, 30) {
            let dev = self.profiles[profile].dev;
            if self.has(Trouble::Photos) {
                self.take_now(profile, 0);
                image = self.profiles[profile].disk.image();
            }
            let copy = self.add(dev, image);
            self.tell(&|| format!("profile {profile} is copied to {copy}"));
            self.split(profile, copy);
            self.open_tab(copy, 0);
        } else if self.strikes(Trouble::Restored, 30) {
            self.tell(&|| format!("profile {profile} is put back"));
            self.drop_tasks(profile, None);
            if let Some(backup) = self.profiles[profile].backup.take() {
                self.profiles[profile].disk.replace(backup);
            }
            self.split(profile, profile);
            self.reopen(profile);
        }
    }

    fn split(&mut self, profile: usize, copy: usize) {
        self.profiles[profile].kind = Kind::Split;
        self.profiles[copy].kind = Kind::Split;
        let dev = self.profiles[profile].dev;
        self.ledger.borrow_mut().split.insert(dev);
    }

    fn grow(&mut self, profile: usize) {
        if self.profiles[profile].tabs.len() < 2 && self.strikes(Trouble::SecondTab, 70) {
            self.tell(&|| format!("profile {profile} opens a second tab"));
            let tab = self.profiles[profile].tabs.len();
            return self.open_tab(profile, tab);
        }
        if self.profiles.len() < MANY && self.chance.percent(50) {
            let Some(link) = self.chance.pick(&self.links) else { return };
            let joined = self.join(&link, false);
            self.tell(&|| format!("somebody joins: {joined:?}"));
        }
    }
}

//! The world of one run: devices with their tabs, the bucket, what is under way, and what is counted.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::rc::Rc;

use dianbu::book::{DevId, Dot, Draft, PhotoRef, Span};
use dianbu::remote::Connection;
use dianbu::session::{Changed, Saved, Session};
use dianbu::store::{Store, StoreError};
use dianbu::sync::driver::{self, InviteError, Moment};
use dianbu::sync::engine::{Engine, Limits, Terms};
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::{Identity, Vault};
use dianbu::sync::member::{Founding, META_IDENTITY, META_VAULT, Names};
use dianbu::sync::report::{Report, Trouble as Told};
use dianbu::sync::state::State;
use dianbu::sync::wire::Role;
use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::check::Check;
use crate::cloud::{Cloud, Line, Objects};
use crate::desk::{Desk, TaskId, now};
use crate::disk::{Disk, Drive, Image};
use crate::fault::Trouble;
use crate::forge::Liar;
use crate::gallery::Unaware;
use crate::ledger::Ledger;

/// The day the runs are played on.
pub const NOON: u64 = 1_790_000_000_000;

/// A form that is open on a screen, and what its author saw there.
#[derive(Debug)]
pub struct Form {
    /// Of which kind of row.
    pub kind: u16,
    /// The form.
    pub draft: Draft,
    /// The writes that stood in each cell.
    pub saw: BTreeMap<(u16, Option<Vec<u8>>), BTreeSet<Dot>>,
}

/// A tab of the app.
#[derive(Debug)]
pub struct Tab {
    /// The book.
    pub session: Rc<Session<Drive>>,
    /// The engine, unless a round has it.
    pub engine: Option<Engine>,
    /// Open forms.
    pub forms: Vec<Form>,
    /// The last saved action, for undo.
    pub saved: Option<Span>,
    /// What the last round came to.
    pub report: Option<Report>,
}

/// What is special about a profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing.
    Honest,
    /// There is another profile with the same identity, or it was put back to an earlier state.
    Split,
    /// Its owner does not keep the rules.
    Liar,
    /// Its app was changed: it writes what its role does not allow. What it writes is whole otherwise.
    Rebel,
}

/// A link that was shown.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct Link {
    /// What it carries.
    pub invitation: Invitation,
    /// The bundle, as somebody may have kept it.
    pub bundle: Vec<u8>,
    /// The role that it gives.
    pub role: Role,
    /// Whether it is a recovery sheet.
    pub recovery: bool,
}

/// A profile: a browser with its store.
#[derive(Debug)]
pub struct Profile {
    /// Its disk.
    pub disk: Rc<Disk>,
    /// Its identity.
    pub dev: DevId,
    /// How wrong its clock is, in milliseconds.
    pub error_ms: i64,
    /// Its tabs.
    pub tabs: Vec<Tab>,
    /// What is special about it.
    pub kind: Kind,
    /// An earlier state.
    pub backup: Option<Image>,
    /// The person has asked to fill an emptied bucket.
    pub asked: bool,
}

/// What came of a task.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub enum Done {
    /// Of a round.
    Round(Box<Engine>, Box<Report>),
    /// Of saving.
    Saved(Result<Saved, StoreError>, Vec<u16>),
    /// Of catching up.
    CaughtUp(Result<Changed, StoreError>),
    /// Of a checkpoint.
    Checkpoint(Result<(), StoreError>),
    /// Of inviting.
    Invited(Box<Engine>, Result<Invitation, InviteError>, Terms),
    /// Of giving a role.
    Granted(Box<Engine>, Result<(), InviteError>),
    /// Of taking an invitation back.
    Withdrawn(Box<Engine>, Result<bool, InviteError>),
    /// Of taking a picture.
    Taken(Result<PhotoRef, StoreError>),
    /// Of bringing photos.
    Sent(Box<Engine>, Result<usize, Told>),
    /// Of looking at one.
    Looked(PhotoRef, Option<Vec<u8>>),
    /// Of making room.
    LetGo(Result<usize, StoreError>),
}

/// Something that is under way.
#[expect(missing_debug_implementations, reason = "it holds futures and secrets")]
pub struct Task {
    /// Profile and tab.
    pub owner: (usize, usize),
    /// Its name in the story.
    pub what: &'static str,
    /// The rest of it.
    pub future: Pin<Box<dyn Future<Output = Done>>>,
}

/// The world of one run.
#[expect(missing_debug_implementations, reason = "it holds futures and secrets")]
pub struct World {
    /// The seed.
    pub seed: u64,
    /// Chance of the step.
    pub chance: Chance,
    /// Where effects wait.
    pub desk: Rc<Desk>,
    /// The bucket.
    pub cloud: Rc<Cloud>,
    /// What is known of everybody.
    pub ledger: Rc<RefCell<Ledger>>,
    /// Profiles.
    pub profiles: Vec<Profile>,
    /// What is under way.
    pub tasks: BTreeMap<TaskId, Task>,
    next_task: TaskId,
    /// What may go wrong in this run.
    pub climate: BTreeSet<Trouble>,
    /// What went wrong, how often.
    pub troubles: BTreeMap<Trouble, u64>,
    /// Links that were shown and must open the vault.
    pub links: Vec<Link>,
    /// Links that need not open it any more, which somebody may still have.
    pub old_links: Vec<Link>,
    /// The member who does not keep the rules.
    pub liar: Option<Liar>,
    /// Earlier states of the bucket.
    pub copies: Vec<Objects>,
    /// The bucket was emptied or put back, so names may be gone.
    pub bucket_lost: bool,
    /// Who cannot know that a bucket which was put back lacks a photo.
    pub unaware: BTreeSet<Unaware>,
    /// Texts that users have written so far.
    pub texts: u64,
    /// What happened, line by line, if somebody wants to read it.
    pub story: Option<Vec<String>>,
    trace: Sha256,
}

/// What an invitation into a role allows.
pub fn terms(role: Role) -> Terms {
    Terms { role, uses: 99, expires_ms: NOON + 400 * 86_400_000, recovery: false }
}

/// What a recovery sheet allows.
pub fn sheet() -> Terms {
    Terms { role: Role::Owner, uses: 99, expires_ms: u64::MAX, recovery: true }
}

/// Where the bucket is; nobody connects to it.
pub fn connection() -> Connection {
    Connection { endpoint: "http://127.0.0.1:1".into(), bucket: "shop".into(), ..Connection::default() }
}

impl World {
    /// A founder and some who have joined, everything calm.
    pub fn new(seed: u64, spared: &BTreeSet<Trouble>, tell: bool) -> Self {
        let mut chance = Chance::new(seed);
        let all = chance.percent(10);
        let mut climate: BTreeSet<_> = Trouble::ALL
            .iter()
            .map(|(trouble, _)| *trouble)
            .filter(|trouble| *trouble != Trouble::Photos)
            .filter(|_| chance.percent(45) || all)
            .collect();
        // A run without photos is what it was before there were any.
        if Chance::of_step(seed, u32::MAX).percent(60) {
            climate.insert(Trouble::Photos);
        }
        // Long texts cost a hundred times the work of others.
        let long = chance.percent(20);
        climate.retain(|trouble| !spared.contains(trouble) && (long || *trouble != Trouble::Long));
        let cloud = Cloud::default();
        cloud.time.set(NOON);
        let mut world = Self {
            seed,
            chance,
            desk: Rc::default(),
            cloud: Rc::new(cloud),
            ledger: Rc::default(),
            profiles: Vec::new(),
            tasks: BTreeMap::new(),
            next_task: 1,
            climate,
            troubles: BTreeMap::new(),
            links: Vec::new(),
            old_links: Vec::new(),
            liar: None,
            copies: Vec::new(),
            bucket_lost: false,
            unaware: BTreeSet::new(),
            texts: 0,
            story: tell.then(Vec::new),
            trace: Sha256::new(),
        };
        world.set_up();
        world
    }

    fn set_up(&mut self) {
        let has = |world: &Self, trouble| world.climate.contains(&trouble);
        self.found();
        self.round_now(0);
        let second = [Role::Owner, Role::Owner, Role::Manager];
        let any = [Role::Owner, Role::Manager, Role::Keeper, Role::Staff, Role::Staff, Role::Viewer];
        let others = 2 + self.chance.below(2);
        for number in 0..others {
            let role = self.chance.pick(if number == 0 { &second } else { &any }).unwrap_or_default();
            if let Some(link) = self.invite_now(0, terms(role)) {
                self.join(&link, false);
                self.links.push(link);
            }
        }
        if self.chance.percent(40)
            && let Some(sheet) = self.invite_now(0, sheet())
        {
            self.links.push(sheet);
        }
        for _ in 0..2 {
            for profile in 0..self.profiles.len() {
                self.round_now(profile);
            }
        }
        self.cloud.tells_tags.set(!has(self, Trouble::NoTags));
        self.cloud.tells_time.set(!has(self, Trouble::NoTime));
        self.cloud.strict.set(has(self, Trouble::Skew));
        let page = if has(self, Trouble::Paged) { 2 } else { 1000 };
        self.cloud.set(page, !has(self, Trouble::NoConditions));
        for trouble in [Trouble::NoTags, Trouble::NoTime, Trouble::NoConditions, Trouble::Paged] {
            if has(self, trouble) {
                self.count(trouble);
            }
        }
        if has(self, Trouble::Liar) {
            let last = self.profiles.len() - 1;
            self.become_liar(last);
        }
    }

    /// Notes what happened: in the trace, and in the story if somebody reads it.
    pub fn tell(&mut self, what: &dyn Fn() -> String) {
        let line = what();
        self.trace.update(line.as_bytes());
        self.trace.update(b"\n");
        if let Some(story) = &mut self.story {
            story.push(line);
        }
    }

    /// The hash of everything that happened.
    pub fn trace(&self) -> [u8; 32] {
        self.trace.clone().finalize().into()
    }

    /// Counts something that went wrong.
    pub fn count(&mut self, trouble: Trouble) {
        *self.troubles.entry(trouble).or_default() += 1;
    }

    /// Time passes; clocks that are wrong stay as wrong as they were.
    pub fn pass(&mut self, ms: u64) {
        self.cloud.time.set(self.cloud.time.get() + ms);
        for profile in &self.profiles {
            profile.disk.clock.set(self.cloud.time.get().saturating_add_signed(profile.error_ms));
        }
    }

    fn found(&mut self) {
        let mut random = self.chance.clone();
        let identity = Identity::new(&mut |bytes: &mut [u8]| random.fill(bytes));
        let profile = self.add(identity.dev(), Image::default());
        let names = Names { vault: "老王茶叶店".into(), device: "前台".into() };
        let mut fill = |bytes: &mut [u8]| random.fill(bytes);
        let founding = Founding::begin(&identity, names, NOON, &mut fill);
        let Ok(commit) = founding.and_then(|it| it.commit(&State::default(), &identity, &mut fill)) else { return };
        self.chance = random;
        let drive = self.drive(profile);
        let _ = now(drive.transact(|state| commit.apply(state)));
        self.open_tab(profile, 0);
    }

    /// A new profile with this content on its disk.
    pub fn add(&mut self, dev: DevId, image: Image) -> usize {
        let number = self.profiles.len();
        let clock = Rc::new(Cell::new(self.cloud.time.get()));
        let disk = Rc::new(Disk::new(number, image, self.ledger.clone(), clock));
        disk.keeps.set(self.climate.contains(&Trouble::PowerCut));
        let (tabs, kind, backup) = (Vec::new(), Kind::Honest, None);
        self.profiles.push(Profile { disk, dev, error_ms: 0, tabs, kind, backup, asked: false });
        number
    }

    /// The disk of a profile as its tabs reach it.
    pub fn drive(&self, profile: usize) -> Drive {
        Drive { disk: self.profiles[profile].disk.clone(), desk: self.desk.clone() }
    }

    /// The bucket as a profile reaches it.
    pub fn line(&self, profile: usize) -> Line {
        Line {
            cloud: self.cloud.clone(),
            desk: self.desk.clone(),
            profile,
            clock: self.profiles[profile].disk.clock.clone(),
            ledger: self.ledger.clone(),
            offset: Cell::new(0),
            asked: Cell::new(0),
        }
    }

    /// A moment by the clock of a profile.
    pub fn moment(&mut self, profile: usize) -> Moment {
        let now_ms = self.profiles[profile].disk.clock.get();
        let chance = &mut self.chance;
        Moment::new(now_ms, &mut |bytes: &mut [u8]| chance.fill(bytes))
    }

    /// Opens a tab, or the same one anew: only what is on the disk counts.
    pub fn open_tab(&mut self, profile: usize, tab: usize) {
        let drive = self.drive(profile);
        let loaded = drive.disk.loaded();
        self.profiles[profile].dev = drive.disk.record().dev;
        let session = Session::open(drive.clone(), self.profiles[profile].dev, &loaded);
        let engine = now(driver::open(&drive));
        let limits = self.limits();
        let (session, engine) = match (session, engine) {
            (Ok(session), Ok(Some(mut engine))) => {
                engine.set_limits(limits);
                (session, engine)
            }
            (session, engine) => {
                let what = format!("profile {profile}: {:?} {:?}", session.err(), engine.err());
                return self.ledger.borrow_mut().violate(Check::Opens, what);
            }
        };
        let opened =
            Tab { session: Rc::new(session), engine: Some(engine), forms: Vec::new(), saved: None, report: None };
        let tabs = &mut self.profiles[profile].tabs;
        match tabs.get_mut(tab) {
            Some(tab) => *tab = opened,
            None => tabs.push(opened),
        }
    }

    /// When housekeeping is due in this run.
    fn limits(&self) -> Limits {
        if self.is_brisk() {
            Limits { due_ops: 24, least_ops: 8, pack_segments: 6, ..Limits::default() }
        } else {
            Limits::default()
        }
    }

    /// Whether snapshots and packs are due soon in this run.
    pub fn is_brisk(&self) -> bool {
        self.climate.contains(&Trouble::Brisk)
    }

    /// The role of a profile, as it knows itself.
    pub fn role(&self, profile: usize) -> Role {
        self.profiles[profile].disk.state().role
    }

    /// The vault as a profile knows it, with its keys.
    pub fn vault(&self, profile: usize) -> Option<Vault> {
        let meta = self.profiles[profile].disk.loaded().meta;
        let (_, bytes) = meta.into_iter().find(|(name, _)| name == META_VAULT)?;
        minicbor_serde::from_slice(&bytes).ok()
    }

    /// The secrets of a profile.
    pub fn identity(&self, profile: usize) -> Option<Identity> {
        let meta = self.profiles[profile].disk.loaded().meta;
        let (_, bytes) = meta.into_iter().find(|(name, _)| name == META_IDENTITY)?;
        minicbor_serde::from_slice(&bytes).ok()
    }

    /// Begins something and lets it come to its first wait.
    pub fn begin(&mut self, owner: (usize, usize), what: &'static str, future: impl Future<Output = Done> + 'static) {
        let id = self.next_task;
        self.next_task += 1;
        self.tasks.insert(id, Task { owner, what, future: Box::pin(future) });
        self.go_on(id);
    }

    /// Lets a task go on until it waits again; what came of it if it is done.
    pub fn go_on(&mut self, id: TaskId) {
        let Some(mut task) = self.tasks.remove(&id) else { return };
        match self.desk.poll(id, &mut task.future) {
            Some(done) => {
                let (profile, tab) = task.owner;
                let round = matches!(done, Done::Round(..));
                self.finished(task.owner, done);
                if round {
                    self.send(profile, tab);
                }
            }
            None => _ = self.tasks.insert(id, task),
        }
    }

    /// Whether something is under way in a profile that has its engine, or anything at all.
    pub fn is_busy(&self, profile: usize) -> bool {
        self.tasks.values().any(|task| task.owner.0 == profile)
    }

    /// Whether anybody is in the middle of a round, or of an upload that a round has left half-way.
    pub fn is_sharing(&self) -> bool {
        let half = |profile: &Profile| {
            let sync = profile.disk.sync();
            sync.head.seq > sync.pushed.head
        };
        self.tasks.values().any(|task| matches!(task.what, "round" | "invite" | "grant" | "withdraw"))
            || self.profiles.iter().any(half)
    }

    /// The tasks of a profile, or of one of its tabs, are no more.
    pub fn drop_tasks(&mut self, profile: usize, tab: Option<usize>) {
        self.tasks.retain(|_, task| task.owner.0 != profile || tab.is_some_and(|tab| task.owner.1 != tab));
    }
}

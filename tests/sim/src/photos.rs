//! Photos: people take them and save them with records, devices bring them to the bucket, look at those of others and
//! make room.

use std::collections::BTreeSet;

use dianbu::book::erase::erasing;
use dianbu::book::photo::content;
use dianbu::book::{Draft, PhotoRef, RowId, RowWrite, Value};
use dianbu::domain::complaint::complaint;
use dianbu::remote::RemoteError;
use dianbu::session::{Act, Session};
use dianbu::store::StoreError;
use dianbu::store::photos::Lying;
use dianbu::sync::driver::{self, photos, photos::PhotoError};
use dianbu::sync::engine::Engine;
use dianbu::sync::report::Trouble as Told;
use dianbu::sync::wire::Role;

use crate::check::Check;
use crate::cloud::Line;
use crate::desk::{Fate, What, now};
use crate::disk::Drive;
use crate::fault::Trouble;
use crate::ledger::SECRET;
use crate::rules;
use crate::world::{Done, World};

/// Complaints that people write to.
const ROWS: u64 = 3;
/// One that is erased at once.
const ERASED: RowId = RowId([9; 16]);
/// Nobody has so many in forms.
const DRAFTS: usize = 4;
/// A photo that is owed costs no more requests: put, see what lies there, put it right.
const REQUESTS: usize = 3;

impl World {
    /// Something about photos.
    pub fn photo_step(&mut self, profile: usize, tab: usize) {
        match self.chance.below(100) {
            0..6 => self.meanwhile(),
            6..10 => self.too_late(profile, tab),
            10..12 => self.succeed_if_copied(profile),
            12..40 => self.take(profile, tab),
            40..54 => self.save_photos(profile, tab, None),
            54..78 => _ = self.look(profile, tab),
            78..86 => self.make_room(profile, tab, false),
            86..90 => self.make_room(profile, tab, true),
            90..95 => self.erase_complaint(profile, tab),
            _ => self.send(profile, tab),
        }
    }

    /// What lies in the drawer of a profile.
    pub fn lying(&self, profile: usize) -> Lying {
        Lying::of(self.profiles[profile].disk.photo_names())
    }

    /// A person takes a picture into a form.
    fn take(&mut self, profile: usize, tab: usize) {
        if self.lying(profile).drafts.len() >= DRAFTS {
            return;
        }
        self.texts += 1;
        let (mut salt, number) = ([0; 16], if self.chance.percent(20) { 0 } else { self.texts });
        self.chance.fill(&mut salt);
        self.tell(&|| format!("profile {profile} tab {tab} takes a picture"));
        let session = self.profiles[profile].tabs[tab].session.clone();
        let now_ms = self.profiles[profile].disk.clock.get();
        self.begin((profile, tab), "take", async move {
            Done::Taken(session.keep_photo(salt, format!("{SECRET}{number}").as_bytes(), now_ms).await)
        });
    }

    /// A picture is in a form; most are saved at once.
    pub fn taken(&mut self, profile: usize, tab: usize, photo: &Result<PhotoRef, StoreError>) {
        let Ok(photo) = *photo else { return };
        self.tell(&|| format!("profile {profile} tab {tab} has taken {}", photo.key()));
        if self.chance.percent(70) {
            self.save_photos(profile, tab, Some(photo));
        }
    }

    /// A person saves a complaint with a picture, or with one that is in a form since some time.
    fn save_photos(&mut self, profile: usize, tab: usize, photo: Option<PhotoRef>) {
        let drafts: Vec<_> = self.lying(profile).drafts.into_iter().collect();
        let old = self.chance.pick(&drafts).and_then(|key| Some(self.ledger.borrow().photos.get(&key)?.photo));
        let Some(photo) = photo.or(old) else { return };
        let id = self.complaint();
        let session = self.profiles[profile].tabs[tab].session.clone();
        let mut form = session.with(|book| Draft::open(book, complaint::ID, id));
        let before = self.chance.pick(&form.elements(complaint::PHOTOS.field));
        form.add(complaint::PHOTOS, photo.to_string().as_bytes(), Value::Bool(true));
        if let Some((elem, _)) = before.filter(|_| self.chance.percent(15)) {
            form.put(complaint::PHOTOS.field, Some(elem), Value::Nil);
        }
        if self.chance.percent(30) {
            self.texts += 1;
            form.put(complaint::WORDS.field, None, Value::Text(format!("{SECRET}{}", self.texts)));
        }
        let Some(row) = form.write() else { return };
        self.tell(&|| format!("profile {profile} tab {tab} saves {} with {id}", photo.key()));
        self.save_complaint((profile, tab), row, complaint::ID);
    }

    /// Takes a picture into a form, with nothing in between.
    pub fn take_now(&mut self, profile: usize, tab: usize) -> Option<PhotoRef> {
        let mut salt = [0; 16];
        self.chance.fill(&mut salt);
        self.texts += 1;
        let session = self.profiles[profile].tabs[tab].session.clone();
        let now_ms = self.profiles[profile].disk.clock.get();
        now(session.keep_photo(salt, format!("{SECRET}{}", self.texts).as_bytes(), now_ms)).ok()
    }

    /// Saves a complaint with a photo, with nothing in between.
    fn save_now(&mut self, profile: usize, tab: usize, (id, photo): (RowId, PhotoRef)) {
        let session = self.profiles[profile].tabs[tab].session.clone();
        let mut form = session.with(|book| Draft::open(book, complaint::ID, id));
        form.add(complaint::PHOTOS, photo.to_string().as_bytes(), Value::Bool(true));
        let Some(row) = form.write() else { return };
        self.tell(&|| format!("profile {profile} tab {tab} saves {} with {id} at once", photo.key()));
        self.write_now(profile, tab, row, complaint::ID);
    }

    /// Erases a complaint, with nothing in between.
    fn erase_now(&mut self, profile: usize, id: RowId) {
        self.count(Trouble::Erased);
        self.tell(&|| format!("profile {profile} erases the complaint {id} at once"));
        self.write_now(profile, 0, erasing(complaint::ID, id, None), rules::ERASING);
    }

    fn write_now(&mut self, profile: usize, tab: usize, row: RowWrite, kind: u16) {
        let session = self.profiles[profile].tabs[tab].session.clone();
        let act = Act { now_ms: self.profiles[profile].disk.clock.get(), ..Act::default() };
        let saved = now(session.save(&[row], act));
        self.saved(profile, tab, saved, &[kind]);
    }

    /// An owner who can erase something now.
    fn eraser(&mut self) -> Option<usize> {
        let idle = |it: &usize| !self.is_busy(*it) && !self.profiles[*it].disk.full.get();
        let owns = |it: &usize| self.role(*it) == Role::Owner && idle(it);
        let owners: Vec<_> = self.honest().into_iter().filter(owns).collect();
        self.chance.pick(&owners).filter(|_| self.has(Trouble::Erased))
    }

    /// While somebody looks at a photo it is erased, and the device is rid of it before it could be kept.
    fn too_late(&mut self, profile: usize, tab: usize) {
        let Some(owner) = self.eraser() else { return };
        let Some(photo) = self.look(profile, tab) else { return };
        // It is fetched, and waits to be kept.
        for _ in 0..4 {
            let last = self.desk.waiting().into_iter().max_by_key(|(_, task, _)| *task);
            let Some((number, task, what)) = last.filter(|(.., what)| *what != What::Transact) else { break };
            let ours = self.tasks.get(&task).is_some_and(|task| task.what == "look");
            if !ours || what == What::Committed {
                break;
            }
            self.desk.release(number, Fate::Done);
            self.go_on(task);
        }
        let rows = self.ledger.borrow().photos.get(&photo.key()).map(|known| known.rows.clone()).unwrap_or_default();
        for id in rows {
            self.erase_now(owner, id);
        }
        self.round_now(owner);
        if let Some(report) = self.round_now(profile) {
            self.purge_now(profile, &report);
        }
    }

    /// A tab that was just opened synchronises twice before it hears of what another one saved meanwhile.
    fn meanwhile(&mut self) {
        let two = |it: &usize| self.profiles[*it].tabs.len() > 1 && !self.profiles[*it].disk.full.get();
        let may: Vec<_> = self.honest().into_iter().filter(two).collect();
        let Some(profile) = self.chance.pick(&may).filter(|_| self.has_erased()) else { return };
        if !self.strikes(Trouble::SecondTab, 80) {
            return;
        }
        self.drop_tasks(profile, None);
        self.reopen(profile);
        self.round_now(profile);
        self.open_tab(profile, 0);
        if let Some(other) = self.chance.pick(&self.honest()).filter(|other| *other != profile && !self.is_busy(*other))
        {
            self.publish(other);
        }
        self.catch_up_now(profile, 1);
        let Some(photo) = self.take_now(profile, 1) else { return };
        let id = self.complaint();
        self.save_now(profile, 1, (id, photo));
        for _ in 0..2 {
            self.round_behind(profile);
        }
    }

    /// A copy that is a device of its own now saves what was in a form when it was copied. The first one is opened anew,
    /// and hears of it.
    pub fn inherit(&mut self, profile: usize) {
        let drafts = self.lying(profile).drafts;
        let old = |key: &String| Some(self.ledger.borrow().photos.get(key)?.photo);
        let old: Vec<_> =
            drafts.iter().filter_map(old).filter(|photo| photo.dev != self.profiles[profile].dev).collect();
        let Some(photo) = self.chance.pick(&old).filter(|_| self.has(Trouble::Photos)) else { return };
        self.round_now(profile);
        let first = |it: &usize| self.profiles[*it].dev == photo.dev && !self.is_busy(*it);
        let first: Vec<_> = self.honest().into_iter().filter(first).collect();
        // Something has to be cleared away, which is not the first one's.
        if let Some(owner) = self.eraser().filter(|owner| !first.contains(owner))
            && let Some(other) = self.take_now(owner, 0)
        {
            self.save_now(owner, 0, (ERASED, other));
            self.erase_now(owner, ERASED);
            self.round_now(owner);
            for first in &first {
                self.round_now(*first);
            }
        }
        let id = self.complaint();
        self.save_now(profile, 0, (id, photo));
        self.round_now(profile);
        for first in first {
            self.open_tab(first, 0);
            self.round_now(first);
        }
    }

    fn complaint(&mut self) -> RowId {
        RowId([u8::try_from(self.chance.below(ROWS)).unwrap_or_default() + 1; 16])
    }

    fn save_complaint(&mut self, (profile, tab): (usize, usize), row: RowWrite, kind: u16) {
        let session = self.profiles[profile].tabs[tab].session.clone();
        let act = Act { now_ms: self.profiles[profile].disk.clock.get(), ..Act::default() };
        self.begin((profile, tab), "save", async move { Done::Saved(session.save(&[row], act).await, vec![kind]) });
    }

    /// An owner erases a complaint, or its photos alone.
    fn erase_complaint(&mut self, profile: usize, tab: usize) {
        if self.role(profile) != Role::Owner || !self.strikes(Trouble::Erased, 60) {
            return;
        }
        let (id, alone) = (self.complaint(), self.chance.percent(30));
        let field = [complaint::PHOTOS.field];
        self.tell(&|| format!("profile {profile} tab {tab} erases the complaint {id}, its photos alone: {alone}"));
        let row = erasing(complaint::ID, id, alone.then_some(&field));
        self.save_complaint((profile, tab), row, rules::ERASING);
    }

    /// Somebody looks at a photo that is not on the device.
    fn look(&mut self, profile: usize, tab: usize) -> Option<PhotoRef> {
        let session = self.profiles[profile].tabs[tab].session.clone();
        let lying = self.lying(profile).bodies;
        let devs: BTreeSet<_> = self.ledger.borrow().photos.values().map(|known| known.photo.dev).collect();
        let named =
            session.with(|book| devs.into_iter().flat_map(|dev| book.photos_of(dev).into_values()).collect::<Vec<_>>());
        let away: Vec<_> = named.into_iter().filter(|photo| !lying.contains(&photo.key())).collect();
        let photo = self.chance.pick(&away)?;
        self.tell(&|| format!("profile {profile} tab {tab} looks at {}", photo.key()));
        let (drive, line) = (self.drive(profile), self.line(profile));
        self.begin((profile, tab), "look", async move {
            let Ok(Some(engine)) = driver::open(&drive).await else { return Done::Looked(photo, None) };
            line.offset.set(engine.clock_offset());
            let body = photos::fetch(&engine, &line, &photo).await.ok();
            if let Some(body) = &body {
                let _ = session.keep_fetched(&photo, body.clone()).await;
            }
            Done::Looked(photo, body)
        });
        Some(photo)
    }

    /// What was fetched is what was taken.
    pub fn looked(&mut self, profile: usize, photo: &PhotoRef, body: Option<&[u8]>) {
        let Some(body) = body else { return };
        let mut ledger = self.ledger.borrow_mut();
        ledger.count("photos fetched");
        let same = ledger.photos.get(&photo.key()).is_some_and(|known| known.body == body);
        ledger.expect(same, Check::Refused, || {
            format!("profile {profile} is shown {:?} for {}", content(body), photo.key())
        });
    }

    /// The same with nothing in between, and without keeping it.
    pub fn look_now(&mut self, profile: usize, photo: &PhotoRef) -> Result<(), PhotoError> {
        let opened = now(driver::open(&self.drive(profile)));
        let engine = opened.ok().flatten().ok_or(PhotoError::Remote(RemoteError::NoBucket))?;
        let line = self.line(profile);
        line.offset.set(engine.clock_offset());
        let fetched = now(photos::fetch(&engine, &line, photo));
        self.looked(profile, photo, fetched.as_deref().ok());
        fetched.map(drop)
    }

    /// A device lets go of photos that can be fetched again, or of those in forms that nobody comes back to.
    fn make_room(&mut self, profile: usize, tab: usize, drafts: bool) {
        self.tell(&|| format!("profile {profile} tab {tab} lets go of photos, in forms {drafts}"));
        let session = self.profiles[profile].tabs[tab].session.clone();
        let now_ms = self.profiles[profile].disk.clock.get();
        self.begin((profile, tab), "make room", async move {
            Done::LetGo(if drafts {
                session.let_go_of_drafts(now_ms).await.map(|()| 0)
            } else {
                session.let_go_of_photos().await
            })
        });
    }

    /// A tab brings the photos that are owed, as it does after each round that was finished.
    pub fn send(&mut self, profile: usize, tab: usize) {
        let finished = self.profiles[profile].tabs[tab].report.as_ref().is_some_and(|report| report.finished);
        if !self.has(Trouble::Photos) || !finished {
            return;
        }
        let Some(engine) = self.profiles[profile].tabs[tab].engine.take() else { return };
        let (drive, line, session) =
            (self.drive(profile), self.line(profile), self.profiles[profile].tabs[tab].session.clone());
        self.begin((profile, tab), "photos", async move {
            let sent = send(&engine, &drive, &line, &session).await;
            Done::Sent(Box::new(engine), sent)
        });
    }

    /// The same, with nothing in between: nothing is asked for what is not owed.
    pub fn send_now(&mut self, profile: usize) {
        let finished = self.profiles[profile].tabs[0].report.as_ref().is_some_and(|report| report.finished);
        if !self.has(Trouble::Photos) || !finished {
            return;
        }
        let Some(engine) = self.profiles[profile].tabs[0].engine.take() else { return };
        let (drive, line, session) =
            (self.drive(profile), self.line(profile), self.profiles[profile].tabs[0].session.clone());
        let lying = self.lying(profile);
        let again = self.profiles[profile].disk.photos_put() != engine.refills();
        let named = self.profiles[profile].disk.record().named();
        let saved = lying.drafts.intersection(&named).count();
        let owed = if again { lying.bodies.len() } else { lying.unsent.len() + saved };
        let sent = now(send(&engine, &drive, &line, &session));
        let asked = line.asked.get();
        self.ledger.borrow_mut().expect(asked <= REQUESTS * owed, Check::Budget, || {
            format!("profile {profile} asks {asked} times for {owed} photos")
        });
        self.finished((profile, 0), Done::Sent(Box::new(engine), sent));
    }

    /// A tab has brought photos.
    pub fn sent(&mut self, profile: usize, tab: usize, engine: Engine, sent: &Result<usize, Told>) {
        self.profiles[profile].tabs[tab].engine = Some(engine);
        if *sent != Ok(0) {
            self.tell(&|| format!("profile {profile} tab {tab} has brought photos: {sent:?}"));
        }
        let damaged = matches!(sent, Err(Told::LocalDamage { .. }));
        self.ledger.borrow_mut().expect(!damaged, Check::FalseAlarm, || format!("profile {profile} tells {sent:?}"));
    }
}

/// Brings what is owed, as the app's loop does.
async fn send(engine: &Engine, drive: &Drive, line: &Line, session: &Session<Drive>) -> Result<usize, Told> {
    line.offset.set(engine.clock_offset());
    let named = |dev, id| session.with(|book| book.photos_of(dev)).contains_key(&id);
    photos::send(engine, drive, line, named).await
}

//! What people and devices do in a run, and what is found when it is done.

use std::collections::BTreeSet;

use dianbu::book::row::DELETED;
use dianbu::book::{Draft, RowId, RowWrite, Value};
use dianbu::domain::customer::customer;
use dianbu::domain::team::{entry, settings};
use dianbu::session::{Act, Saved};
use dianbu::store::StoreError;
use dianbu::sync::driver;
use dianbu::sync::engine::Engine;
use dianbu::sync::report::{Report, Trouble as Told};

use crate::check::Check;
use crate::desk::now;
use crate::fault::Trouble;
use crate::ledger::SECRET;
use crate::rules::{self, KINDS};
use crate::world::{Done, Form, Kind, World};

/// Rows that users write to.
const ROWS: u64 = 4;

/// Fields of a kind: two of text, one of a number.
fn fields(kind: u16) -> [u16; 3] {
    match kind {
        entry::ID => [entry::NAME.field, entry::UNDER.field, entry::ORDER.field],
        settings::ID => [settings::TEAM.field, settings::HOURS.field, settings::STALE_DAYS.field],
        _ => [customer::NAME.field, customer::NOTE.field, customer::TIMES.field],
    }
}

impl World {
    /// Opens a form and notes what stands on the screen.
    fn open_form(&mut self, profile: usize, tab: usize) -> Form {
        let kind = if self.chance.percent(80) { customer::ID } else { self.chance.pick(&KINDS).unwrap_or_default() };
        self.open_form_of(profile, tab, kind)
    }

    fn open_form_of(&mut self, profile: usize, tab: usize, kind: u16) -> Form {
        let id = RowId([u8::try_from(self.chance.below(ROWS)).unwrap_or_default() + 1; 16]);
        let session = &self.profiles[profile].tabs[tab].session;
        session.with(|book| {
            let row = book.row(kind, id).unwrap_or_default();
            let dots = |cell: &dianbu::book::Cell| cell.live.iter().map(|written| book.dot(written.mark)).collect();
            let saw = row.cells.iter().map(|cell| ((cell.field, cell.elem.clone()), dots(cell))).collect();
            Form { kind, draft: Draft::open(book, kind, id), saw }
        })
    }

    fn text(&mut self) -> Value {
        self.texts += 1;
        if self.climate.contains(&Trouble::Long) && self.chance.percent(40) {
            self.count(Trouble::Long);
            return Value::Text(SECRET.repeat(6_000) + &self.texts.to_string());
        }
        // Now and then two users write the same.
        let number = if self.chance.percent(15) { 0 } else { self.texts };
        Value::Text(format!("{SECRET}{number}"))
    }

    /// Changes a form as a person does; what would be saved.
    fn fill_in(&mut self, profile: usize, tab: usize, form: &mut Form) -> Option<RowWrite> {
        for _ in 0..=self.chance.below(2) {
            let conflict = form.draft.seen().conflicts().next().cloned();
            if let Some(cell) = conflict.filter(|_| self.chance.percent(40)) {
                let at = self.chance.place(cell.live.len());
                let value = cell.live.get(at).map(|written| written.value.clone()).unwrap_or_default();
                form.draft.settle(cell.field, cell.elem, value);
                continue;
            }
            let [one, other, number] = fields(form.kind);
            match self.chance.below(10) {
                0..5 => {
                    let field = if self.chance.percent(60) { one } else { other };
                    let text = self.text();
                    form.draft.put(field, None, text);
                }
                5 | 6 => {
                    let times = i64::try_from(self.chance.below(5)).unwrap_or_default();
                    form.draft.put(number, None, Value::Int(times));
                }
                7 | 8 if form.kind == customer::ID => {
                    let tag = vec![b'a' + u8::try_from(self.chance.below(3)).unwrap_or_default()];
                    let value = if self.chance.percent(60) { Value::Bool(true) } else { Value::Nil };
                    form.draft.put(customer::TAGS.field, Some(tag), value);
                }
                _ if form.draft.value(DELETED, None).is_nil() => {
                    let session = self.profiles[profile].tabs[tab].session.clone();
                    session.with(|book| _ = form.draft.delete(book));
                }
                _ => _ = form.draft.restore(),
            }
        }
        let write = form.draft.write()?;
        for cell in &write.cells {
            let named: BTreeSet<_> = cell.bases.iter().copied().collect();
            let saw = form.saw.get(&(cell.field, cell.elem.clone())).cloned().unwrap_or_default();
            self.ledger.borrow_mut().expect(named == saw, Check::Informed, || {
                format!("profile {profile}, field {}: named {named:?}, saw {saw:?}", cell.field)
            });
        }
        Some(write)
    }

    /// A person opens a form, saves one that is open, or takes the last action back. What is to be saved.
    fn edit(&mut self, profile: usize, tab: usize) -> Option<Vec<RowWrite>> {
        let forms = self.profiles[profile].tabs[tab].forms.len();
        let undo = self.profiles[profile].tabs[tab].saved.filter(|_| self.chance.percent(8));
        if let Some(span) = undo {
            let tab = &mut self.profiles[profile].tabs[tab];
            tab.saved = None;
            return Some(tab.session.with(|book| book.revert(span, None))).filter(|rows| !rows.is_empty());
        }
        if forms == 0 || (forms < 3 && self.chance.percent(30)) {
            let form = self.open_form(profile, tab);
            if self.chance.percent(50) {
                self.profiles[profile].tabs[tab].forms.push(form);
                return None;
            }
            let mut form = form;
            return self.fill_in(profile, tab, &mut form).map(|row| vec![row]);
        }
        let at = self.chance.place(forms);
        let mut form = self.profiles[profile].tabs[tab].forms.remove(at);
        self.fill_in(profile, tab, &mut form).map(|row| vec![row])
    }

    /// A person works at a tab.
    pub fn work(&mut self, profile: usize, tab: usize) {
        if self.chance.percent(4) {
            return self.erase(profile, tab);
        }
        let Some(rows) = self.edit(profile, tab) else { return };
        self.tell(&|| format!("profile {profile} tab {tab} saves {} rows", rows.len()));
        let session = self.profiles[profile].tabs[tab].session.clone();
        let act = Act { now_ms: self.profiles[profile].disk.clock.get(), ..Act::default() };
        let kinds = rows.iter().map(|row| row.kind).collect();
        self.begin((profile, tab), "save", async move { Done::Saved(session.save(&rows, act).await, kinds) });
    }

    /// A tab works, shares and tidies up several times while the others sleep; then one of them wakes.
    pub fn sleep(&mut self, profile: usize) {
        self.tell(&|| format!("profile {profile}: all tabs but the first sleep"));
        for _ in 0..=self.chance.below(3) {
            for _ in 0..=self.chance.below(4) {
                self.work_now(profile);
            }
            self.round_now(profile);
            let session = self.profiles[profile].tabs[0].session.clone();
            let result = now(session.checkpoint());
            self.finished((profile, 0), Done::Checkpoint(result));
        }
        for tab in 1..self.profiles[profile].tabs.len() {
            if self.chance.percent(50) {
                let session = self.profiles[profile].tabs[tab].session.clone();
                let result = now(session.checkpoint());
                self.finished((profile, tab), Done::Checkpoint(result));
            }
            self.catch_up_now(profile, tab);
            self.check_tab(profile, tab);
        }
        self.check_disk(profile);
    }

    /// A person writes something and saves it, with nothing in between. Whether it was saved.
    pub fn work_now(&mut self, profile: usize) -> bool {
        let mut form = self.open_form_of(profile, 0, customer::ID);
        let text = match self.text() {
            // It must be a change.
            Value::Text(text) => format!("{text}·{}", self.texts),
            _ => String::new(),
        };
        form.draft.put(customer::NOTE.field, None, Value::Text(text));
        let Some(row) = form.draft.write() else { return false };
        let session = self.profiles[profile].tabs[0].session.clone();
        let act = Act { now_ms: self.profiles[profile].disk.clock.get(), ..Act::default() };
        let saved = now(session.save(&[row], act));
        let done = saved.is_ok();
        self.saved(profile, 0, saved, &[customer::ID]);
        done
    }

    /// Begins a round.
    pub fn round(&mut self, profile: usize, tab: usize) {
        let Some(mut engine) = self.profiles[profile].tabs[tab].engine.take() else { return };
        self.tell(&|| format!("profile {profile} tab {tab} begins a round"));
        let (drive, line, moment) = (self.drive(profile), self.line(profile), self.moment(profile));
        self.note_standing(profile, tab, &mut engine);
        self.begin((profile, tab), "round", async move {
            let report = driver::round(&mut engine, &drive, &line, moment).await;
            Done::Round(Box::new(engine), Box::new(report))
        });
    }

    /// A round of the first tab in which nothing goes wrong on the way. None if the engine is not there.
    pub fn round_now(&mut self, profile: usize) -> Option<Report> {
        let report = self.round_behind(profile)?;
        self.catch_up_now(profile, 0);
        Some(report)
    }

    /// The same, and the tab does not catch up with what came.
    pub fn round_behind(&mut self, profile: usize) -> Option<Report> {
        let mut engine = self.profiles[profile].tabs.first_mut()?.engine.take()?;
        let (drive, line, moment) = (self.drive(profile), self.line(profile), self.moment(profile));
        self.note_standing(profile, 0, &mut engine);
        let report = now(driver::round(&mut engine, &drive, &line, moment));
        self.finished((profile, 0), Done::Round(Box::new(engine), Box::new(report.clone())));
        self.send_now(profile);
        Some(report)
    }

    /// A tab catches up at once.
    pub fn catch_up_now(&mut self, profile: usize, tab: usize) {
        let session = self.profiles[profile].tabs[tab].session.clone();
        let result = now(session.catch_up());
        self.finished((profile, tab), Done::CaughtUp(result));
    }

    /// Begins to catch up, or a checkpoint.
    pub fn tidy(&mut self, profile: usize, tab: usize, checkpoint: bool) {
        let session = self.profiles[profile].tabs[tab].session.clone();
        self.tell(&|| format!("profile {profile} tab {tab} {}", if checkpoint { "checkpoints" } else { "catches up" }));
        if checkpoint && self.has_erased() && self.chance.percent(50) {
            self.purge(profile, tab);
        } else if checkpoint {
            self.begin((profile, tab), "checkpoint", async move { Done::Checkpoint(session.checkpoint().await) });
        } else {
            self.begin((profile, tab), "catch up", async move { Done::CaughtUp(session.catch_up().await) });
        }
    }

    /// Tells the engine where the book of a tab stands, as the app does before a round.
    fn note_standing(&self, profile: usize, tab: usize, engine: &mut Engine) {
        self.profiles[profile].tabs[tab].session.with(|book| engine.note_book(book));
    }

    /// Takes note of what came of something.
    pub fn finished(&mut self, (profile, tab): (usize, usize), done: Done) {
        match done {
            Done::Round(engine, report) => {
                self.tell(&|| {
                    let Report { finished, pulled_ops, waiting_ops, troubles, held, .. } = &*report;
                    let held: Vec<_> = held.iter().map(|held| held.fault).collect();
                    format!("profile {profile} tab {tab} ends a round: finished {finished}, pulled {pulled_ops}, waiting {waiting_ops}, {troubles:?} {held:?}")
                });
                self.judge(profile, &report);
                let tab = &mut self.profiles[profile].tabs[tab];
                (tab.engine, tab.report) = (Some(*engine), Some(*report));
            }
            Done::Saved(result, kinds) => self.saved(profile, tab, result, &kinds),
            Done::CaughtUp(Err(error)) | Done::Checkpoint(Err(error)) | Done::LetGo(Err(error)) => {
                if let StoreError::Damaged(what) = error {
                    self.ledger.borrow_mut().violate(Check::Opens, format!("profile {profile} tab {tab}: {what}"));
                }
            }
            Done::CaughtUp(Ok(_)) | Done::Checkpoint(Ok(())) | Done::LetGo(Ok(_)) => {}
            Done::Taken(photo) => self.taken(profile, tab, &photo),
            Done::Sent(engine, sent) => self.sent(profile, tab, *engine, &sent),
            Done::Looked(photo, body) => self.looked(profile, &photo, body.as_deref()),
            Done::Invited(engine, result, terms) => {
                self.tell(&|| format!("profile {profile} has invited into {:?}: {}", terms.role, result.is_ok()));
                self.profiles[profile].tabs[tab].engine = Some(*engine);
                self.invited(result.ok(), terms);
            }
            Done::Granted(engine, result) => {
                self.tell(&|| format!("profile {profile} has given a role: {result:?}"));
                self.profiles[profile].tabs[tab].engine = Some(*engine);
            }
            Done::Withdrawn(engine, result) => {
                self.tell(&|| format!("profile {profile} has taken an invitation back: {result:?}"));
                self.profiles[profile].tabs[tab].engine = Some(*engine);
            }
        }
    }

    /// What was saved is there.
    pub fn saved(&mut self, profile: usize, tab: usize, result: Result<Saved, StoreError>, kinds: &[u16]) {
        let saved = match result {
            Ok(saved) => saved,
            Err(StoreError::Damaged(what)) => return self.ledger.borrow_mut().violate(Check::Opens, what),
            Err(StoreError::NotAllowed(role)) => {
                let right = kinds.iter().any(|kind| !rules::may(role, *kind));
                return self
                    .ledger
                    .borrow_mut()
                    .expect(right, Check::Allowed, || format!("a {role:?} may not {kinds:?}"));
            }
            Err(_) => return,
        };
        self.tell(&|| format!("profile {profile} tab {tab} has saved {:?}", saved.span.stamps.0));
        let (dev, stamp) = (self.profiles[profile].dev, saved.span.stamps.1);
        let record = self.profiles[profile].disk.record();
        let stored = record.ops.range((dev, 0)..=(dev, u64::MAX)).any(|(_, op)| op.stamp == stamp);
        let tab = &mut self.profiles[profile].tabs[tab];
        tab.saved = Some(saved.span);
        let applied = tab.session.with(|book| book.reached(dev).stamp >= stamp);
        let what = || format!("profile {profile}: stored {stored}, in the book {applied}");
        self.ledger.borrow_mut().expect(stored && applied, Check::Saved, what);
    }

    /// What a round tells must be so.
    fn judge(&mut self, profile: usize, report: &Report) {
        let mut ledger = self.ledger.borrow_mut();
        let own = self.profiles[profile].dev;
        for trouble in &report.troubles {
            let so = match trouble {
                Told::Cloned => ledger.split.contains(&own),
                Told::BucketEmpty => self.bucket_lost || self.cloud.is_damaged() || self.cloud.has_view(profile),
                Told::Fork { dev, witness, .. } => {
                    ledger.split.contains(dev) || ledger.liars.contains(witness) || ledger.liars.contains(dev)
                }
                Told::LocalDamage { .. } | Told::OpTooLarge { .. } | Told::Overused { .. } => false,
                _ => true,
            };
            ledger.expect(so, Check::FalseAlarm, || format!("profile {profile} tells {trouble:?}"));
        }
    }

    /// Profiles whose work must reach everybody.
    pub fn honest(&self) -> Vec<usize> {
        (0..self.profiles.len()).filter(|profile| self.profiles[*profile].kind != Kind::Liar).collect()
    }
}

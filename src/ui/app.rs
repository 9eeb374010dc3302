//! The app's state: the book, the reader, what is being said to the person. Screens take it from the context once and
//! hand parts their data and callbacks.

use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use jiff::civil::Date;
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use leptos::task::spawn_local;

use super::beside::Beside;
use super::lasting::Lasting;
use super::later;
use super::parts::{Toast, Tone};
use super::route::Route;
use super::sharing::Sharing;
use super::trouble;
use crate::book::{Agenda, Book, DevId, Docket, Draft, Finder, Found, Reader, Roll, RowId, RowWrite, Span};
use crate::domain::complaint::{complaint, step};
use crate::domain::customer::{customer, dealing};
use crate::domain::record::{Key, KindId};
use crate::domain::role::Role;
use crate::domain::team::{settings, shop};
use crate::domain::{self, KINDS};
use crate::session::{Act, Changed, Saved, Session};
use crate::store::idb::Notice;
use crate::store::{Safe, Store, StoreError};
use crate::web::drafts;
use crate::web::install::Offer;
use crate::web::prefs::Pref;
use crate::web::tabs::{CHANNEL, Tabs};
use crate::web::{clock, persist};
use crate::words::{Lang, Words, fill};

/// So many changed rows are followed between two rests.
const SLICE: usize = 500;

/// The app's state, to be had anywhere below the shell by [`App::here`]. It lives as long as the page, so that every
/// closure of a screen holds no more than the way to it.
#[derive(Clone, Copy, Debug)]
pub struct App(&'static Parts);

/// What the app's state consists of; an [`App`] is used as if it were this.
#[derive(Debug)]
pub struct Parts {
    session: StoredValue<Rc<Session<Safe>>, LocalStorage>,
    versions: StoredValue<HashMap<KindId, Lasting<u64>>>,
    undo: StoredValue<HashMap<u64, Callback<()>>>,
    tabs: StoredValue<Option<Rc<Tabs>>, LocalStorage>,
    beside: StoredValue<Beside>,
    offer: StoredValue<Rc<Offer>, LocalStorage>,
    /// Names of the devices, as far as they are known.
    pub devices: Lasting<HashMap<DevId, String>>,
    /// What this device may do.
    pub role: Lasting<Role>,
    /// Language of the screens.
    pub lang: Lasting<Lang>,
    /// Where in the app the person is.
    pub route: Lasting<Route>,
    /// Who works at this device.
    pub me: Lasting<Option<RowId>>,
    /// Today, which changes at midnight.
    pub today: Lasting<Date>,
    /// Whether the browser offers to install the app.
    pub installable: Lasting<bool>,
    /// What is being said.
    pub toasts: Lasting<Vec<Toast>>,
    /// Counts the saved actions: the synchronisation listens.
    pub saved: Lasting<u64>,
    /// How the devices share.
    pub sharing: Sharing,
    /// Whether a PIN keeps the book.
    pub has_pin: Lasting<bool>,
    /// What another tab did to the database.
    pub notice: Lasting<Option<Notice>>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0
    }
}

impl App {
    /// The state around an open book; made once.
    pub fn new(
        session: Session<Safe>,
        (sharing, has_pin): (Sharing, bool),
        notice: Lasting<Option<Notice>>,
        lang: Lasting<Lang>,
        route: Lasting<Route>,
    ) -> Self {
        // The browser makes its offer once and early, long before anybody opens the page that takes it.
        let installable = Lasting::new(false);
        let offer = Offer::listen(move |there| installable.set(there));
        let versions = KINDS.iter().map(|kind| (kind.id, Lasting::new(0))).collect();
        let role = Lasting::new(session.role());
        Self(Box::leak(Box::new(Parts {
            role,
            session: StoredValue::new_local(Rc::new(session)),
            versions: StoredValue::new(versions),
            undo: StoredValue::default(),
            tabs: StoredValue::new_local(Tabs::join(CHANNEL).ok().map(Rc::new)),
            beside: StoredValue::default(),
            offer: StoredValue::new_local(Rc::new(offer)),
            devices: Lasting::default(),
            lang,
            route,
            me: Lasting::new(Pref::Staff.get().as_deref().and_then(RowId::parse)),
            today: Lasting::new(clock::today()),
            installable,
            toasts: Lasting::default(),
            saved: Lasting::new(0),
            sharing,
            has_pin: Lasting::new(has_pin),
            notice,
        })))
    }

    /// The state, from a component's body.
    pub fn here() -> Self {
        expect_context()
    }

    /// The session, for work that waits.
    pub fn session(self) -> Rc<Session<Safe>> {
        self.session.get_value()
    }

    /// Whether this device may write records of a kind (M3); what is not allowed is not offered.
    pub fn may_write(self, kind: KindId) -> bool {
        domain::kind(kind).is_none_or(|kind| self.role.get().may_write(kind.writers))
    }

    /// The browser's offer to install the app.
    pub fn offer(self) -> Rc<Offer> {
        self.offer.get_value()
    }

    /// Reads from the book and runs again when a row of one of these kinds changes.
    pub fn read<R>(self, kinds: &[KindId], read: impl FnOnce(&Book) -> R) -> R {
        self.track(kinds);
        self.peek(read)
    }

    fn track(self, kinds: &[KindId]) {
        if !runs_again() {
            return;
        }
        self.versions.with_value(|versions| {
            for signal in kinds.iter().filter_map(|kind| versions.get(kind)) {
                signal.track();
            }
        });
    }

    /// Reads from the book without listening.
    pub fn peek<R>(self, read: impl FnOnce(&Book) -> R) -> R {
        self.session.with_value(|session| session.with(read))
    }

    /// Finds records of a kind while one types (C13), and again when one of them changes.
    pub fn find(self, kind: KindId, text: &str, limit: usize) -> Vec<Found> {
        self.finder(kind, |finder| finder.find(text, limit))
    }

    /// What is searched of a kind.
    pub fn finder<R>(self, kind: KindId, look: impl FnOnce(&Finder) -> R) -> R {
        self.read(&[kind], |book| look(self.beside.write_value().finder(book, kind)))
    }

    /// Reads in slices what the list, the search and the cards of customers need, so that whoever opens them finds it ready.
    pub async fn prepare_customers(self) {
        let steps = [
            |beside: &mut Beside, book: &Book| beside.read_roll_on(book, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_on(book, customer::ID, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_links_on(book, customer::PARENT, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_links_on(book, dealing::CUSTOMER, SLICE),
            |beside: &mut Beside, book: &Book| beside.read_links_on(book, complaint::CUSTOMER, SLICE),
        ];
        for step in steps {
            while self.peek(|book| step(&mut self.beside.write_value(), book)) {
                self.session().store().rest().await;
            }
        }
    }

    /// Reads in slices what the clocks of complaints need.
    pub async fn prepare_clocks(self) {
        while self.peek(|book| self.beside.write_value().read_docket_on(book, offset, SLICE)) {
            self.session().store().rest().await;
        }
    }

    /// The rows whose field refers to a row, such as the dealings of a customer, in the order they came; runs again
    /// when one of their kind changes.
    pub fn linked(self, key: Key<RowId>, to: RowId) -> Vec<RowId> {
        self.read(&[key.kind], |book| self.beside.write_value().links(book, key).to(to).to_vec())
    }

    /// The customers as lists need them.
    pub fn roll<R>(self, look: impl FnOnce(&Book, &Roll) -> R) -> R {
        self.read(&[customer::ID], |book| look(book, self.beside.write_value().roll(book)))
    }

    /// The customers as the day needs them.
    pub fn agenda<R>(self, look: impl FnOnce(&Book, &Agenda) -> R) -> R {
        self.read(&[customer::ID], |book| look(book, self.beside.write_value().agenda(book)))
    }

    /// The complaints in the order of their clocks.
    pub fn docket<R>(self, look: impl FnOnce(&Book, &Docket) -> R) -> R {
        self.read(&[complaint::ID, step::ID, settings::ID, shop::ID], |book| {
            look(book, self.beside.write_value().docket(book, offset))
        })
    }

    /// The name of another device.
    pub fn device_name(self, dev: DevId) -> Option<String> {
        self.devices.with(|names| names.get(&dev).cloned())
    }

    /// A new row's id. A browser without random numbers was already refused at the start.
    pub fn new_id(self) -> RowId {
        RowId::random().unwrap_or_else(|error| wasm_bindgen::throw_str(&error.to_string()))
    }

    /// A draft of a row as it stands now.
    pub fn draft(self, kind: KindId, id: RowId) -> Draft {
        self.peek(|book| Draft::open(book, kind, id))
    }

    /// The text of a form as it is kept while it is typed; see [`drafts::Draft::of`].
    pub fn kept(self, form: &str, version: u32) -> drafts::Draft {
        self.session.with_value(|session| drafts::Draft::of(session.store().seal(), form, version))
    }

    /// The reader, for showing values; runs again when the language or the day changes.
    pub fn reader(self) -> Reader {
        Reader { lang: now(self.lang), today: now(self.today), offset }
    }

    /// A text in the language of the screens, for a part.
    pub fn t(self, zh: &'static str, en: &'static str) -> Signal<String> {
        Signal::derive(move || self.say(zh, en).to_owned())
    }

    /// Words in the language of the screens, for a part.
    pub fn w(self, words: Words) -> Signal<String> {
        Signal::derive(move || words.r#in(self.lang.get()).to_owned())
    }

    /// A text in the language of the screens, now; in a view it runs again when the language changes.
    pub fn say(self, zh: &'static str, en: &'static str) -> &'static str {
        Words { zh, en }.r#in(now(self.lang))
    }

    /// A text with values in its places `{}`.
    pub fn fill(self, zh: &'static str, en: &'static str, values: &[&str]) -> String {
        fill(self.say(zh, en), values)
    }

    /// Chooses the language of the screens for this device.
    pub fn choose_lang(self, lang: Lang) {
        self.lang.set(lang);
        keep(Pref::Language, lang.tag());
    }

    /// Chooses who works at this device.
    pub fn choose_me(self, staff: Option<RowId>) {
        self.me.set(staff);
        match staff {
            Some(id) => keep(Pref::Staff, &id.to_string()),
            None => drop(Pref::Staff.clear()),
        }
    }

    /// Saves a user action. On failure the person has been told why and what to do, and nothing has changed.
    pub async fn save(self, rows: Vec<RowWrite>) -> Option<Saved> {
        self.save_as(&rows, None).await
    }

    /// Saves an undertaking that can later be undone as one.
    pub async fn save_as(self, rows: &[RowWrite], batch: Option<RowId>) -> Option<Saved> {
        let act = Act { now_ms: clock::now_ms(), by: self.me.get_untracked(), batch };
        let mut result = self.session().save(rows, act).await;
        // Photos that can be fetched again make room for what was written.
        if result.as_ref().err() == Some(&StoreError::Full)
            && let Ok(making) = later::make_room(self).await
            && making.await.is_ok_and(|gone| gone > 0)
        {
            result = self.session().save(rows, act).await;
        }
        match result {
            Ok(saved) => {
                self.announce(&saved.changed).await;
                self.settle();
                self.saved.update(|count| *count += 1);
                self.ask_to_stay();
                self.tell_tabs("changed");
                Some(saved)
            }
            Err(error) => {
                self.trouble(&error);
                None
            }
        }
    }

    /// Asks the browser, once there is something to lose, not to clear the book when space runs out.
    fn ask_to_stay(self) {
        if self.saved.get_untracked() == 1 {
            // What it answers is shown in the settings.
            spawn_local(async { drop(persist::persist().await) });
        }
    }

    /// Saves a user action without waiting, says so and offers to take it back for ten seconds.
    pub fn save_with_undo(self, rows: Vec<RowWrite>, text: String) {
        spawn_local(async move {
            if let Some(saved) = self.save(rows).await {
                self.offer_undo(saved, text);
            }
        });
    }

    /// Says that something was done and offers to take it back for ten seconds.
    pub fn offer_undo(self, saved: Saved, text: String) {
        let rows = match saved.changed {
            Changed::Rows(rows) => Some(rows),
            Changed::All => None,
        };
        let undo = Callback::new(move |()| {
            let rows = rows.clone();
            spawn_local(async move {
                match later::revert(self, saved.span, rows).await {
                    Ok(work) => work.await,
                    Err(_) => self.toast(later::MISSING.r#in(self.lang.get_untracked()).to_owned(), Tone::Due, None),
                }
            });
        });
        self.toast(text, Tone::Good, Some((self.say("撤销", "Undo").to_owned(), undo)));
    }

    /// Takes a user action back.
    pub async fn revert(self, span: Span, rows: Option<&[(KindId, RowId)]>) {
        let writes = self.peek(|book| book.revert(span, rows));
        if !writes.is_empty() && self.save(writes).await.is_some() {
            self.toast(self.say("已撤销。", "Undone.").to_owned(), Tone::Good, None);
        }
    }

    /// Says something above everything, for ten seconds.
    pub fn toast(self, text: String, tone: Tone, action: Option<(String, Callback<()>)>) {
        let id = self.toasts.with_untracked(|toasts| toasts.last().map_or(0, |last| last.id + 1));
        if let Some((_, act)) = &action {
            self.undo.write_value().insert(id, *act);
        }
        let action = action.map(|(words, _)| words);
        // More than three at once cover what the person is doing.
        self.toasts.update(|toasts| {
            toasts.push(Toast { id, text, action, tone });
            let extra = toasts.len().saturating_sub(3);
            toasts.drain(..extra);
        });
    }

    /// Says why the store refused and what to do.
    pub fn trouble(self, error: &StoreError) {
        self.toast(trouble::store(error).r#in(self.lang.get_untracked()).to_owned(), Tone::Due, None);
    }

    /// A toast has had its time.
    pub fn dismiss(self, id: u64) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
        self.undo.write_value().remove(&id);
    }

    /// A toast's action was pressed.
    pub fn act(self, id: u64) {
        let action = self.undo.write_value().remove(&id);
        self.dismiss(id);
        if let Some(action) = action {
            action.run(());
        }
    }

    /// Follows the calendar past midnight.
    pub fn follow_calendar(self) {
        let today = clock::today();
        if self.today.get_untracked() != today {
            self.today.set(today);
        }
    }

    /// Tells the other tabs that there is something new in the store. A tab that misses it sees it with its next own
    /// action.
    pub fn tell_tabs(self, message: &str) {
        self.tabs.with_value(|tabs| {
            if let Some(tabs) = tabs {
                let _ = tabs.post(message);
            }
        });
    }

    /// Hears what the other tabs tell, as long as the page lives.
    pub fn hear_tabs(self, hear: impl FnMut(String) + 'static) {
        self.tabs.with_value(|tabs| {
            if let Some(tabs) = tabs {
                tabs.listen(hear).forget();
            }
        });
    }

    /// Applies what another tab or the synchronisation wrote.
    pub async fn catch_up(self) {
        match self.session().catch_up().await {
            Ok(changed) => self.announce(&changed).await,
            Err(error) => self.trouble(&error),
        }
        self.settle();
        let role = self.session().role();
        if self.role.get_untracked() != role {
            self.role.set(role);
        }
    }

    /// What is kept beside the rows reads on, a slice at a time, behind whatever the person does: screens that use it sooner
    /// need not wait for that.
    pub fn settle(self) {
        spawn_local(async move {
            while self.peek(|book| self.beside.write_value().read_all_on(book, SLICE)) {
                self.session().store().rest().await;
            }
        });
    }

    /// What is kept beside the rows follows, a slice at a time; then the screens do.
    pub async fn announce(self, changed: &Changed) {
        let all = match changed {
            Changed::Rows(_) => Vec::new(),
            Changed::All => self.peek(|book| {
                self.beside.write_value().empty(book);
                KINDS.iter().flat_map(|kind| book.ids(kind.id).map(|id| (kind.id, id))).collect()
            }),
        };
        let rows = if let Changed::Rows(rows) = changed { rows } else { &all };
        for (n, slice) in rows.chunks(SLICE).enumerate() {
            if n > 0 {
                self.session().store().rest().await;
            }
            self.peek(|book| self.beside.write_value().follow(book, slice));
        }
        let signals = self.versions.get_value();
        let mut kinds: Vec<KindId> = match changed {
            Changed::Rows(rows) => rows.iter().map(|(kind, _)| *kind).collect(),
            Changed::All => signals.keys().copied().collect(),
        };
        kinds.sort_unstable();
        kinds.dedup();
        for signal in kinds.iter().filter_map(|kind| signals.get(kind)) {
            signal.update(|version| *version += 1);
        }
    }
}

/// Whether what is being run would run again when a signal changes: a view or a memo does, an event handler and a
/// future do not.
pub fn runs_again() -> bool {
    Observer::get().is_some()
}

/// What a signal says now. Whoever runs again listens to it; whoever does not simply reads.
fn now<T: Clone + Send + Sync + 'static>(signal: Lasting<T>) -> T {
    if runs_again() { signal.get() } else { signal.get_untracked() }
}

/// A preference that cannot be kept, as in some private windows, is only for this visit.
fn keep(pref: Pref, value: &str) {
    let _ = pref.set(value);
}

fn offset(ms: i64) -> i32 {
    clock::offset_minutes(u64::try_from(ms).unwrap_or(0))
}

/// The language that the person chose on this device, or that the browser asks for.
pub fn first_lang() -> Lang {
    let asked = || window().navigator().language().unwrap_or_default();
    Lang::of_tag(&Pref::Language.get().unwrap_or_else(asked))
}

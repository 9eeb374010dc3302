//! The app's state: the book, the reader, what is being said to the person. Screens take it from the context once and
//! hand parts their data and callbacks.

mod reading;
mod saving;

use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use jiff::civil::Date;
use leptos::prelude::*;
use leptos::reactive::graph::Observer;

use super::beside::Beside;
use super::lasting::Lasting;
use super::parts::{Toast, Tone};
use super::route::Route;
use super::sharing::Sharing;
use super::trouble;
use crate::book::{DevId, Draft, Reader, RowId};
use crate::domain::record::KindId;
use crate::domain::role::Role;
use crate::domain::{self, KINDS};
use crate::session::Session;
use crate::store::idb::Notice;
use crate::store::{Safe, StoreError};
use crate::web::clock;
use crate::web::drafts;
use crate::web::install::Offer;
use crate::web::prefs::Pref;
use crate::web::tabs::{CHANNEL, Tabs};
use crate::words::{Lang, Words, fill};

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

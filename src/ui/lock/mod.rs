//! The lock: what stands before the book of a device with a PIN, and how one gets behind it again.
//!
//! Locking is loading the page anew: the data key and the book live in its memory alone, so nothing of them is left. What was
//! being typed is kept as always, behind the seal.

pub mod attempt;
pub mod screen;
pub mod watch;

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::app::App;
use super::lasting::Lasting;
use super::sharing::bell::Bell;
use super::{later, route};
use crate::store::Store;
use crate::store::idb::Idb;
use crate::store::key::KeyRecord;
use crate::store::seal::DataKey;
use crate::words::Lang;

/// What the tabs tell each other when one is locked.
const LOCKED: &str = "lock";
/// What they tell each other when the PIN was set, changed or taken away.
const KEY_CHANGED: &str = "key";
/// The attribute under which the style sheet shows nothing.
const COVERED: &str = "data-covered";

/// Where a locked start waits.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// Language of the screens.
    pub lang: Lasting<Lang>,
    /// The PIN is digits alone.
    pub digits: bool,
    store: StoredValue<Rc<Idb>, LocalStorage>,
    key: StoredValue<Option<DataKey>>,
    bell: StoredValue<Rc<Bell>, LocalStorage>,
}

impl Gate {
    /// A closed gate before this store.
    pub fn new(store: Rc<Idb>, digits: bool, lang: Lasting<Lang>) -> Self {
        let (key, bell) = (StoredValue::new(None), StoredValue::new_local(Rc::default()));
        Self { lang, digits, store: StoredValue::new_local(store), key, bell }
    }

    /// The store behind it, as it lies there.
    pub fn store(self) -> Rc<Idb> {
        self.store.get_value()
    }

    /// Opens it.
    pub fn open(self, key: DataKey) {
        self.key.set_value(Some(key));
        self.bell.with_value(|bell| bell.ring());
    }

    /// Waits until it is open.
    pub async fn opened(self) -> DataKey {
        let bell = self.bell.get_value();
        loop {
            bell.heard().await;
            // What is handed over once is not kept here as well.
            if let Some(key) = self.key.try_update_value(Option::take).flatten() {
                return key;
            }
        }
    }
}

/// Locks this device, in every tab. Without a PIN it leads to where one is set.
pub fn now(app: App) {
    if app.has_pin.get_untracked() {
        app.tell_tabs(LOCKED);
        leave();
    } else {
        route::go("/more/lock");
    }
}

/// Loads the page anew, and shows nothing more of it until then: a phone takes a picture of what it puts away.
fn leave() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(COVERED, "");
    }
    let _ = window().location().reload();
}

/// Tells the other tabs that the PIN is another one.
pub fn changed(app: App, has_pin: bool) {
    app.has_pin.set(has_pin);
    app.tell_tabs(KEY_CHANGED);
}

/// Hears what another tab tells; false if it is not about the lock.
pub fn heard(app: App, message: &str) -> bool {
    match message {
        LOCKED => leave(),
        KEY_CHANGED => spawn_local(async move {
            if let Ok(loaded) = app.session().store().load_named().await {
                app.has_pin.set(matches!(KeyRecord::of(&loaded.meta), Ok(Some(KeyRecord::Wrapped(_)))));
            }
        }),
        _ => return false,
    }
    true
}

/// Watches, once there is a PIN, for the device being left alone.
pub fn start(app: App) {
    Effect::new(move |watching: Option<bool>| {
        let (watching, wanted) = (watching.unwrap_or(false), app.has_pin.get());
        if wanted && !watching {
            spawn_local(async move {
                later::arrive(later::load_watch).await;
                let _ = later::watch(app).await;
            });
        }
        watching || wanted
    });
}

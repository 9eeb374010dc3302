//! Locks the app when nobody uses it, or when it is put away.
//!
//! All tabs share one moment of last use: whoever works in one of them is not locked out by another that lies behind it.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::app::App;
use crate::web::prefs::Pref;
use crate::web::{clock, online};

/// Minutes until the app locks itself, where nothing was chosen.
pub const MINUTES: &str = "15";
/// What shows that somebody is there.
const SIGNS: [&str; 4] = ["pointerdown", "keydown", "wheel", "touchmove"];
/// The moment of last use is not written more often, in milliseconds.
const COARSE_MS: u64 = 2_000;
/// It is looked at so often, in milliseconds: what was chosen may change, and sleep stops the clock of timers.
const LOOK_MS: u64 = 15_000;

/// The last sign of use in this tab, in milliseconds since 1970; other tabs write theirs where this one reads it.
#[derive(Clone, Debug, Default)]
struct LastUse(Rc<Cell<u64>>);

impl LastUse {
    fn note(&self) {
        let now = clock::now_ms();
        if now.abs_diff(self.0.get()) >= COARSE_MS {
            self.0.set(now);
            // A browser that keeps nothing goes by this tab alone.
            let _ = Pref::LastUse.set(&now.to_string());
        }
    }

    /// Milliseconds until the app locks itself; none if it never does. A use in the future was
    /// by another clock, and counts for nothing.
    fn left(&self) -> Option<u64> {
        let minutes: u64 = Pref::LockAfter.get().as_deref().unwrap_or(MINUTES).parse().ok()?;
        let now = clock::now_ms();
        let elsewhere = Pref::LastUse.get().and_then(|used| used.parse().ok()).unwrap_or(0);
        let used = [self.0.get(), elsewhere].into_iter().filter(|used| *used <= now).max().unwrap_or(0);
        Some((minutes * 60_000).saturating_sub(now - used))
    }
}

/// Begins to watch, for as long as the page lives.
pub fn watch(app: App) {
    let last = LastUse::default();
    last.note();
    for sign in SIGNS {
        let last = last.clone();
        EventListener::new(&window(), sign, move |_| last.note()).forget();
    }
    let seen = last.clone();
    online::on_view(move |is_visible| {
        let is_away = !is_visible && Pref::LockAway.get().is_some();
        if app.has_pin.get_untracked() && (is_away || seen.left() == Some(0)) {
            super::now(app);
        }
    })
    .forget();
    spawn_local(async move {
        loop {
            let pause = last.left().map_or(LOOK_MS, |left| left.min(LOOK_MS));
            TimeoutFuture::new(u32::try_from(pause).unwrap_or(u32::MAX)).await;
            if app.has_pin.get_untracked() && last.left() == Some(0) {
                super::now(app);
                return;
            }
        }
    });
}

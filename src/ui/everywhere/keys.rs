//! The keyboard (craft §3): one place hears it, and what answers says so itself.
//!
//! A control that a key stands for carries `aria-keyshortcuts`, which assistive technology reads out as well: a press of
//! the key presses it, or moves the focus into it. So a place gets its keys by what it shows, and this file knows none of
//! the places. Keys count only while nobody types and no dialog is open.

use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};
use wasm_bindgen::JsCast;

use super::Open;
use crate::ui::app::App;
use crate::ui::lock;

/// Keys that a control may stand for.
const NAMED: [&str; 5] = ["/", "n", "e", "[", "]"];
/// The rows that `j` and `k` go through: those of the list in sight.
const ROWS: &str = ".list-pane a.row, .today a.row-link";
/// What lies over the head of a list while it scrolls.
const BARS: &str = ".list-pane .page-head, .list-pane .tools, .list-pane .list-count";

/// Hears the keys as long as the component lives.
pub(super) fn follow(app: App, open: RwSignal<Option<Open>>) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if !event.default_prevented() && answer(app, &event, open) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

fn answer(app: App, event: &KeyboardEvent, open: RwSignal<Option<Open>>) -> bool {
    let key = event.key();
    let command = event.ctrl_key() || event.meta_key();
    if is_in_dialog() {
        return false;
    }
    if command && !event.alt_key() && key.eq_ignore_ascii_case("k") {
        open.set(Some(Open::Palette));
        return true;
    }
    if command || event.alt_key() || is_typing(event) {
        return false;
    }
    match key.as_str() {
        "L" => lock::now(app),
        "?" => open.set(Some(Open::Help)),
        "j" => return step(1),
        "k" => return step(-1),
        key if NAMED.contains(&key) => return press(key),
        _ => return false,
    }
    true
}

fn is_in_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        element.matches("input:not([type=checkbox], [type=radio]), textarea, select").unwrap_or(false)
    })
}

/// Presses the control that a key stands for: the last one in sight is that of the open card, and where none is in sight
/// the list behind the card has it.
fn press(key: &str) -> bool {
    let selector = format!("[aria-keyshortcuts=\"{key}\"]");
    let Some(control) = in_sight(&selector).pop().or_else(|| all(&selector).pop()) else { return false };
    if control.matches("input").unwrap_or(false) {
        let _ = control.focus();
    } else {
        control.click();
    }
    true
}

/// Moves the focus to the next or the previous row; at first to the open one, or to the first in sight.
fn step(by: isize) -> bool {
    let rows = in_sight(ROWS);
    let active = document().active_element();
    let at = rows.iter().position(|row| active.as_deref() == Some(row.as_ref()));
    let to = match at {
        Some(at) => at.checked_add_signed(by),
        None => rows.iter().position(|row| row.has_attribute("aria-current")).or_else(|| first_below_bars(&rows)),
    };
    to.and_then(|to| rows.get(to)).is_some_and(|row| row.focus().is_ok())
}

fn first_below_bars(rows: &[HtmlElement]) -> Option<usize> {
    let edge = in_sight(BARS).iter().map(|bar| bar.get_bounding_client_rect().bottom()).fold(0.0, f64::max);
    rows.iter().position(|row| row.get_bounding_client_rect().top() >= edge - 1.0)
}

/// The elements that a selector names, as far as they are shown.
fn in_sight(selector: &str) -> Vec<HtmlElement> {
    let mut found = all(selector);
    found.retain(|element| element.get_bounding_client_rect().width() > 0.0);
    found
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok()).collect()
}

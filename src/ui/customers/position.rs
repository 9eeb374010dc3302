//! Where one is in the list: kept while a card is open or another place of the app is visited (C18).

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::card_of;
use crate::book::RowId;

/// Where a list was scrolled to: the page, as on a phone, and the pane, as beside a card.
pub(super) type Scrolled = (f64, i32);

const PANE: &str = ".list-pane";
const ROWS: &str = ".windowed a.row";

/// Remembers where the list is scrolled to and goes back there when nothing is open any more, with the focus on the
/// customer whose card was open.
pub(super) fn keep(scrolled: StoredValue<Scrolled>, open: Signal<bool>, current: Signal<Option<RowId>>) {
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: true };
    let listener = EventListener::new_with_options(&document(), "scroll", options, move |_| {
        // On a phone an open card hides the list, and what scrolls then is the card.
        if let Some(pane) = find(PANE).filter(|pane| pane.client_width() > 0) {
            let page = window().scroll_y().unwrap_or_default();
            let _ = scrolled.try_set_value((page, pane.scroll_top()));
        }
    });
    // It stops listening with the component.
    let _listening = StoredValue::new_local(listener);
    Effect::new(move |last: Option<Option<RowId>>| {
        if !open.get() {
            let place = scrolled.get_value();
            let last = last.flatten();
            // The list must be in the page again, and the shell has moved the focus to its heading, one frame from now.
            after_two_frames(move || go_back(place, last));
        }
        current.get().or(last.flatten())
    });
}

/// Acts once the shell has moved the focus to a new screen's heading.
pub(super) fn after_two_frames(act: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(act));
}

fn go_back((on_page, in_pane): Scrolled, last: Option<RowId>) {
    let Some(pane) = find(PANE) else { return };
    pane.set_scroll_top(in_pane);
    window().scroll_to_with_x_and_y(0.0, on_page);
    if let Some(id) = last {
        // Its row is in the page one frame after the list has scrolled.
        after_two_frames(move || focus(find(&format!("{ROWS}[href=\"#{}\"]", card_of(id)))));
    }
}

/// Scrolls the list at once: with the page, as on a phone, or in its pane, as beside a card. The other one does not scroll.
pub(super) fn scroll_by(pixels: f64) {
    if let Some(pane) = find(PANE) {
        pane.scroll_by_with_x_and_y(0.0, pixels);
    }
    window().scroll_by_with_x_and_y(0.0, pixels);
}

/// The first element of the page that a selector names.
pub(super) fn find(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}

/// Moves the focus.
pub(super) fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // What cannot take the focus is gone.
        let _ = element.focus();
    }
}

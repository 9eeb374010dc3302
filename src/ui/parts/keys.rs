//! Keys: while a word is being composed, and among controls that stand in a row.

use leptos::ev::KeyboardEvent;
use leptos::wasm_bindgen::JsCast;

/// Whether an input method is still composing: then Enter picks a candidate and must not submit.
///
/// Safari ends the composition *before* it reports the key, and leaves only the code 229.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// The keys that move across a row: back, on.
pub(super) const ACROSS: (&str, &str) = ("ArrowLeft", "ArrowRight");
/// The keys that move along a list: back, on.
pub(super) const DOWN: (&str, &str) = ("ArrowUp", "ArrowDown");

/// Where a key leads from a place among `count`, around both ends.
pub(super) fn led_to(key: &str, (back, on): (&str, &str), now: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        _ if key == on => Some(if now == last { 0 } else { now + 1 }),
        _ if key == back => Some(now.checked_sub(1).unwrap_or(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// Moves the focus to the element at a place among those that match within a frame.
pub(super) fn focus_nth(frame: &web_sys::Element, matching: &str, place: usize) {
    let found = frame.query_selector_all(matching).ok().and_then(|all| all.item(u32::try_from(place).ok()?));
    if let Some(element) = found.and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok()) {
        // What cannot take the focus is gone.
        let _ = element.focus();
    }
}

//! Single keys as shortcuts (craft §3): they count only while nobody types and no dialog is open.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Hands keys without a modifier to `hear`, which says whether it knew the key, as long as the component lives.
pub(super) fn on_keys(hear: impl Fn(&str) -> bool + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain && !is_typing(&event) && hear(&event.key()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let field = target.is_some_and(|element| element.matches("input, textarea, select").unwrap_or(false));
    field || document().query_selector("dialog[open]").ok().flatten().is_some()
}

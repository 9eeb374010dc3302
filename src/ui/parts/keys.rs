//! Keys while a word is being composed.

use leptos::ev::KeyboardEvent;

/// Whether an input method is still composing: then Enter picks a candidate and must not submit.
///
/// Safari ends the composition *before* it reports the key, and leaves only the code 229.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

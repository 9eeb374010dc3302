//! The letters at the edge of a long list of names, as phone books have them: a press or a pull leads to a letter.

use crate::book::letters::{Letter, landing, letter_at};
use leptos::{ev, html, prelude::*};

/// The letters of a list. For the keyboard and the ear it is one slider: the arrows go to the letters that are not empty,
/// a typed letter to itself, Enter into the list. Where there is little height every second letter is a dot.
#[component]
pub fn LetterIndex(
    /// Its name for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The letters in the order of the list.
    #[prop(into)]
    letters: Signal<Vec<Letter>>,
    /// The first row in sight.
    #[prop(into)]
    row: Signal<usize>,
    /// Brings a row to the head of what is in sight, at once: then `row` says so if the list is long enough.
    #[prop(into)]
    on_jump: Callback<usize>,
    /// Moves the focus to a row in sight.
    #[prop(into)]
    on_enter: Callback<usize>,
) -> impl IntoView {
    let strip = NodeRef::<html::Div>::new();
    // The row that was asked for, and the one that was first in sight then: the end of a list cannot come to the head.
    let asked = RwSignal::new(None::<(usize, usize)>);
    let current = Memo::new(move |_| {
        let first = row.get();
        let row = asked.get().filter(|(_, then)| *then == first).map_or(first, |(asked, _)| asked);
        letters.with(|all| letter_at(all, row)).unwrap_or_default()
    });
    let at = move |place: usize| letters.with_untracked(|all| all.get(place).copied());
    let go = move |letter: Letter| {
        on_jump.run(letter.first);
        asked.set(Some((letter.first, row.get_untracked())));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (key, now) = (event.key(), current.get_untracked());
        let to = letters.with_untracked(|all| led_to(&key, all, now));
        let enters = key == "Enter";
        let Some(letter) = to.or(enters.then_some(now)).and_then(at) else { return };
        // A letter is no shortcut here, and an arrow does not scroll.
        event.prevent_default();
        go(letter);
        if enters {
            on_enter.run(letter.first);
        }
    };
    let pulling = RwSignal::new(None::<i32>);
    let pointed = move |event: &ev::PointerEvent| {
        let place = strip.get_untracked()?.get_bounding_client_rect();
        let part = (f64::from(event.client_y()) - place.top()) / place.height().max(1.0);
        letters.with_untracked(|all| landing(all, nth(part, all.len())))
    };
    let down = move |event: ev::PointerEvent| {
        if event.button() != 0 || pulling.get_untracked().is_some() {
            return;
        }
        if let Some(strip) = strip.get_untracked() {
            // Without it a pull only ends at the edge of the strip.
            let _ = strip.set_pointer_capture(event.pointer_id());
        }
        pulling.set(Some(event.pointer_id()));
        if let Some(letter) = pointed(&event).and_then(at) {
            go(letter);
        }
    };
    let moved = move |event: ev::PointerEvent| {
        if pulling.get_untracked() == Some(event.pointer_id())
            && let Some(letter) = pointed(&event).filter(|to| *to != current.get_untracked()).and_then(at)
        {
            go(letter);
        }
    };
    let up = move |event: ev::PointerEvent| {
        if pulling.get_untracked() == Some(event.pointer_id()) {
            pulling.set(None);
        }
    };
    let sign = move || letters.with(|all| all.get(current.get()).map(|letter| letter.sign.to_string()));
    let bubble = move || {
        let middle = move || 100.0 * (count(current.get()) + 0.5) / count(letters.with(Vec::len));
        pulling.get().map(move |_| view! { <b style:top=move || format!("{}%", middle())>{sign}</b> })
    };
    let letter = move |(place, letter): (usize, Letter)| {
        let now = move || (current.get() == place).then_some("");
        view! { <span data-empty=letter.is_empty.then_some("") data-now=now>{letter.sign.to_string()}</span> }
    };
    view! {
        <div
            class="letters" role="slider" tabindex="0" node_ref=strip
            aria-label=label
            aria-orientation="vertical"
            aria-valuemin="1"
            aria-valuemax=move || letters.with(Vec::len)
            aria-valuenow=move || current.get() + 1
            aria-valuetext=sign
            on:keydown=on_key
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
        >
            {move || letters.get().into_iter().enumerate().map(letter).collect_view()}
            {bubble}
        </div>
    }
}

/// Where a key leads from a letter: to one that is not empty.
fn led_to(key: &str, letters: &[Letter], now: usize) -> Option<usize> {
    let typed = |letter: &Letter| key.eq_ignore_ascii_case(letter.sign.encode_utf8(&mut [0; 4]));
    match key {
        "ArrowDown" | "ArrowRight" => landing(letters, now + 1),
        "ArrowUp" | "ArrowLeft" => letters.iter().take(now).rposition(|letter| !letter.is_empty).or(Some(now)),
        "Home" => landing(letters, 0),
        "End" => landing(letters, letters.len()),
        _ => landing(letters, letters.iter().position(typed)?),
    }
}

/// The place in a row of so many at this part of its length.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not below 0, and there are few letters")]
fn nth(part: f64, many: usize) -> usize {
    (part.max(0.0) * count(many)) as usize
}

#[expect(clippy::cast_precision_loss, reason = "there are few letters")]
fn count(many: usize) -> f64 {
    many as f64
}

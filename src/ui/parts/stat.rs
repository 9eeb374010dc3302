//! A figure and what it counts.

use super::tone::Tone;
use leptos::prelude::*;

/// Figures side by side; it holds [`Stat`]s.
#[component]
pub fn Stats(
    /// The figures.
    children: Children,
) -> impl IntoView {
    view! { <div class="stats">{children()}</div> }
}

/// A number, what it counts, and the way to the records behind it.
#[component]
pub fn Stat(
    /// The number, already written out.
    #[prop(into)]
    value: Signal<String>,
    /// What it counts.
    #[prop(into)]
    label: Signal<String>,
    /// What it means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// The records behind it.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let inside = view! { <b>{value}</b> <span>{label}</span> };
    let tone = move || tone.get().name();
    match href {
        Some(href) => view! { <a class="stat" data-tone=tone href=href>{inside}</a> }.into_any(),
        None => view! { <p class="stat" data-tone=tone>{inside}</p> }.into_any(),
    }
}

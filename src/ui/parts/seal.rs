//! The seal.

use leptos::prelude::*;

/// The print of a seal: the grade of a customer (C11) or the shop's own sign.
#[component]
pub fn Seal(
    /// One or two characters, such as 甲 or A.
    #[prop(into)]
    sign: Signal<String>,
    /// What it means, for the ear and as a tip.
    #[prop(into)]
    label: Signal<String>,
    /// Pressed with less ink: lower grades.
    #[prop(optional)]
    pale: bool,
) -> impl IntoView {
    // Two characters stand one above the other, as on a seal.
    let two = move || sign.with(|sign| sign.chars().count() > 1);
    view! {
        <span class="seal" class:pale=pale class:two=two role="img" aria-label=label title=label>
            {sign}
        </span>
    }
}

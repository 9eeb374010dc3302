//! Yes or no.

use leptos::prelude::*;

/// A tick box with its sentence; the whole line is what a finger hits.
#[component]
pub fn Tick(
    /// The sentence.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Hears the new state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// A second, softer line.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// It is a switch that works at once, not a part of a form.
    #[prop(optional)]
    switch: bool,
    /// It cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="tick">
            <input
                type="checkbox"
                role=switch.then_some("switch")
                prop:checked=checked
                disabled=move || disabled.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>
                {label}
                {move || hint.get().map(|words| view! { <small>{words}</small> })}
            </span>
        </label>
    }
}

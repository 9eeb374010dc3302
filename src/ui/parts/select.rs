//! One of many, closed until opened.

use super::choice::Choice;
use super::field::{Field, FieldLinks};
use leptos::prelude::*;

/// The system's own select: best for more than about six entries; fewer are [`Chips`](super::Chips).
#[component]
pub fn Select(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The value chosen, or an empty text.
    #[prop(into)]
    value: Signal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// Hears the value chosen.
    #[prop(into)]
    on_choose: Callback<String>,
    /// The words of the empty entry; without them one of the choices must stand.
    #[prop(optional, into)]
    empty: Option<Signal<String>>,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let entry = move |choice: Choice| {
        let own = choice.value.clone();
        let selected = move || value.with(|now| *now == own);
        view! { <option value=choice.value prop:selected=selected>{choice.label}</option> }
    };
    let control = Box::new(move |links: FieldLinks| {
        view! {
            <span class="line choose">
                <select
                    id=links.id
                    required=links.required
                    aria-describedby=links.described_by
                    aria-invalid=links.invalid
                    on:change=move |event| on_choose.run(event_target_value(&event))
                >
                    {empty.map(|words| entry_empty(words, value))}
                    <For each=move || choices.get() key=|choice| choice.clone() children=entry />
                </select>
                {crate::ui::icon::Icon::Down.svg()}
            </span>
        }
        .into_any()
    });
    view! { <Field label hint error required control /> }
}

/// The entry that means nothing chosen.
fn entry_empty(words: Signal<String>, value: Signal<String>) -> impl IntoView {
    view! { <option value="" prop:selected=move || value.with(String::is_empty)>{words}</option> }
}

//! Few things to choose from, all in sight.

use super::choice::Choice;
use super::field::described_by;
use super::ids::fresh_id;
use leptos::prelude::*;

/// One of a few: a group of radio buttons that look like chips.
#[component]
pub fn Chips(
    /// The question above them.
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
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The question is for the ear only: filters explain themselves.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let name = fresh_id();
    let chip = move |choice: Choice| {
        let (own, chosen) = (choice.value.clone(), choice.value.clone());
        view! {
            <label class="chip">
                <input
                    type="radio"
                    name=name.clone()
                    value=choice.value
                    prop:checked=move || value.with(|now| *now == own)
                    on:change=move |_| on_choose.run(chosen.clone())
                />
                <span>{choice.label}</span>
            </label>
        }
    };
    view! {
        <ChipGroup label error quiet>
            <For each=move || choices.get() key=|choice| choice.clone() children=chip.clone() />
        </ChipGroup>
    }
}

/// Several of a few: a group of tick boxes that look like chips. Also the filters of a list.
#[component]
pub fn ManyChips(
    /// The question above them.
    #[prop(into)]
    label: Signal<String>,
    /// The values chosen.
    #[prop(into)]
    values: Signal<Vec<String>>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// Hears all values chosen, in the order of the choices.
    #[prop(into)]
    on_change: Callback<Vec<String>>,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The question is for the ear only: filters explain themselves.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let toggle = move |own: &str| {
        let holds = |value: &String| values.with_untracked(|now| now.contains(value));
        let all = choices.get_untracked().into_iter().map(|choice| choice.value);
        on_change.run(all.filter(|value| holds(value) != (value == own)).collect());
    };
    let chip = move |choice: Choice| {
        let (own, toggled) = (choice.value.clone(), choice.value);
        view! {
            <label class="chip">
                <input
                    type="checkbox"
                    prop:checked=move || values.with(|now| now.contains(&own))
                    on:change=move |_| toggle(&toggled)
                />
                <span>{choice.label}</span>
            </label>
        }
    };
    view! {
        <ChipGroup label hint error quiet>
            <For each=move || choices.get() key=|choice| choice.clone() children=chip />
        </ChipGroup>
    }
}

/// The frame of a group: the question, the chips, help, the error.
#[component]
fn ChipGroup(
    label: Signal<String>,
    #[prop(optional)] hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
    quiet: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let (hint_id, error_id) = (fresh_id(), fresh_id());
    let described_by = described_by(&hint_id, hint, &error_id, error);
    view! {
        <fieldset class="field" aria-describedby=described_by>
            <legend class:hide=quiet>{label}</legend>
            <div class="chips" class:scroll=quiet>
                {children()}
            </div>
            {move || hint.get().map(|words| view! { <p class="hint" id=hint_id.clone()>{words}</p> })}
            {move || {
                error.get().map(|words| view! { <p class="error" id=error_id.clone()>{words}</p> })
            }}
        </fieldset>
    }
}

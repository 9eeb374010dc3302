//! Steps in their order.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// One step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Step {
    /// The stable value, handed to the callback.
    pub value: String,
    /// Its letter or number: C, L, E, A, R.
    pub sign: String,
    /// Its name.
    pub label: String,
    /// Done: a tick takes the place of the letter.
    pub done: bool,
}

/// The steps of a way, such as CLEAR (P4): which are done, which is open; each can be opened.
#[component]
pub fn Stepper(
    /// The name of the way for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The steps.
    #[prop(into)]
    steps: Signal<Vec<Step>>,
    /// The value of the open one.
    #[prop(into)]
    current: Signal<String>,
    /// Hears which one to open.
    #[prop(into)]
    on_choose: Callback<String>,
    /// The word for a finished step, for the ear.
    #[prop(into)]
    done_label: Signal<String>,
) -> impl IntoView {
    let step = move |step: Step| {
        let (own, chosen) = (step.value.clone(), step.value.clone());
        let open = move || current.with(|now| *now == own);
        view! {
            <li data-done=step.done.then_some("")>
                <button
                    type="button"
                    aria-current=move || open().then_some("step")
                    on:click=move |_| on_choose.run(chosen.clone())
                >
                    <span class="step-sign" aria-hidden="true">
                        {if step.done { Icon::Check.svg().into_any() } else { step.sign.into_any() }}
                    </span>
                    <span class="step-name">{step.label}</span>
                    {step.done.then(|| view! { <span class="hide">{done_label}</span> })}
                </button>
            </li>
        }
    };
    view! {
        <ol class="stepper" role="list" aria-label=label>
            <For each=move || steps.get() key=|step| step.clone() children=step />
        </ol>
    }
}

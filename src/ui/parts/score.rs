//! Answers to an item of a check (S2).

use super::ids::fresh_id;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// A score from 0 to 4, and the sentence that the chosen value means.
#[component]
pub fn ScoreDots(
    /// The item.
    #[prop(into)]
    label: Signal<String>,
    /// The score, if one was given.
    #[prop(into)]
    value: Signal<Option<u8>>,
    /// Hears the score.
    #[prop(into)]
    on_change: Callback<u8>,
    /// What each value means, from 0 to 4; may be empty.
    #[prop(optional, into)]
    sentences: Signal<Vec<String>>,
) -> impl IntoView {
    let name = fresh_id();
    let dot = move |score: u8| {
        view! {
            <label class="dot">
                <input
                    type="radio"
                    name=name.clone()
                    value=score
                    prop:checked=move || value.get() == Some(score)
                    on:change=move |_| on_change.run(score)
                />
                <span>{score}</span>
            </label>
        }
    };
    let sentence = move || {
        let score = usize::from(value.get()?);
        sentences.with(|all| all.get(score).cloned())
    };
    view! {
        <fieldset class="answer">
            <legend>{label}</legend>
            <div class="dots">{(0..=4).map(dot).collect_view()}</div>
            <p class="small" aria-live="polite">{sentence}</p>
        </fieldset>
    }
}

/// The answer to an item that passes or fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// As the standard asks.
    Pass,
    /// Not as the standard asks.
    Fail,
    /// The item does not apply here, and does not count.
    NotApplicable,
}

/// Pass, fail, not applicable: three big keys for a thumb.
#[component]
pub fn PassFail(
    /// The item.
    #[prop(into)]
    label: Signal<String>,
    /// The answer, if one was given.
    #[prop(into)]
    value: Signal<Option<Verdict>>,
    /// Hears the answer.
    #[prop(into)]
    on_change: Callback<Verdict>,
    /// The word for pass.
    #[prop(into)]
    pass_label: Signal<String>,
    /// The word for fail.
    #[prop(into)]
    fail_label: Signal<String>,
    /// The words for not applicable; left out, there is no such answer.
    #[prop(optional, into)]
    na_label: Option<Signal<String>>,
) -> impl IntoView {
    let name = fresh_id();
    let key = move |verdict: Verdict, icon: Icon, tone: &'static str, words: Signal<String>| {
        view! {
            <label class="verdict" data-tone=tone>
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || value.get() == Some(verdict)
                    on:change=move |_| on_change.run(verdict)
                />
                <span>{icon.svg()} {words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="answer">
            <legend>{label}</legend>
            <div class="verdicts">
                {key(Verdict::Pass, Icon::Check, "good", pass_label)}
                {key(Verdict::Fail, Icon::Cross, "due", fail_label)}
                {na_label.map(|words| key(Verdict::NotApplicable, Icon::Minus, "plain", words))}
            </div>
        </fieldset>
    }
}

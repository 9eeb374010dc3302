//! The head of a card.

use leptos::prelude::*;

/// The fixed head of a record (C1): name, one line below, marks, and the ways to act on it.
#[component]
pub fn CardHead(
    /// The name; it is the heading that a change of route moves the focus to.
    #[prop(into)]
    title: Signal<String>,
    /// Employer, position, number.
    #[prop(optional, into)]
    second: Signal<Option<String>>,
    /// A seal or a sign before the name.
    #[prop(optional, into)]
    lead: Option<ViewFn>,
    /// Badges below the name.
    #[prop(optional, into)]
    marks: Option<ViewFn>,
    /// Buttons: call, message, edit.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
) -> impl IntoView {
    view! {
        <header class="card-head">
            {lead.map(|lead| lead.run())}
            <div class="card-names">
                <h1 tabindex="-1">{title}</h1>
                {move || second.get().map(|words| view! { <p class="small">{words}</p> })}
            </div>
            {marks.map(|marks| view! { <div class="card-marks">{marks.run()}</div> })}
            {actions.map(|actions| view! { <div class="card-actions">{actions.run()}</div> })}
        </header>
    }
}

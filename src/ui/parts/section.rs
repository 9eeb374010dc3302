//! A headed part of a page.

use super::ids::fresh_id;
use leptos::prelude::*;

/// A heading on a thin rule, with what belongs to it below.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    heading: Signal<String>,
    /// A softer remark at the end of the heading's line, such as a count or "confirmed 3 May".
    #[prop(optional, into)]
    remark: Signal<Option<String>>,
    /// An action at the end of the heading's line.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// What belongs to it.
    children: Children,
) -> impl IntoView {
    let id = fresh_id();
    let labelled_by = id.clone();
    view! {
        <section class="section" aria-labelledby=labelled_by>
            <div class="section-head">
                <h2 id=id>{heading}</h2>
                {move || remark.get().map(|words| view! { <span class="small">{words}</span> })}
                {action.map(|action| view! { <span class="section-action">{action.run()}</span> })}
            </div>
            {children()}
        </section>
    }
}

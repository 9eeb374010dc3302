//! An empty place that teaches.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// Says what goes here and how to begin: a title, a sentence, one button.
#[component]
pub fn EmptyState(
    /// A picture of what goes here.
    icon: Icon,
    /// What is missing.
    #[prop(into)]
    title: Signal<String>,
    /// What goes here and what it is good for.
    #[prop(into)]
    text: Signal<String>,
    /// The one button.
    #[prop(optional, into)]
    action: Option<ViewFn>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon.svg()}
            <h2>{title}</h2>
            <p>{text}</p>
            {action.map(|action| action.run())}
        </div>
    }
}

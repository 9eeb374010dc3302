//! The top of a page.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// The bar at the top: way back, heading, actions. The heading is `h1[tabindex="-1"]`, so that a
/// change of route can move the focus to it.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The way back, for a page below another.
    #[prop(optional, into)]
    back: Option<String>,
    /// The words of the way back, for the ear.
    #[prop(optional, into)]
    back_label: Signal<String>,
    /// The heading is said by a [`CardHead`](super::CardHead) below: the bar has only its buttons.
    #[prop(optional)]
    bare: bool,
    /// Buttons at the end.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            {back.map(|href| view! {
                <a class="icon-btn back" href=href aria-label=back_label title=back_label>
                    {Icon::Back.svg()}
                </a>
            })}
            {if bare {
                view! { <span class="page-title">{title}</span> }.into_any()
            } else {
                view! { <h1 class="page-title" tabindex="-1">{title}</h1> }.into_any()
            }}
            {actions.map(|actions| view! { <div class="page-actions">{actions.run()}</div> })}
        </header>
    }
}

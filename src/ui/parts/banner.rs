//! A notice at the head of a place.

use super::tone::Tone;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// A notice that stays while its matter lasts: what is so, and what to do. Trouble
/// ([`Tone::Due`]) is read out at once.
#[component]
pub fn Banner(
    /// What is so.
    #[prop(into)]
    title: Signal<String>,
    /// What it means and what to do.
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Another picture.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Buttons.
    #[prop(optional, into)]
    action: Option<ViewFn>,
) -> impl IntoView {
    let role = if tone == Tone::Due { "alert" } else { "status" };
    view! {
        <div class="banner" data-tone=tone.name() role=role>
            {icon.unwrap_or(tone.icon()).svg()}
            <div>
                <strong>{title}</strong>
                {move || text.get().map(|words| view! { <p>{words}</p> })}
                {action.map(|action| view! { <div class="banner-actions">{action.run()}</div> })}
            </div>
        </div>
    }
}

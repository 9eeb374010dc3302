//! Short marks in words.

use super::tone::Tone;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// A state or a tag in one or two words. Its icon follows from its tone, unless given; a plain one
/// has none.
#[component]
pub fn Badge(
    /// The words.
    #[prop(into)]
    label: Signal<String>,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Another picture.
    #[prop(optional, into)]
    icon: Option<Icon>,
) -> impl IntoView {
    let icon = icon.or((tone != Tone::Plain).then(|| tone.icon()));
    view! {
        <span class="badge" data-tone=tone.name()>
            {icon.map(Icon::svg)}
            {label}
        </span>
    }
}

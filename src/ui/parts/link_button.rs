//! A link that looks like a button.

use super::button::ButtonKind;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// A link to another place, dressed as a button. It also calls (`tel:`), writes (`sms:`) and
/// opens maps (`geo:`).
#[component]
pub fn LinkButton(
    /// The words on it.
    #[prop(into)]
    label: Signal<String>,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// A picture before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// The key that presses it.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// It takes the whole width.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    view! {
        <a class="btn" class:wide=wide data-kind=kind.name() href=href aria-keyshortcuts=shortcut>
            {icon.map(Icon::svg)}
            <span>{label}</span>
        </a>
    }
}

//! The round button.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// The quick entry of a place: round, in reach of the thumb; at the desk the key `n` presses it. It stands last in its
/// pane.
#[component]
pub fn Fab(
    /// What it enters; seen on wide screens, heard everywhere.
    #[prop(into)]
    label: Signal<String>,
    /// Where the entry is made.
    #[prop(into)]
    href: Signal<String>,
    /// Its picture.
    #[prop(default = Icon::Plus)]
    icon: Icon,
) -> impl IntoView {
    view! { <a class="fab" href=href title=label aria-keyshortcuts="n">{icon.svg()}<span class="fab-name hide">{label}</span></a> }
}

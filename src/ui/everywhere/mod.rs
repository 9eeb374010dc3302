//! What is at hand in every place: keys, the palette, the help on both, the number on the app's icon.
#![allow(unreachable_pub, reason = "the component macro makes the properties of every component public")]

mod help;
mod keys;
mod palette;

use leptos::prelude::*;

use crate::web::badge;

/// What is open over the places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Open {
    Help,
    Palette,
}

/// Stands once, in the shell.
#[component]
pub fn Everywhere(
    /// How many things are due, for the icon of the app.
    due: Memo<usize>,
) -> impl IntoView {
    let open = RwSignal::new(None::<Open>);
    keys::follow(open);
    Effect::new(move || badge::show(due.get()));
    view! {
        <help::Help open />
        <palette::Palette open />
    }
}

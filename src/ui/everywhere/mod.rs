//! What is at hand in every place: keys, the palette, the help on both, the number on the app's icon.
#![allow(unreachable_pub, reason = "the component macro makes the properties of every component public")]

mod help;
mod keys;
mod palette;

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::later::{Part, later};
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
    provide_context(open);
    keys::follow(open);
    Effect::new(move || badge::show(due.get()));
    // They are there from the first key on: each keeps its place for the way it closes.
    let wanted = Memo::new(move |before| before.is_some_and(|wanted| *wanted) || open.get().is_some());
    move || wanted.get().then(|| later(App::here(), Part::Windows))
}

/// Palette and help, once one of them was wanted.
#[component]
pub fn Windows() -> impl IntoView {
    let open = expect_context::<RwSignal<Option<Open>>>();
    view! {
        <help::Help open />
        <palette::Palette open />
    }
}

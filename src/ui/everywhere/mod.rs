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

/// Which of them is open.
#[derive(Clone, Copy, Debug)]
struct Opened(RwSignal<Option<Open>>);

/// Stands once, in the shell.
#[component]
pub fn Everywhere(
    /// How many things are due, for the icon of the app.
    due: Memo<usize>,
) -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(None::<Open>);
    keys::follow(app, open);
    Effect::new(move || badge::show(due.get()));
    provide_context(Opened(open));
    // They are there from the first use on: a dialog keeps its place for the way it closes.
    let wanted = Memo::new(move |before| before.is_some_and(|wanted| *wanted) || open.get().is_some());
    move || wanted.get().then(|| later(app, Part::Overlays))
}

/// What opens over the places; its code arrives when it is first wanted.
#[component]
pub fn Overlays() -> impl IntoView {
    let Opened(open) = expect_context();
    view! {
        <help::Help open />
        <palette::Palette open />
    }
}

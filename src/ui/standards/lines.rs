//! The rows of the lists of this area: one shape for checks, actions, standards and receptions.

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::{Badge, List, ListRow, Tone};

/// A row.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Line {
    /// The main words.
    pub title: String,
    /// The softer second line.
    pub second: String,
    /// Where it leads.
    pub href: String,
    /// What trails.
    pub badge: Option<(String, Tone)>,
}

/// A list of rows; nothing while there are none.
#[component]
pub fn Lines(
    /// Its name for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The rows.
    #[prop(into)]
    lines: Signal<Vec<Line>>,
) -> impl IntoView {
    let app = App::here();
    let row = move |line: Line| {
        let own: Vec<String> = line.href.trim_start_matches("#/").split('/').map(str::to_owned).collect();
        let current = Signal::derive(move || app.route.with(|route| route.path == own));
        let badge = line.badge;
        let trail = ViewFn::from(move || {
            badge.clone().map(|(label, tone)| view! { <Badge label=Signal::stored(label) tone /> })
        });
        view! { <ListRow title=line.title second=line.second href=line.href current trail /> }
    };
    view! {
        <Show when=move || !lines.with(Vec::is_empty)>
            <List label><For each=move || lines.get() key=|line| line.clone() children=row /></List>
        </Show>
    }
}

//! The five places.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// One place of the app.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The stable value.
    pub value: String,
    /// Its name.
    pub label: String,
    /// Where it is.
    pub href: String,
    /// Its picture.
    pub icon: Icon,
}

/// The bar of a phone and the rail of a wide screen: one element, placed by the style sheet.
#[component]
pub fn Nav(
    /// The name of the bar for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The places.
    #[prop(into)]
    places: Signal<Vec<Place>>,
    /// The value of the place one is in.
    #[prop(into)]
    current: Signal<String>,
    /// The sign of the shop or of the app, printed as a seal over the rail.
    #[prop(optional, into)]
    brand: Option<String>,
    /// What a number on a place counts, for the ear: value of the place, number, words.
    #[prop(optional, into)]
    counts: Signal<Vec<(String, u32, String)>>,
) -> impl IntoView {
    let link = move |place: Place| {
        let (own, counted) = (place.value.clone(), place.value.clone());
        let count = move || {
            let found = counts
                .get()
                .into_iter()
                .find(|(value, number, _)| *value == counted && *number > 0);
            found.map(|(_, number, words)| {
                view! {
                    <b class="count">{number}<span class="hide">{words}</span></b>
                }
            })
        };
        view! {
            <a
                href=place.href
                aria-current=move || current.with(|now| *now == own).then_some("page")
            >
                <span class="nav-icon">{place.icon.svg()} {count}</span>
                <span class="nav-name">{place.label}</span>
            </a>
        }
    };
    view! {
        <nav class="nav" aria-label=label>
            {brand.map(|sign| view! { <span class="seal brand" aria-hidden="true">{sign}</span> })}
            <For each=move || places.get() key=|place| place.clone() children=link />
        </nav>
    }
}

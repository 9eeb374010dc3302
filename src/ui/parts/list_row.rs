//! A row of a list.

use super::highlight::Highlight;
use crate::ui::icon::Icon;
use leptos::prelude::*;
use std::ops::Range;

/// A list of rows with a name for the ear. It holds [`ListRow`]s.
#[component]
pub fn List(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! { <ul class="list" role="list" aria-label=label>{children()}</ul> }
}

/// What stands before the words of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Lead {
    /// The surname or another sign of one or two characters.
    Sign(String),
    /// A picture.
    Icon(Icon),
}

/// One row: a lead, a title with the found places marked, a second line, and what trails. With
/// `href` the whole row is the link.
#[component]
pub fn ListRow(
    /// The main words.
    #[prop(into)]
    title: String,
    /// The found characters of the title.
    #[prop(optional)]
    found: Vec<Range<usize>>,
    /// The softer second line.
    #[prop(optional, into)]
    second: Option<String>,
    /// The found characters of the second line.
    #[prop(optional)]
    second_found: Vec<Range<usize>>,
    /// What stands before the words.
    #[prop(optional, into)]
    lead: Option<Lead>,
    /// Where the row leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// It is the one open beside the list.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// What trails: badges, a time, buttons (buttons only without `href`).
    #[prop(optional, into)]
    trail: Option<ViewFn>,
) -> impl IntoView {
    let inside = view! {
        {lead.map(|lead| match lead {
            Lead::Sign(sign) => view! { <span class="sign" aria-hidden="true">{sign}</span> }.into_any(),
            Lead::Icon(icon) => view! { <span class="sign bare">{icon.svg()}</span> }.into_any(),
        })}
        <span class="row-words">
            <span class="row-title"><Highlight text=title found=found /></span>
            {second.map(|words| view! {
                <span class="row-second"><Highlight text=words found=second_found /></span>
            })}
        </span>
        {trail.map(|trail| view! { <span class="row-trail">{trail.run()}</span> })}
    };
    match href {
        Some(href) => view! {
            <li><a class="row" href=href aria-current=move || current.get().then_some("true")>{inside}</a></li>
        }
        .into_any(),
        None => view! { <li class="row">{inside}</li> }.into_any(),
    }
}

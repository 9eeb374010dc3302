//! Names and their values.

use leptos::prelude::*;

/// A list of names and values; it holds [`KeyValue`]s.
#[component]
pub fn KeyValues(
    /// The pairs.
    children: Children,
) -> impl IntoView {
    view! { <dl class="pairs">{children()}</dl> }
}

/// A name and its value.
#[component]
pub fn KeyValue(
    /// The name.
    #[prop(into)]
    label: Signal<String>,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="pair">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

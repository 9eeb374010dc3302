//! The shape of what is coming.

use leptos::prelude::*;

/// Grey rows of the very size of the rows that come, so that nothing jumps.
#[component]
pub fn Skeleton(
    /// How many rows.
    #[prop(default = 6)]
    rows: usize,
    /// What is being fetched, for the ear.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="hide">{label}</span>
            {(0..rows).map(|_| view! { <div class="row"><i class={"sign"}></i><i></i></div> }).collect_view()}
        </div>
    }
}

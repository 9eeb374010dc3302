//! List and card.

use leptos::prelude::*;

/// The list and the open card: side by side on a wide screen, one at a time on a phone.
#[component]
pub fn Split(
    /// A card is open: on a phone it takes the place of the list, which keeps its position.
    #[prop(into)]
    open: Signal<bool>,
    /// The list.
    #[prop(into)]
    list: ViewFnOnce,
    /// The card, or what stands there while none is open.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="split" data-open=move || open.get().then_some("")>
            <div class="pane list-pane">{list.run()}</div>
            <div class="pane card-pane">{children()}</div>
        </div>
    }
}

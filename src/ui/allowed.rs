//! What is offered only to those who may do it.

use leptos::prelude::*;

use super::app::App;
use crate::domain::record::KindId;

/// Shows what writes records of a kind, unless the role of this device keeps it from that.
#[component]
pub fn Allowed(
    /// The kind that is written.
    kind: KindId,
    children: ChildrenFn,
) -> impl IntoView {
    let app = App::here();
    view! { <Show when=move || app.may_write(kind)>{children()}</Show> }
}

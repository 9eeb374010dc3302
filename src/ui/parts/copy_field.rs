//! A value to take along.

use super::ids::fresh_id;
use crate::ui::icon::Icon;
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// A value that can be selected or copied with one press, such as an invitation link.
#[component]
pub fn CopyField(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
    /// The words of the button.
    #[prop(into)]
    copy_label: Signal<String>,
    /// What the button says once it is copied.
    #[prop(into)]
    copied_label: Signal<String>,
) -> impl IntoView {
    let id = fresh_id();
    let input = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        // Selected first: where the clipboard is refused, the person's own copy still works.
        if let Some(element) = input.get_untracked() {
            element.select();
        }
        let writing = window().navigator().clipboard().write_text(&value.get_untracked());
        spawn_local(async move {
            copied.try_set(JsFuture::from(writing).await.is_ok());
        });
    };
    let words = move || {
        if copied.get() { copied_label.get() } else { copy_label.get() }
    };
    let icon = move || {
        if copied.get() { Icon::Check.svg() } else { Icon::Copy.svg() }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="copy">
                <input id=id node_ref=input readonly prop:value=value />
                <button type="button" class="btn" data-kind="quiet" on:click=copy>
                    {icon}
                    <span aria-live="polite">{words}</span>
                </button>
            </div>
        </div>
    }
}

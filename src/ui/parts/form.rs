//! A form and its last line.

use super::keys::is_composing;
use leptos::prelude::*;

/// A form: Enter and `Ctrl+Enter` submit it, but never while a word is being composed. Its actions
/// stay in reach at the lower edge, unless it is `inline`.
#[component]
pub fn Form(
    /// Hears the submission.
    #[prop(into)]
    on_submit: Callback<()>,
    /// Its name for the ear, if no heading says it.
    #[prop(optional, into)]
    label: Option<String>,
    /// Its actions stand still at its end: a form among other things on a page.
    #[prop(optional)]
    inline: bool,
    /// The buttons of the last line, the main one last.
    #[prop(into)]
    actions: ViewFnOnce,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let enter = event.key() == "Enter";
        if enter && is_composing(&event) {
            event.prevent_default();
        } else if enter && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            on_submit.run(());
        }
    };
    view! {
        <form
            class="form"
            class:inline=inline
            novalidate
            aria-label=label
            on:keydown=on_key
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
        >
            {children()}
            <div class="form-actions">{actions.run()}</div>
        </form>
    }
}

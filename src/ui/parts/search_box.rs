//! The box over a list.

use super::keys::is_composing;
use crate::ui::icon::Icon;
use leptos::{html, prelude::*};

/// Searches while one types; Enter (but not during composition) goes to the first match, Escape
/// and the cross clear it; the key `/` moves the focus into it.
#[component]
pub fn SearchBox(
    /// Its name for the ear, and the words in it while it is empty.
    #[prop(into)]
    label: Signal<String>,
    /// The text now.
    #[prop(into)]
    value: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// Hears Enter.
    #[prop(optional, into)]
    on_submit: Option<Callback<()>>,
    /// The name of the cross.
    #[prop(into)]
    clear_label: Signal<String>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let clear = move || {
        on_input.run(String::new());
        if let Some(element) = input.get_untracked() {
            // Without focus the next key would be lost; failing to focus changes nothing else.
            let _ = element.focus();
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        _ if is_composing(&event) => {}
        "Enter" => {
            event.prevent_default();
            if let Some(submit) = on_submit {
                submit.run(());
            }
        }
        "Escape" => clear(),
        _ => {}
    };
    view! {
        <div class="search" role="search">
            {Icon::Search.svg()}
            <input
                node_ref=input
                type="search"
                enterkeyhint="search"
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                aria-keyshortcuts="/"
                placeholder=label
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
                on:keydown=on_key
            />
            <Show when=move || !value.with(String::is_empty)>
                <button
                    type="button"
                    class="icon-btn"
                    aria-label=clear_label
                    on:click=move |_| clear()
                >
                    {Icon::Cross.svg()}
                </button>
            </Show>
        </div>
    }
}

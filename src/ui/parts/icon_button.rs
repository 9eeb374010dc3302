//! A button that shows only a picture.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// A square button with a picture; its words are its accessible name and its tip.
#[component]
pub fn IconButton(
    /// What it does, for those who hear it and those who hover.
    #[prop(into)]
    label: Signal<String>,
    /// The picture.
    icon: Icon,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
    /// For a button that stays down: whether it is.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// It cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-btn"
            title=label
            aria-label=label
            aria-pressed=move || pressed.map(|down| down.get().to_string())
            disabled=move || disabled.get()
            on:click=move |_| on_press.run(())
        >
            {icon.svg()}
        </button>
    }
}

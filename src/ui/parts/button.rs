//! Buttons.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of a place: filled with the seal's colour.
    Primary,
    /// Every other action: a thin rule around it.
    #[default]
    Quiet,
    /// An action beside text, with no rule around it.
    Plain,
    /// It takes something away: worded, and in the seal's colour without filling.
    Danger,
}

impl ButtonKind {
    /// The name that the style sheet knows.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Quiet => "quiet",
            Self::Plain => "plain",
            Self::Danger => "danger",
        }
    }
}

/// A button with words. While `busy` it keeps the focus and ignores presses.
#[component]
pub fn Button(
    /// The words on it.
    #[prop(into)]
    label: Signal<String>,
    /// What a press does; left out for the submit button of a form.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// A picture before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Its work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// It submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// It takes the whole width.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class="btn"
            class:wide=wide
            data-kind=kind.name()
            disabled=move || disabled.get()
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(press) = on_press {
                    press.run(());
                }
            }
        >
            {icon.map(Icon::svg)}
            <span>{label}</span>
        </button>
    }
}

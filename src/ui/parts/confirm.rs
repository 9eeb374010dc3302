//! A question before something is done.

use super::button::{Button, ButtonKind};
use super::dialog::Dialog;
use leptos::prelude::*;

/// Asks once. Only for what undo cannot bring back; everything else is done at once with an undo.
#[component]
pub fn ConfirmDialog(
    /// Whether it is shown.
    #[prop(into)]
    open: Signal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    text: Signal<String>,
    /// The words of the yes: the action itself, not "OK".
    #[prop(into)]
    confirm_label: Signal<String>,
    /// The words of the no; also the name of the cross.
    #[prop(into)]
    cancel_label: Signal<String>,
    /// Hears the yes.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// Hears the no.
    #[prop(into)]
    on_cancel: Callback<()>,
    /// The yes takes something away.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let actions = move || {
        view! {
            <Button label=cancel_label on_press=on_cancel />
            <Button label=confirm_label on_press=on_confirm kind />
        }
    };
    view! {
        <Dialog open on_close=on_cancel title close_label=cancel_label actions>
            <p>{text}</p>
        </Dialog>
    }
}

//! Windows over the page: dialog and sheet.

use super::ids::fresh_id;
use crate::ui::icon::Icon;
use leptos::{html, prelude::*};

/// Where a dialog stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DialogShape {
    /// In the middle: a question.
    #[default]
    Middle,
    /// From the lower edge of a phone, from the side of a wide screen: a piece of work.
    Sheet,
}

/// A modal window on the browser's own `<dialog>`: it holds the focus, Escape closes it, and the
/// focus goes back to where it was. Keep it in the page and turn `open`; its content lives only
/// while it is open.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    #[prop(into)]
    open: Signal<bool>,
    /// Hears the wish to close: Escape, the cross, or a press outside when `light`.
    #[prop(into)]
    on_close: Callback<()>,
    /// Its heading and name.
    #[prop(into)]
    title: Signal<String>,
    /// The name of the cross.
    #[prop(into)]
    close_label: Signal<String>,
    /// Where it stands.
    #[prop(optional)]
    shape: DialogShape,
    /// A press outside closes it; not for anything one types into.
    #[prop(optional)]
    light: bool,
    /// Buttons of the last line, the main one last.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let id = fresh_id();
    let labelled_by = id.clone();
    Effect::new(move || follow(element, open.get()));
    let inside = move || {
        view! {
            <header class="dialog-head">
                <h2 id=id.clone() tabindex="-1" autofocus>{title}</h2>
                <button type="button" class="icon-btn" aria-label=close_label on:click=move |_| on_close.run(())>
                    {Icon::Cross.svg()}
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
            {actions.clone().map(|last| view! { <footer class="dialog-actions">{last.run()}</footer> })}
        }
    };
    view! {
        <dialog
            node_ref=element
            class="dialog"
            class:sheet=shape == DialogShape::Sheet
            aria-labelledby=labelled_by
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                on_close.run(());
            }
            // Chrome closes without asking on a second Escape: the owner must hear of that too.
            on:close=move |_| if open.get_untracked() { on_close.run(()) }
            on:click=move |event| if light && is_outside(&event) { on_close.run(()) }
        >
            {move || open.get().then(|| inside.clone()())}
        </dialog>
    }
}

/// Opens or closes the element as the signal says.
fn follow(element: NodeRef<html::Dialog>, open: bool) {
    let Some(dialog) = element.get() else { return };
    if open && !dialog.open() {
        // Refused only for an element outside the page, which then has nobody to show it to.
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// A press on the backdrop is a press on the dialog itself, not on anything in it.
fn is_outside(event: &leptos::ev::MouseEvent) -> bool {
    event.target() == event.current_target()
}

//! Short messages that go away by themselves.

use super::tone::Tone;
use crate::ui::icon::Icon;
use leptos::wasm_bindgen::JsCast;
use leptos::{html, prelude::*};
use std::time::Duration;

/// How long a toast stays, and so how long an undo is offered.
pub const TOAST_STAYS: Duration = Duration::from_secs(10);

/// A message and, perhaps, one action such as undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Tells it from the others.
    pub id: u64,
    /// The message.
    pub text: String,
    /// The words of its action.
    pub action: Option<String>,
    /// What it means.
    pub tone: Tone,
}

/// Shows the toasts above everything and reads them out. Stands once, in the shell, always.
#[component]
pub fn ToastHost(
    /// The toasts, the newest last.
    #[prop(into)]
    toasts: Signal<Vec<Toast>>,
    /// Hears which one has had its time or was sent away.
    #[prop(into)]
    on_dismiss: Callback<u64>,
    /// Hears whose action was pressed.
    #[prop(into)]
    on_action: Callback<u64>,
    /// The name of the cross.
    #[prop(into)]
    close_label: Signal<String>,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<()>| {
        // Before the first one there is nothing to measure, and measuring would lay the first screen out twice.
        if toasts.with(|toasts| before.is_some() || !toasts.is_empty()) {
            request_animation_frame(move || lift(host));
        }
    });
    view! {
        <div class="toasts" role="status" aria-live="polite" node_ref=host>
            <For
                each=move || toasts.get()
                key=|toast| toast.id
                children=move |toast| view! { <ToastView toast on_dismiss on_action close_label /> }
            />
        </div>
    }
}

/// Tells the style sheet how high the toasts stand: what sticks to the lower edge moves above them, so that they never
/// lie over a button.
fn lift(host: NodeRef<html::Div>) {
    let height = host.try_get_untracked().flatten().map_or(0, |host| host.offset_height());
    let root = document().document_element().and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(root) = root {
        // Refused only for a name that is no property.
        let _ = root.style().set_property("--lift", &format!("{height}px"));
    }
}

/// One toast; its time stands still while a hand or the focus is on it.
#[component]
fn ToastView(
    toast: Toast,
    on_dismiss: Callback<u64>,
    on_action: Callback<u64>,
    close_label: Signal<String>,
) -> impl IntoView {
    let id = toast.id;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(running) = timer.try_update_value(Option::take).flatten() {
            running.clear();
        }
    };
    let start = move || {
        stop();
        let handle = set_timeout_with_handle(move || on_dismiss.run(id), TOAST_STAYS);
        timer.set_value(handle.ok());
    };
    start();
    on_cleanup(stop);
    view! {
        <div
            class="toast"
            data-tone=toast.tone.name()
            on:pointerenter=move |_| stop()
            on:pointerleave=move |_| start()
            on:focusin=move |_| stop()
            on:focusout=move |_| start()
        >
            <p>{toast.text}</p>
            {toast.action.map(|words| view! {
                <button type="button" class="btn" data-kind="plain" on:click=move |_| on_action.run(id)>
                    {words}
                </button>
            })}
            <button type="button" class="icon-btn" aria-label=close_label on:click=move |_| on_dismiss.run(id)>
                {Icon::Cross.svg()}
            </button>
        </div>
    }
}

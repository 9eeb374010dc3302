//! Several lines of text.

use super::field::{Field, FieldLinks};
use leptos::prelude::*;

/// A field that grows with what is written.
#[component]
pub fn TextArea(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The text now.
    #[prop(into)]
    value: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// Lines at first.
    #[prop(default = 3)]
    rows: u32,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
    /// It has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// One more action at the end of the label's line.
    #[prop(optional, into)]
    action: Option<ViewFn>,
) -> impl IntoView {
    let control = Box::new(move |links: FieldLinks| {
        view! {
            <textarea
                id=links.id
                rows=rows
                autofocus=autofocus
                required=links.required
                aria-describedby=links.described_by
                aria-invalid=links.invalid
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    });
    view! { <Field label hint error required action control /> }
}

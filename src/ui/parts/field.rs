//! The frame of a form field: label, control, hint, error.

use super::ids::fresh_id;
use leptos::prelude::*;

/// What ties a control to the words around it. A control sets `id`, `aria-describedby`,
/// `aria-invalid` and `required` from it.
#[derive(Debug, Clone)]
pub struct FieldLinks {
    /// The `id` of the control, which the label points to.
    pub id: String,
    /// The ids of hint and error, as far as they are there.
    pub described_by: Signal<Option<String>>,
    /// `"true"` while an error is shown.
    pub invalid: Signal<Option<&'static str>>,
    /// Whether an answer is asked for.
    pub required: bool,
}

/// Builds the control inside a [`Field`] from the links it must carry.
pub type Control = Box<dyn FnOnce(FieldLinks) -> AnyView + Send>;

/// Label above, control, hint and error below. The ready fields ([`TextField`](super::TextField)
/// and its kin) stand in it; a control of a screen's own may as well.
#[component]
pub fn Field(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// One sentence of help, always there.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do; none while nothing is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
    /// One more action at the end of the label's line, such as "also lunar".
    #[prop(optional_no_strip)]
    action: Option<ViewFn>,
    /// The control itself.
    control: Control,
) -> impl IntoView {
    let id = fresh_id();
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described_by = described_by(&hint_id, hint, &error_id, error);
    let invalid = Signal::derive(move || error.with(Option::is_some).then_some("true"));
    let links = FieldLinks { id: id.clone(), described_by, invalid, required };
    view! {
        <div class="field">
            <div class="field-head">
                <label for=id>{label}</label>
                {required.then(|| view! { <span class="due" aria-hidden="true">"＊"</span> })}
                {action.map(|action| view! { <span class="field-action">{action.run()}</span> })}
            </div>
            {control(links)}
            {move || hint.get().map(|words| view! { <p class="hint" id=hint_id.clone()>{words}</p> })}
            {move || {
                error.get().map(|words| view! { <p class="error" id=error_id.clone()>{words}</p> })
            }}
        </div>
    }
}

/// The ids of hint and error, as far as they are there: what the ear hears after the label.
pub(super) fn described_by(
    hint_id: &str,
    hint: Signal<Option<String>>,
    error_id: &str,
    error: Signal<Option<String>>,
) -> Signal<Option<String>> {
    let (hint_id, error_id) = (hint_id.to_owned(), error_id.to_owned());
    Signal::derive(move || {
        let mut ids = Vec::new();
        if hint.with(Option::is_some) {
            ids.push(hint_id.as_str());
        }
        if error.with(Option::is_some) {
            ids.push(error_id.as_str());
        }
        if ids.is_empty() { None } else { Some(ids.join(" ")) }
    })
}

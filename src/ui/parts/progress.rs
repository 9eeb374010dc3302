//! Long work under way.

use super::button::Button;
use super::ids::fresh_id;
use leptos::prelude::*;

/// What is being done, how far it is, and a way to stop it.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: Signal<String>,
    /// From 0 to 1; none while the end is not known.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// How far in words: "1,200 of 5,000 · 20 s left".
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// The words of the stop button.
    #[prop(optional, into)]
    cancel_label: String,
    /// Hears the stop; without it there is no button.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let id = fresh_id();
    view! {
        <div class="progress">
            <label for=id.clone()>{label}</label>
            <progress id=id max="1" value=move || value.get().map(|part| part.to_string())></progress>
            <span class="small" role="status">{text}</span>
            {on_cancel.map(|cancel| view! { <Button label=cancel_label on_press=cancel /> })}
        </div>
    }
}

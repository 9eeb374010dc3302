//! Two people changed the same thing.

use super::ids::fresh_id;
use leptos::prelude::*;

/// One of the values that stand beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Version {
    /// Tells it from the others, and is handed to the callback.
    pub id: String,
    /// The value in words.
    pub text: String,
    /// Who wrote it, when, on which device.
    pub origin: String,
}

/// The values of one field that were written without knowing of each other. Nothing is
/// overwritten until somebody chooses.
#[component]
pub fn Versions(
    /// The field.
    #[prop(into)]
    label: Signal<String>,
    /// The values, the shown one first.
    #[prop(into)]
    versions: Signal<Vec<Version>>,
    /// The words of the choice.
    #[prop(into)]
    keep_label: Signal<String>,
    /// Hears which value is to stay.
    #[prop(into)]
    on_keep: Callback<String>,
) -> impl IntoView {
    let row = move |version: Version| {
        let (text_id, keep_id) = (fresh_id(), fresh_id());
        // The button's name says which value it keeps.
        let name = format!("{keep_id} {text_id}");
        view! {
            <li>
                <p>
                    <span id=text_id>{version.text}</span>
                    <small>{version.origin}</small>
                </p>
                <button
                    type="button"
                    class="btn"
                    data-kind="quiet"
                    id=keep_id
                    aria-labelledby=name
                    on:click=move |_| on_keep.run(version.id.clone())
                >
                    {keep_label}
                </button>
            </li>
        }
    };
    view! {
        <div class="versions" role="group" aria-label=label>
            <strong>{label}</strong>
            <ul role="list">
                <For each=move || versions.get() key=|version| version.clone() children=row />
            </ul>
        </div>
    }
}

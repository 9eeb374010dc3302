//! What happened, newest first.

use leptos::prelude::*;

/// One thing that happened to a record (G4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TimelineEntry {
    /// Tells it from the others, and is handed to the restore callback.
    pub id: String,
    /// The time in words.
    pub when: String,
    /// Who, and on which device.
    pub who: String,
    /// What: a field's name, a dealing, a step.
    pub what: String,
    /// The value before, or nothing.
    pub before: Option<String>,
    /// The value after, or the main points.
    pub after: Option<String>,
    /// The value before can be put back.
    pub restorable: bool,
}

/// A list of what happened; an earlier value can be put back from it.
#[component]
pub fn Timeline(
    /// Its name for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The entries, newest first.
    #[prop(into)]
    entries: Signal<Vec<TimelineEntry>>,
    /// The words of the restore button.
    #[prop(optional, into)]
    restore_label: Signal<String>,
    /// Hears which entry's earlier value to put back.
    #[prop(optional, into)]
    on_restore: Option<Callback<String>>,
) -> impl IntoView {
    let row = move |entry: TimelineEntry| {
        let restore = on_restore.filter(|_| entry.restorable);
        let arrow = entry.before.is_some() && entry.after.is_some();
        view! {
            <li>
                <p class="small">{entry.when}" · "{entry.who}</p>
                <p class="event">
                    <em>{entry.what}</em>
                    {entry.before.map(|value| view! { " "<del>{value}</del> })}
                    {arrow.then_some(" → ")}
                    {entry.after.map(|value| view! { " "<ins>{value}</ins> })}
                </p>
                {restore.map(|restore| view! {
                    <button
                        type="button"
                        class="btn"
                        data-kind="plain"
                        on:click=move |_| restore.run(entry.id.clone())
                    >
                        {restore_label}
                    </button>
                })}
            </li>
        }
    };
    view! {
        <ol class="timeline" role="list" aria-label=label>
            <For each=move || entries.get() key=|entry| entry.clone() children=row />
        </ol>
    }
}

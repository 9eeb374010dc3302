//! Saved here, shared.

use crate::ui::icon::Icon;
use leptos::prelude::*;

/// How far an edit has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SyncState {
    /// Safe on this device, not yet in the bucket.
    #[default]
    SavedHere,
    /// In the bucket: the others can see it.
    Shared,
    /// No network: everything works, and is shared later.
    Offline,
    /// Something must be done; the sync sheet says what.
    Trouble,
}

impl SyncState {
    /// The picture and the name that the style sheet knows.
    const fn look(self) -> (Icon, &'static str) {
        match self {
            Self::SavedHere => (Icon::SavedHere, "plain"),
            Self::Shared => (Icon::Shared, "good"),
            Self::Offline => (Icon::Offline, "plain"),
            Self::Trouble => (Icon::Trouble, "due"),
        }
    }
}

/// The small mark in the top bar; a press opens the sync sheet.
#[component]
pub fn SyncMark(
    /// How far the last edit has come.
    #[prop(into)]
    state: Signal<SyncState>,
    /// The same in words: "3 waiting", "shared".
    #[prop(into)]
    label: Signal<String>,
    /// Opens the sync sheet.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="sync"
            data-tone=move || state.get().look().1
            on:click=move |_| on_press.run(())
        >
            {move || state.get().look().0.svg()}
            <span>{label}</span>
        </button>
    }
}

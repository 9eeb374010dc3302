//! Two to five views of one place.

use super::choice::Choice;
use super::ids::fresh_id;
use super::keys::{ACROSS, focus_nth, led_to};
use leptos::{html, prelude::*};

/// A row of tabs over one panel. Arrow keys, Home and End move and choose.
#[component]
pub fn Tabs(
    /// The name of the row for the ear.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Choice>>,
    /// The value of the open one.
    #[prop(into)]
    current: Signal<String>,
    /// Hears which one to open.
    #[prop(into)]
    on_choose: Callback<String>,
    /// The panel: what the open tab shows.
    children: Children,
) -> impl IntoView {
    let row = NodeRef::<html::Div>::new();
    let panel = fresh_id();
    let tab_id = {
        let panel = panel.clone();
        move |value: &str| format!("{panel}-{value}")
    };
    let labelled_by = {
        let tab_id = tab_id.clone();
        move || current.with(|value| tab_id(value))
    };
    let controls = panel.clone();
    let tab = move |choice: Choice| {
        let (own, chosen) = (choice.value.clone(), choice.value.clone());
        let open = Signal::derive(move || current.with(|now| *now == own));
        view! {
            <button
                type="button"
                role="tab"
                id=tab_id(&choice.value)
                aria-controls=controls.clone()
                aria-selected=move || open.get().to_string()
                tabindex=move || if open.get() { "0" } else { "-1" }
                on:click=move |_| on_choose.run(chosen.clone())
            >
                {choice.label}
            </button>
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let all = tabs.get_untracked();
        let now = all.iter().position(|choice| current.with_untracked(|now| *now == choice.value));
        if let Some(next) = led_to(&event.key(), ACROSS, now.unwrap_or(0), all.len()) {
            event.prevent_default();
            on_choose.run(all[next].value.clone());
            if let Some(row) = row.get_untracked() {
                focus_nth(&row, "button", next);
            }
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label node_ref=row on:keydown=on_key>
            <For each=move || tabs.get() key=|choice| choice.clone() children=tab />
        </div>
        <div class="panel" role="tabpanel" id=panel aria-labelledby=labelled_by tabindex="0">
            {children()}
        </div>
    }
}

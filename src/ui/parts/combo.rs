//! A search whose finds are chosen by the arrows.

use super::ids::fresh_id;
use super::keys::is_composing;
use crate::ui::icon::Icon;
use leptos::{html, prelude::*};

/// One find.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ComboItem {
    /// The stable value, handed to the callback.
    pub value: String,
    /// Its picture.
    pub icon: Icon,
    /// The main words.
    pub title: String,
    /// The softer words after them; may be empty.
    pub second: String,
}

/// A search box and below it what it finds: the arrows move the mark, Enter chooses what is marked, a press what is
/// pressed. The focus stays in the box.
#[component]
pub fn Combo(
    /// Its name for the ear, and the words in it while it is empty.
    #[prop(into)]
    label: Signal<String>,
    /// The text now.
    #[prop(into)]
    value: Signal<String>,
    /// What is found.
    #[prop(into)]
    items: Signal<Vec<ComboItem>>,
    /// The words where nothing is found.
    #[prop(into)]
    none: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// Hears the value chosen.
    #[prop(into)]
    on_choose: Callback<String>,
    /// The input, for a screen that moves the focus to it.
    #[prop(optional)]
    input: NodeRef<html::Input>,
) -> impl IntoView {
    let id = fresh_id();
    let option_id = StoredValue::new(id.clone());
    let option_id = move |at: usize| option_id.with_value(|id| format!("{id}-{at}"));
    let marked = RwSignal::new(0_usize);
    let count = Memo::new(move |_| items.with(Vec::len));
    let step = move |by: isize| {
        let most = count.get_untracked().saturating_sub(1);
        marked.update(|at| *at = at.saturating_add_signed(by).min(most));
        if let Some(option) = document().get_element_by_id(&option_id(marked.get_untracked())) {
            option.scroll_into_view_with_bool(false);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        match event.key().as_str() {
            _ if is_composing(&event) => return,
            "ArrowDown" => step(1),
            "ArrowUp" => step(-1),
            "Enter" => {
                let chosen = items.with_untracked(|all| all.get(marked.get_untracked()).map(|item| item.value.clone()));
                if let Some(value) = chosen {
                    on_choose.run(value);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(at, item): (usize, ComboItem)| {
        let ComboItem { value, icon, title, second } = item;
        view! {
            <li
                class="row"
                role="option"
                id=option_id(at)
                aria-selected=move || (marked.get() == at).to_string()
                on:pointermove=move |_| marked.set(at)
                on:click=move |_| on_choose.run(value.clone())
            >
                <span class="sign bare">{icon.svg()}</span>
                <span class="row-words">
                    <span class="row-title">{title}</span>
                    {(!second.is_empty()).then(|| view! { <span class="row-second">{second}</span> })}
                </span>
            </li>
        }
    };
    view! {
        <div class="combo">
            <div class="search">
                {Icon::Search.svg()}
                <input
                    node_ref=input type="text" role="combobox" enterkeyhint="go" autocomplete="off" spellcheck="false"
                    aria-label=label placeholder=label aria-expanded="true" aria-controls=id.clone()
                    aria-activedescendant=move || (count.get() > 0).then(|| option_id(marked.get()))
                    prop:value=value
                    on:input=move |event| {
                        marked.set(0);
                        on_input.run(event_target_value(&event));
                    }
                    on:keydown=on_key
                />
            </div>
            <ul role="listbox" id=id aria-label=label>
                {move || items.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
            <p class="small" role="status">{move || (count.get() == 0).then(|| none.get())}</p>
        </div>
    }
}

//! More actions behind one button.

use super::ids::fresh_id;
use super::keys::{DOWN, focus_nth, led_to};
use crate::ui::icon::Icon;
use leptos::wasm_bindgen::JsCast;
use leptos::{html, prelude::*};

/// One action of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MenuItem {
    /// The stable value, handed to the callback.
    pub value: String,
    /// Its words.
    pub label: String,
    /// Its picture.
    pub icon: Icon,
    /// It takes something away.
    pub danger: bool,
}

/// A button that shows a list of actions; the arrows move in it. Escape, a choice, or leaving it closes the list.
#[component]
pub fn Menu(
    /// What the button is for.
    #[prop(into)]
    label: Signal<String>,
    /// The actions.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// Hears the action chosen.
    #[prop(into)]
    on_choose: Callback<String>,
    /// The picture of the button.
    #[prop(default = Icon::More)]
    icon: Icon,
) -> impl IntoView {
    let id = fresh_id();
    let list_id = id.clone();
    let open = RwSignal::new(false);
    let (frame, button) = (NodeRef::<html::Div>::new(), NodeRef::<html::Button>::new());
    let close = move || {
        open.set(false);
        if let Some(element) = button.get_untracked() {
            // The button is the way back; without it there is nothing to go back to.
            let _ = element.focus();
        }
    };
    let on_leave = move |event: leptos::ev::FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        // A menu that goes away with the focus on it loses the focus when its signals are gone already.
        if frame.try_get_untracked().flatten().is_some_and(|frame| !frame.contains(next.as_ref())) {
            open.try_set(false);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(frame) = frame.get_untracked() else { return };
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            close();
            return;
        }
        let inside = document().active_element().and_then(|element| element.parent_element());
        let now = inside.filter(|entry| entry.tag_name() == "LI").map(|entry| place_of(&entry));
        let count = items.with_untracked(Vec::len);
        // From the button the arrows open the list, at its first or its last entry.
        let next = match (now, event.key().as_str()) {
            (Some(now), key) => led_to(key, DOWN, now, count),
            (None, "ArrowDown") => Some(0),
            (None, "ArrowUp") => count.checked_sub(1),
            _ => None,
        };
        if let Some(next) = next {
            event.prevent_default();
            open.set(true);
            request_animation_frame(move || focus_nth(&frame, "li button", next));
        }
    };
    let entry = move |item: MenuItem| {
        let value = item.value;
        let choose = move |_| {
            close();
            on_choose.run(value.clone());
        };
        view! {
            <li>
                <button type="button" data-danger=item.danger.then_some("") on:click=choose>
                    {item.icon.svg()} {item.label}
                </button>
            </li>
        }
    };
    view! {
        <div
            class="menu"
            node_ref=frame
            on:focusout=on_leave
            on:keydown=on_key
        >
            <button
                type="button" class="icon-btn" node_ref=button title=label aria-label=label
                aria-controls=id aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {icon.svg()}
            </button>
            <ul id=list_id role="list" hidden=move || !open.get()>
                {move || items.get().into_iter().map(entry).collect_view()}
            </ul>
        </div>
    }
}

/// How many entries stand before this one.
fn place_of(entry: &web_sys::Element) -> usize {
    std::iter::successors(entry.previous_element_sibling(), web_sys::Element::previous_element_sibling).count()
}

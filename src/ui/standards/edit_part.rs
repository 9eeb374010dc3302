//! A section in the editor: heading, tip, its items, and their order.

use leptos::prelude::*;

use super::edit::Editor;
use super::edit_item::Edited;
use super::words::{joined, kind};
use crate::domain::standard::document::{Document, Item, Section as Part, Text};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, Menu, MenuItem, Section, TextField};

/// A section being edited.
#[component]
pub fn PartEditor(
    /// The editor.
    editor: Editor,
    /// The section.
    key: String,
) -> impl IntoView {
    let app = App::here();
    let key = StoredValue::new(key);
    let place = Memo::new(move |_| key.with_value(|key| editor.text.with(|text| place(text, key))).unwrap_or_default());
    let words = move |of: fn(&Part) -> &Text| {
        Signal::derive(move || {
            let lang = app.lang.get();
            editor
                .text
                .with(|text| text.sections.get(place.get()).map(|part| of(part).r#in(lang).to_owned()))
                .unwrap_or_default()
        })
    };
    let write = move |of: fn(&mut Part) -> &mut Text| {
        Callback::new(move |words: String| {
            let lang = app.lang.get_untracked();
            let at = place.get_untracked();
            editor.change(|text| {
                if let Some(part) = text.sections.get_mut(at) {
                    of(part).write(lang, &words);
                }
            });
        })
    };
    let items = move || {
        editor.text.with(|text| text.sections.get(place.get()).map(|part| part.items.clone())).unwrap_or_default()
    };
    let add = Callback::new(move |()| {
        let item = Item { key: app.new_id().to_string(), ..Item::default() };
        editor.item.set(Some(Edited { part: key.get_value(), item, is_new: true }));
    });
    let order = Callback::new(move |action: String| {
        let at = place.get_untracked();
        editor.change(|text| arrange(&mut text.sections, at, &action));
    });
    let menu = move || view! { <OrderMenu label=app.t("步骤的操作", "Section actions") on_choose=order /> };
    let heading = Signal::derive(move || app.fill("第 {} 步", "Section {}", &[&(place.get() + 1).to_string()]));
    view! {
        <Section heading action=menu>
            <TextField label=app.t("标题", "Heading") value=words(|part| &part.title) on_input=write(|part| &mut part.title) />
            <TextField label=app.t("提示", "Tip") value=words(|part| &part.tip) on_input=write(|part| &mut part.tip) />
            <ul class="list" role="list" aria-label=app.t("条目", "Items")>
                <For each=items key=|item| item.clone() children=move |item| view! { <ItemRow editor part=key item /> } />
            </ul>
            <Button label=app.t("添加条目", "Add an item") icon=Icon::Plus kind=ButtonKind::Plain on_press=add />
        </Section>
    }
}

/// An item of the outline: a press opens it.
#[component]
fn ItemRow(editor: Editor, part: StoredValue<String>, item: Item) -> impl IntoView {
    let app = App::here();
    let (shown, opened) = (item.clone(), item.clone());
    let second = Signal::derive(move || {
        let mark = |on: bool, zh, en| on.then(|| app.say(zh, en).to_owned());
        joined([
            Some(kind(&shown.kind).r#in(app.lang.get()).to_owned()),
            (shown.weight.0 != 1).then(|| app.fill("权重 {}", "weight {}", &[&shown.weight.0.to_string()])),
            mark(shown.critical, "关键项", "critical"),
            mark(shown.optional, "选答", "optional"),
            mark(shown.na, "可不适用", "may not apply"),
            mark(shown.hidden, "已隐藏", "hidden"),
        ])
    });
    let open = move |_| {
        editor.item.set(Some(Edited { part: part.get_value(), item: opened.clone(), is_new: false }));
    };
    let (text, key) = (item.text, item.key);
    let order = Callback::new(move |action: String| {
        editor.change(|document| {
            let Some(place) = part.with_value(|part| place(document, part)) else { return };
            if let Some(part) = document.sections.get_mut(place) {
                let at = part.items.iter().position(|item| item.key == key).unwrap_or_default();
                arrange(&mut part.items, at, &action);
            }
        });
    });
    view! {
        <li class="outline">
            <button type="button" class="row" on:click=open>
                <span class="row-words">
                    <span class="row-title">{move || text.r#in(app.lang.get()).to_owned()}</span>
                    <span class="row-second">{second}</span>
                </span>
            </button>
            <OrderMenu label=app.t("条目的操作", "Item actions") on_choose=order />
        </li>
    }
}

/// Up, down, delete.
#[component]
fn OrderMenu(label: Signal<String>, on_choose: Callback<String>) -> impl IntoView {
    let app = App::here();
    let items = Signal::derive(move || {
        [
            ("up", app.say("上移", "Move up"), Icon::Undo, false),
            ("down", app.say("下移", "Move down"), Icon::Down, false),
            ("delete", app.say("删除", "Delete"), Icon::Delete, true),
        ]
        .map(|(value, label, icon, danger)| MenuItem { value: value.into(), label: label.into(), icon, danger })
        .to_vec()
    });
    view! { <Menu label items on_choose /> }
}

/// Moves an entry up or down, or takes it out.
fn arrange<T>(all: &mut Vec<T>, at: usize, action: &str) {
    match action {
        "up" if at > 0 && at < all.len() => all.swap(at, at - 1),
        "down" if at + 1 < all.len() => all.swap(at, at + 1),
        "delete" if at < all.len() => drop(all.remove(at)),
        _ => {}
    }
}

/// Where a section stands.
pub fn place(document: &Document, key: &str) -> Option<usize> {
    document.sections.iter().position(|part| part.key == key)
}

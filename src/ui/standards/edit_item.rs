//! An item in the editor: a sheet over the outline.

use leptos::prelude::*;

use super::edit::Editor;
use super::edit_part::place;
use super::read::has_options;
use super::words::kind;
use crate::domain::standard::document::{Item, ItemKind, Text, Weight};
use crate::ui::app::App;
use crate::ui::parts::{
    Button, ButtonKind, Chips, Choice, Dialog, DialogShape, NumberField, TextArea, TextField, Tick,
};

/// An item taken out of the text to be edited.
#[derive(Clone, PartialEq, Debug)]
pub struct Edited {
    /// Its section.
    pub part: String,
    /// As it is now.
    pub item: Item,
    /// It is not in the text yet.
    pub is_new: bool,
}

/// The sheet; open while an item is.
#[component]
pub fn ItemSheet(
    /// The editor.
    editor: Editor,
) -> impl IntoView {
    let app = App::here();
    let error = RwSignal::new(None::<String>);
    let open = Signal::derive(move || editor.item.with(Option::is_some));
    let close = Callback::new(move |()| {
        error.set(None);
        editor.item.set(None);
    });
    let apply = Callback::new(move |()| {
        let Some(edited) = editor.item.get_untracked() else { return };
        if edited.item.text.is_empty() {
            error.set(Some(app.say("请写明要做到什么。", "Please write what is to be so.").to_owned()));
            return;
        }
        editor.change(|text| {
            let Some(part) = place(text, &edited.part).and_then(|at| text.sections.get_mut(at)) else { return };
            match part.items.iter_mut().find(|item| item.key == edited.item.key) {
                Some(item) => *item = edited.item,
                None => part.items.push(edited.item),
            }
        });
        close.run(());
    });
    let title = Signal::derive(move || {
        let is_new = editor.item.with(|item| item.as_ref().is_some_and(|item| item.is_new));
        if is_new { app.say("新条目", "New item") } else { app.say("条目", "Item") }.to_owned()
    });
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=close />
            <Button label=app.t("确定", "Done") kind=ButtonKind::Primary on_press=apply />
        }
    };
    view! {
        <Dialog open on_close=close title close_label=app.t("关闭", "Close") shape=DialogShape::Sheet actions>
            <div class="sheet-form"><ItemFields editor error /></div>
        </Dialog>
    }
}

/// The words and marks of the item.
#[component]
fn ItemFields(editor: Editor, error: RwSignal<Option<String>>) -> impl IntoView {
    let app = App::here();
    let words = move |of: fn(&Item) -> &Text| {
        Signal::derive(move || {
            let lang = app.lang.get();
            editor.item.with(|item| item.as_ref().map(|item| of(&item.item).r#in(lang).to_owned())).unwrap_or_default()
        })
    };
    let write = move |of: fn(&mut Item) -> &mut Text| {
        Callback::new(move |words: String| {
            error.set(None);
            let lang = app.lang.get_untracked();
            change(editor, |item| of(item).write(lang, &words));
        })
    };
    let of = Memo::new(move |_| {
        editor.item.with(|item| item.as_ref().map(|item| item.item.kind.clone())).unwrap_or_default()
    });
    let kinds = Signal::derive(move || {
        let mut all = ItemKind::ALL.to_vec();
        // A kind of a newer version stays what it is unless another is chosen.
        if let newer @ ItemKind::Newer(_) = of.get() {
            all.push(newer);
        }
        all.iter().map(|one| Choice::new(one.key(), kind(one).r#in(app.lang.get()))).collect::<Vec<_>>()
    });
    let choose = Callback::new(move |key: String| change(editor, |item| item.kind = ItemKind::from(key)));
    let weight = Signal::derive(move || {
        editor.item.with(|item| item.as_ref().map(|item| item.item.weight.0.to_string())).unwrap_or_default()
    });
    let weigh = Callback::new(move |text: String| {
        // What is no number leaves the weight as it is.
        if let Ok(weight) = text.trim().parse::<u32>() {
            change(editor, |item| item.weight = Weight(weight.min(100)));
        }
    });
    view! {
        <TextArea
            label=app.t("要做到什么", "What is to be so") value=words(|item| &item.text)
            on_input=write(|item| &mut item.text) rows=2 error required=true
        />
        <Chips label=app.t("回答方式", "Answered by") value=Signal::derive(move || of.get().key().to_owned()) choices=kinds on_choose=choose />
        <Show when=move || has_options(&of.get())><Options editor of /></Show>
        <Show when=move || of.get().is_scored()>
            <NumberField label=app.t("权重", "Weight") value=weight on_input=weigh />
        </Show>
        <Marks editor of />
        <TextField label=app.t("提示", "Tip") value=words(|item| &item.tip) on_input=write(|item| &mut item.tip) />
    }
}

/// The sentences of a 0–4 item, or the options of a choice, one on each line.
#[component]
fn Options(editor: Editor, of: Memo<ItemKind>) -> impl IntoView {
    let app = App::here();
    let lang = app.lang.get_untracked();
    // The field shows what is typed: the options are read from it, not written back while one types.
    let typed = RwSignal::new(editor.item.with_untracked(|item| {
        let options = item.as_ref().map(|item| item.item.options.as_slice()).unwrap_or_default();
        options.iter().map(|text| text.r#in(lang)).collect::<Vec<_>>().join("\n")
    }));
    let on_input = Callback::new(move |text: String| {
        change(editor, |item| {
            let old = std::mem::take(&mut item.options);
            let mut old = old.into_iter();
            item.options = text
                .lines()
                .map(|line| {
                    let mut option = old.next().unwrap_or_default();
                    option.write(lang, line);
                    option
                })
                .collect();
        });
        typed.set(text);
    });
    let label = Signal::derive(move || {
        if of.get() == ItemKind::Score {
            app.say("从 0 到 4 各是什么样（每行一句，共五行）", "What 0 to 4 mean (one per line, five lines)")
        } else {
            app.say("选项（每行一个）", "Options (one per line)")
        }
        .to_owned()
    });
    view! { <TextArea label value=typed on_input rows=5 /> }
}

/// A mark of an item: its words, and where it lies.
type Mark = (&'static str, &'static str, fn(&mut Item) -> &mut bool);

/// The marks of an item; those that only make sense for scored items are not asked of others.
#[component]
fn Marks(editor: Editor, of: Memo<ItemKind>) -> impl IntoView {
    let app = App::here();
    let tick = move |(zh, en, mark): Mark| {
        let checked = Signal::derive(move || {
            let mut item = editor.item.get().map(|edited| edited.item).unwrap_or_default();
            *mark(&mut item)
        });
        let on_change = Callback::new(move |on: bool| change(editor, |item| *mark(item) = on));
        view! { <Tick label=app.t(zh, en) checked on_change /> }
    };
    let scored: [Mark; 4] = [
        ("关键项：不合格则整体不通过", "Critical: its failure fails the whole check", |item| {
            &mut item.critical
        }),
        ("不合格必须写说明", "A failure must be explained", |item| &mut item.ask_note),
        ("不合格必须拍照", "A failure must be shown on a photo", |item| &mut item.ask_photo),
        ("不合格必须安排整改", "A failure must have a corrective action", |item| &mut item.ask_action),
    ];
    let na: Mark = ("可以选“不适用”", "May be marked as not applicable", |item| &mut item.na);
    let all: [Mark; 2] = [
        ("可以不答", "May be left out", |item| &mut item.optional),
        ("隐藏：不显示，也不计分", "Hidden: not shown, not counted", |item| &mut item.hidden),
    ];
    let may_not_apply = move || of.get().is_scored() || of.get() == ItemKind::Choice;
    view! {
        <div>
            <Show when=move || of.get().is_scored()>{scored.map(tick).into_iter().collect_view()}</Show>
            <Show when=may_not_apply>{tick(na)}</Show>
            {all.map(tick).into_iter().collect_view()}
        </div>
    }
}

/// Changes the open item.
fn change(editor: Editor, change: impl FnOnce(&mut Item)) {
    editor.item.update(|edited| {
        if let Some(edited) = edited {
            change(&mut edited.item);
        }
    });
}

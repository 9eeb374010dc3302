//! The editor of a standard (S2): sections and items of a draft, saved and published.
//!
//! What is typed is kept beside the book until the draft is saved, so that a closed tab loses nothing; the published
//! edition is not touched before "publish".

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::clash::DraftClashes;
use super::edit_item::{Edited, ItemSheet};
use super::edit_part::PartEditor;
use crate::book::{Draft, RowId};
use crate::domain::standard::document::{Document, Fault, Section as Part, Text};
use crate::domain::standard::shelf::Standard;
use crate::domain::standard::standard;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, Dialog, Form, PageHead, TextArea, TextField, Tone};
use crate::ui::route;
use crate::web::{clock, drafts};

/// The state of the editor.
#[derive(Clone, Copy, Debug)]
pub struct Editor {
    id: RowId,
    /// The row as it was when the person began.
    seen: StoredValue<Draft>,
    kept: StoredValue<drafts::Draft>,
    name: RwSignal<String>,
    purpose: RwSignal<String>,
    /// The text being edited.
    pub text: RwSignal<Document>,
    /// The item open in the sheet.
    pub item: RwSignal<Option<Edited>>,
    /// What is wrong with the name.
    error: RwSignal<Option<String>>,
}

impl Editor {
    fn begin(app: App, id: RowId) -> Self {
        let kept = app.kept(&format!("standard/{id}"), 1);
        let found = kept.find().ok().flatten().and_then(|json| serde_json::from_str(&json).ok());
        let lang = app.lang.get_untracked();
        let (name, purpose, text): (String, String, Document) = found.unwrap_or_else(|| {
            let standard = app.peek(|book| Standard::find(book, id));
            standard
                .map(|s| (s.name.r#in(lang).to_owned(), s.purpose.r#in(lang).to_owned(), s.text()))
                .unwrap_or_default()
        });
        Self {
            id,
            seen: StoredValue::new(app.draft(standard::ID, id)),
            kept: StoredValue::new(kept),
            name: RwSignal::new(name),
            purpose: RwSignal::new(purpose),
            text: RwSignal::new(text),
            item: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    /// Changes the text and keeps it.
    pub fn change(self, change: impl FnOnce(&mut Document)) {
        self.text.update(change);
        self.keep();
    }

    fn keep(self) {
        let all = (self.name.get_untracked(), self.purpose.get_untracked(), self.text.get_untracked());
        // Without room for it the text lives as long as the page.
        let _ = serde_json::to_string(&all).map(|json| self.kept.with_value(|kept| kept.keep(&json)));
    }

    fn forget(self) {
        let _ = self.kept.try_with_value(drafts::Draft::forget);
    }

    /// Saves the draft. A text equal to the published one is no draft.
    async fn save(self, app: App) -> bool {
        let name = self.name.get_untracked().trim().to_owned();
        if name.is_empty() {
            self.error.set(Some(app.say("请填写名称。", "Please enter a name.").to_owned()));
            return false;
        }
        let lang = app.lang.get_untracked();
        let before = app.peek(|book| Standard::find(book, self.id));
        let shown = |of: fn(&Standard) -> &Text| {
            before.as_ref().map(|standard| of(standard).r#in(lang).to_owned()).unwrap_or_default()
        };
        let (old_name, old_purpose) = (shown(|standard| &standard.name), shown(|standard| &standard.purpose));
        let purpose = self.purpose.get_untracked().trim().to_owned();
        let text = self.text.get_untracked();
        let published = before.and_then(|standard| standard.current).is_some_and(|now| now.text == text);
        let mut draft = self.seen.get_value();
        if name != old_name {
            draft.set(standard::NAME, &name);
        }
        if purpose != old_purpose {
            draft.set(standard::PURPOSE, &purpose);
        }
        if published {
            draft.clear(standard::DRAFT);
        } else {
            draft.set(standard::DRAFT, &text.write());
        }
        let rows: Vec<_> = draft.write().into_iter().collect();
        if !rows.is_empty() && app.save(rows).await.is_none() {
            return false;
        }
        self.forget();
        self.seen.try_set_value(app.draft(standard::ID, self.id));
        true
    }
}

/// The editor's screen.
#[component]
pub fn StandardEditor(
    /// The standard; a new one if it is not there.
    id: RowId,
) -> impl IntoView {
    let app = App::here();
    let editor = Editor::begin(app, id);
    let publishing = RwSignal::new(false);
    let faults = RwSignal::new(Vec::<Fault>::new());
    let there = app.peek(|book| Standard::find(book, id).is_some());
    let back = if there { format!("#/standards/s/{id}") } else { "#/standards".to_owned() };
    let leave = StoredValue::new(back.clone());
    let save = Callback::new(move |()| {
        spawn_local(async move {
            if editor.save(app).await {
                // The card says that there is a draft: a toast would only lie over its buttons.
                route::replace(&format!("/standards/s/{id}"));
            }
        });
    });
    let publish = Callback::new(move |()| {
        faults.set(editor.text.with_untracked(Document::faults));
        publishing.set(faults.with_untracked(Vec::is_empty));
    });
    let cancel = Callback::new(move |()| {
        editor.forget();
        route::replace(leave.get_value().trim_start_matches('#'));
    });
    let actions = move || {
        view! {
            <Button label=app.t("放弃", "Discard") on_press=cancel />
            <Button label=app.t("保存草稿", "Save draft") submit=true />
            <Button label=app.t("发布", "Publish") kind=ButtonKind::Primary on_press=publish />
        }
    };
    view! {
        <PageHead title=app.t("编辑标准", "Edit the standard") back back_label=app.t("返回", "Back") />
        <DraftClashes id />
        <Form on_submit=save actions><EditorBody editor faults /></Form>
        <ItemSheet editor />
        <PublishDialog editor publishing />
    }
}

/// Name, purpose, sections; or why this text cannot be edited here.
#[component]
fn EditorBody(editor: Editor, faults: RwSignal<Vec<Fault>>) -> impl IntoView {
    let app = App::here();
    let type_in = move |signal: RwSignal<String>| {
        Callback::new(move |text: String| {
            signal.set(text);
            editor.error.set(None);
            editor.keep();
        })
    };
    let add = Callback::new(move |()| {
        let key = app.new_id().to_string();
        editor.change(|text| text.sections.push(Part { key, ..Part::default() }));
    });
    let keys = move || editor.text.with(|text| text.sections.iter().map(|part| part.key.clone()).collect::<Vec<_>>());
    if editor.text.with_untracked(Document::is_newer) {
        return view! {
            <Banner
                tone=Tone::Warn
                title=app.t("内容由更新的版本写成", "Written by a newer version")
                text=Signal::derive(move || Some(app.say("请先更新应用再编辑。", "Update the app before editing it.").to_owned()))
            />
        }
        .into_any();
    }
    let problem = move || faults.with(|faults| faults.first().map(|fault| fault_words(app, editor, fault)));
    view! {
        <TextField
            label=app.t("名称", "Name") value=editor.name on_input=type_in(editor.name) error=editor.error required=true
        />
        <TextArea label=app.t("说明", "What it is for") value=editor.purpose on_input=type_in(editor.purpose) rows=2 />
        <For each=keys key=|key| key.clone() children=move |key| view! { <PartEditor editor key /> } />
        <Button label=app.t("添加步骤", "Add a section") icon=Icon::Plus on_press=add />
        {move || problem().map(|title| view! {
            <Banner tone=Tone::Due title=app.t("还不能发布", "Not ready to publish") text=Signal::stored(Some(title)) />
        })}
    }
    .into_any()
}

/// What keeps the text from being published, with the place.
fn fault_words(app: App, editor: Editor, fault: &Fault) -> String {
    let lang = app.lang.get();
    let item = |key: &str| {
        editor.text.with(|text| text.item(key).map(|item| item.text.r#in(lang).to_owned())).unwrap_or_default()
    };
    match fault {
        Fault::Empty => app.say("至少要有一个条目。", "It needs at least one item.").to_owned(),
        Fault::Section(_) => app.say("有一个步骤没有标题。", "A section has no heading.").to_owned(),
        Fault::Item(_) => app.say("有一个条目没有内容。", "An item has no text.").to_owned(),
        Fault::Options(key) => app.fill("“{}”至少要有两个选项。", "\"{}\" needs at least two options.", &[&item(key)]),
    }
}

/// Asks what changed and publishes the next edition.
#[component]
fn PublishDialog(editor: Editor, publishing: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let why = RwSignal::new(String::new());
    let close = Callback::new(move |()| publishing.set(false));
    let go = Callback::new(move |()| {
        spawn_local(async move {
            let saved = editor.save(app).await;
            publishing.try_set(false);
            if saved {
                publish(app, editor.id, &why.get_untracked()).await;
            }
        });
    });
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=close />
            <Button label=app.t("发布", "Publish") kind=ButtonKind::Primary on_press=go />
        }
    };
    view! {
        <Dialog
            open=publishing on_close=close actions
            title=app.t("发布新版本", "Publish a new edition") close_label=app.t("关闭", "Close")
        >
            <p>{app.t(
                "以后的检查用新版本；已有的检查仍按当时的版本显示。",
                "Checks from now on use it; earlier checks keep the edition they were made by.",
            )}</p>
            <TextField
                label=app.t("改了什么", "What changed") value=why
                on_input=Callback::new(move |text| why.set(text))
            />
        </Dialog>
    }
}

async fn publish(app: App, id: RowId, why: &str) {
    let now = i64::try_from(clock::now_ms()).unwrap_or(i64::MAX);
    let rows = app.peek(|book| Standard::find(book, id)?.publish(book, why, now));
    let text = match rows {
        None => app.say("内容没有变化。", "Nothing has changed."),
        Some(rows) => {
            if app.save(rows).await.is_none() {
                return;
            }
            app.say("新版本已发布。", "The new edition is published.")
        }
    };
    app.toast(text.to_owned(), Tone::Good, None);
    route::replace(&format!("/standards/s/{id}"));
}

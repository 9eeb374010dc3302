//! Choice lists (G2): every dictionary, its entries renamed, retired, added.

use leptos::prelude::*;

use super::Head;
use crate::book::Draft;
use crate::domain::lists::{self, List};
use crate::domain::team::entry;
use crate::ui::app::App;
use crate::ui::parts::{Button, Choice, Section, Select, TextField, Tick};

/// The dictionaries, one at a time.
#[component]
pub fn Lists() -> impl IntoView {
    let app = App::here();
    let chosen = RwSignal::new(lists::GRADE.key.to_owned());
    let all = Signal::derive(move || {
        lists::ALL.iter().map(|list| Choice::new(list.key, list.words.r#in(app.lang.get()))).collect::<Vec<_>>()
    });
    let list = move || lists::ALL.iter().find(|list| list.key == chosen.get()).copied().unwrap_or(lists::GRADE);
    view! {
        <Head title=app.t("选项字典", "Choice lists") />
        <Select
            label=app.t("字典", "List")
            value=chosen
            choices=all
            on_choose=Callback::new(move |key| chosen.set(key))
        />
        {move || {
            let list = list();
            view! { <Entries list /> }
        }}
    }
}

#[component]
fn Entries(list: List) -> impl IntoView {
    let app = App::here();
    let entries = Memo::new(move |_| {
        let lang = app.lang.get();
        let all = app.read(&[entry::ID], |book| book.entries(list, lang));
        all.into_iter().map(|choice| (choice.key, choice.label, choice.retired)).collect::<Vec<_>>()
    });
    let name = RwSignal::new(String::new());
    let add = Callback::new(move |()| {
        let text = name.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let write = app.peek(|book| book.add_entry(list, &text));
        name.set(String::new());
        app.save_with_undo(write.into_iter().collect(), app.fill("已添加“{}”。", "“{}” added.", &[&text]));
    });
    view! {
        <Section heading=app.w(list.words)>
            <For each=move || entries.get() key=|entry| entry.clone() children=move |(key, label, retired)| {
                view! { <Entry list key label retired /> }
            } />
        </Section>
        <TextField
            label=app.t("新选项", "New entry")
            value=name
            on_input=Callback::new(move |text| name.set(text))
        />
        <Button label=app.t("添加", "Add") on_press=add />
    }
}

/// One entry: its name can be changed, and it can be retired; records that use it stay readable.
#[component]
fn Entry(list: List, key: String, label: String, retired: bool) -> impl IntoView {
    let app = App::here();
    let name = RwSignal::new(label.clone());
    let key = StoredValue::new(key);
    let save = move |change: &dyn Fn(&mut Draft)| {
        let mut draft = key.with_value(|key| app.draft(entry::ID, list.row_of(key)));
        draft.set(entry::LIST, &list.key.to_owned()).set(entry::KEY, &key.get_value());
        change(&mut draft);
        app.save_with_undo(draft.write().into_iter().collect(), app.say("已保存。", "Saved.").to_owned());
    };
    let rename = Callback::new(move |()| {
        save(&|draft| {
            draft.set(entry::NAME, &name.get_untracked().trim().to_owned());
        });
    });
    let retire = Callback::new(move |off: bool| {
        save(&move |draft| {
            draft.set(entry::RETIRED, &off);
        });
    });
    let changed = Signal::derive(move || name.with(|now| *now == label || now.trim().is_empty()));
    view! {
        <div class="entry">
            <TextField label=app.t("名称", "Name") value=name on_input=Callback::new(move |text| name.set(text)) />
            <div class="form-row">
                <Tick label=app.t("停用", "Retired") checked=Signal::stored(retired) on_change=retire />
                <Button label=app.t("改名", "Rename") disabled=changed on_press=rename />
            </div>
        </div>
    }
}

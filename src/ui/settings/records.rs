//! Records of the shop itself: staff, shops, rules, own fields. Lists and forms follow from the declaration.

use leptos::prelude::*;

use super::Head;
use super::lists::Lists;
use crate::book::{Draft, RowId};
use crate::domain::record::Kind;
use crate::domain::{self, team};
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, EmptyState, LinkButton, List, ListRow, PageHead};
use crate::ui::record::{Editing, RecordForm};
use crate::ui::route;
use crate::words::{Words, words};

/// A page of one kind: its list, or one record of it.
pub fn page(key: &str, rest: &[&str]) -> AnyView {
    let Some(kind) = domain::KINDS.iter().find(|kind| kind.key == key).copied() else {
        return view! { <super::Missing /> }.into_any();
    };
    match (kind.id, rest) {
        (team::settings::ID, _) => view! { <Edit kind id=Some(settings_id()) /> }.into_any(),
        (team::entry::ID, []) => view! { <Lists /> }.into_any(),
        (_, ["new"]) => view! { <Edit kind id=None /> }.into_any(),
        (_, [id]) => view! { <Edit kind id=RowId::parse(id) /> }.into_any(),
        _ => view! { <All kind /> }.into_any(),
    }
}

/// The one row of the settings.
pub fn settings_id() -> RowId {
    RowId::shipped("settings")
}

/// What the menu calls the list of a kind.
const fn heading(kind: &Kind) -> Words {
    match kind.id {
        team::staff::ID => words("员工", "Staff"),
        team::shop::ID => words("门店", "Shops"),
        team::extra::ID => words("自定义字段", "Own fields"),
        team::settings::ID => words("规则与时限", "Rules and limits"),
        _ => kind.words,
    }
}

/// What the menu shows beside the list of a kind.
const fn picture(kind: &Kind) -> Icon {
    match kind.id {
        team::staff::ID => Icon::People,
        team::shop::ID => Icon::Place,
        team::extra::ID => Icon::Plus,
        _ => Icon::Settings,
    }
}

/// Says that there is none of a kind yet.
const fn none(kind: &Kind) -> Words {
    match kind.id {
        team::staff::ID => words("还没有员工", "No staff yet"),
        team::shop::ID => words("还没有门店", "No shops yet"),
        team::extra::ID => words("还没有自定义字段", "No own fields yet"),
        _ => words("还没有", "Nothing yet"),
    }
}

/// What a kind is for, where there is none of it yet.
const fn purpose(kind: &Kind) -> Words {
    match kind.id {
        team::staff::ID => words(
            "添加后，往来、检查和投诉就能记下是谁经手的；先添加您自己。",
            "Then dealings, checks and complaints say who looked after them. Add yourself first.",
        ),
        team::shop::ID => words(
            "有几家店就添加几家：检查和投诉按店统计，时限按各店的营业时间计算。",
            "Add every shop: checks and complaints are counted by shop, and time limits by its opening hours.",
        ),
        team::extra::ID => words(
            "店里还想记的内容，比如鞋码、会员卡号。添加后出现在客户、投诉或检查的表单上。",
            "What else the shop wants to note, such as a shoe size or a card number. It then shows on the form.",
        ),
        _ => words("添加后，全店的设备都能选用。", "What you add here can be chosen on every device of the team."),
    }
}

#[component]
fn All(kind: &'static Kind) -> impl IntoView {
    let app = App::here();
    let rows = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[kind.id], |book| {
            book.rows(kind.id).map(|(id, _)| (id, book.title(kind.id, id, reader))).collect::<Vec<_>>()
        })
    });
    let new = Signal::derive(move || format!("#/more/records/{}/new", kind.key));
    let add = app.t("添加", "Add");
    let me = move |id: RowId| kind.id == team::staff::ID && app.me.get() == Some(id);
    view! {
        <Head title=app.w(heading(kind)) />
        <Show
            when=move || !rows.with(Vec::is_empty)
            fallback=move || view! {
                <EmptyState
                    icon=picture(kind)
                    title=app.w(none(kind))
                    text=app.w(purpose(kind))
                    action=move || view! { <Allowed kind=kind.id><LinkButton label=add href=new kind=ButtonKind::Primary icon=Icon::Plus /></Allowed> }
                />
            }
        >
            <List label=app.w(heading(kind))>
                <For each=move || rows.get() key=|row| row.clone() children=move |(id, title)| {
                    let href = format!("#/more/records/{}/{id}", kind.key);
                    let second = if me(id) { app.say("正在使用本机", "at this device") } else { "" };
                    view! { <ListRow title second href /> }
                } />
            </List>
            <Allowed kind=kind.id><LinkButton label=add href=new icon=Icon::Plus /></Allowed>
        </Show>
    }
}

#[component]
fn Edit(kind: &'static Kind, id: Option<RowId>) -> impl IntoView {
    let app = App::here();
    let up = if kind.id == team::settings::ID { "/more".to_owned() } else { format!("/more/records/{}", kind.key) };
    let draft = id.map_or_else(|| Draft::new(kind.id, app.new_id()), |id| app.draft(kind.id, id));
    let form = format!("{}/{}", kind.key, id.map_or("new".to_owned(), |id| id.to_string()));
    let editing = Editing::new(app, draft, &form);
    let back = StoredValue::new(up.clone());
    let leave = move || back.with_value(|up| route::go(up));
    let saved = Callback::new(move |(id, saved): (RowId, crate::session::Saved)| {
        app.offer_undo(saved, app.say("已保存。", "Saved.").to_owned());
        if kind.id == team::staff::ID && app.me.get_untracked().is_none() {
            app.choose_me(Some(id));
        }
        leave();
    });
    let removable = id.is_some() && kind.id != team::settings::ID;
    let remove = Callback::new(move |()| {
        let mut draft = app.draft(kind.id, editing.id());
        app.peek(|book| {
            draft.delete(book);
        });
        let text = app.say("已移到回收站。", "Moved to the recycle bin.").to_owned();
        app.save_with_undo(draft.write().into_iter().collect(), text);
        leave();
    });
    view! {
        <PageHead title=app.w(if kind.id == team::settings::ID { heading(kind) } else { kind.words }) back=format!("#{up}") back_label=app.t("返回", "Back") />
        {(kind.id == team::staff::ID).then(|| id.map(|id| view! { <Me id /> }))}
        <RecordForm editing on_saved=saved on_cancel=Callback::new(move |()| leave()) />
        {removable.then(|| view! {
            <Button label=app.t("删除", "Delete") kind=ButtonKind::Danger icon=Icon::Delete on_press=remove />
        })}
    }
}

/// Says who works at this device: what is written here carries that name.
#[component]
fn Me(id: RowId) -> impl IntoView {
    let app = App::here();
    let own = Signal::derive(move || app.me.get() == Some(id));
    let label = Signal::derive(move || {
        if own.get() {
            app.say("本机正由此人使用", "At work on this device")
        } else {
            app.say("由此人使用本机", "Works at this device")
        }
        .to_owned()
    });
    view! {
        <Button
            label
            icon=Icon::Person
            on_press=Callback::new(move |()| app.choose_me((!own.get_untracked()).then_some(id)))
        />
    }
}

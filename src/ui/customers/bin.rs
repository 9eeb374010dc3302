//! The recycle bin (G4): deleted customers come back with everything that belongs to them.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::card_of;
use super::erase::EraseSheet;
use super::gone;
use crate::book::row::DELETED;
use crate::book::{Book, Draft, Reader, RowId};
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::domain::{KINDS, erasure, sample};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, EmptyState, IconButton, List, ListRow, PageHead, Section};
use crate::ui::people;
use crate::ui::route;
use crate::words::beside;

/// A deleted customer: name and phone, by whom it was deleted, and what others changed without knowing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Deleted {
    id: RowId,
    name: String,
    second: String,
    missed: String,
}

/// The deleted customers, the last deleted first.
#[component]
pub(super) fn Bin() -> impl IntoView {
    let app = App::here();
    let all = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[customer::ID], |book| deleted(app, book, reader))
    });
    let erasing = RwSignal::new(None);
    let row = move |one: Deleted| {
        let id = one.id;
        let missed = (!one.missed.is_empty())
            .then(|| app.fill("删除后别处修改过：{}", "Changed elsewhere after the deletion: {}", &[&one.missed]));
        let second = [Some(one.second), missed].into_iter().flatten().collect::<Vec<_>>().join("；");
        let erase = app.fill("彻底抹去“{}”…", "Erase “{}” for good…", &[&one.name]);
        let trail = move || {
            let bring = Callback::new(move |()| restore(app, id));
            let erase = Signal::stored(erase.clone());
            view! {
                <Button label=app.t("恢复", "Restore") on_press=bring icon=Icon::Restore />
                <IconButton label=erase icon=Icon::Cross on_press=Callback::new(move |()| erasing.set(Some(id))) />
            }
        };
        view! { <ListRow title=one.name second trail /> }
    };
    view! {
        <PageHead title=app.t("回收站", "Recycle bin") back="#/customers" back_label=app.t("返回客户列表", "Back to the list") />
        <Show when=move || !all.with(Vec::is_empty) fallback=|| view! { <Empty /> }>
            <List label=app.t("已删除的客户", "Deleted customers")>
                <For each=move || all.get() key=Deleted::clone children=row />
            </List>
        </Show>
        <Late />
        <EraseSheet asked=erasing then="/customers/bin" />
    }
}

/// Customers that were erased while another device still noted something for them.
#[component]
fn Late() -> impl IntoView {
    let app = App::here();
    let kinds: Vec<_> = KINDS.iter().map(|kind| kind.id).collect();
    let all = Memo::new(move |_| app.read(&kinds, |book| erasure::named_after(book, customer::ID)));
    let row = move |id: RowId| {
        let title = app.say("一位已彻底抹去的客户", "A customer who was erased").to_owned();
        let second = gone::when(app, id);
        view! { <ListRow title second href=format!("#{}", card_of(id)) /> }
    };
    view! {
        <Show when=move || !all.with(BTreeSet::is_empty)>
            <Section heading=app.t("抹去以后才收到的记录", "Records that came after an erasure")>
                <List label=app.t("抹去以后才收到的记录", "Records that came after an erasure")>
                    <For each=move || all.get() key=|id| *id children=row />
                </List>
            </Section>
        </Show>
    }
}

#[component]
fn Empty() -> impl IntoView {
    let app = App::here();
    view! {
        <EmptyState
            icon=Icon::Restore
            title=app.t("回收站是空的", "The recycle bin is empty")
            text=app.t("删除的客户放在这里，随时可以连同往来一起恢复。", "Deleted customers wait here and come back with all their dealings.")
        />
    }
}

fn deleted(app: App, book: &Book, reader: Reader) -> Vec<Deleted> {
    let mut all: Vec<_> = book
        .deleted(customer::ID)
        // What sample data leaves behind is no customer that anybody deleted.
        .filter(|(id, _)| !sample::is_sample(*id))
        .filter_map(|(id, row)| Some((row.cell(DELETED, None)?.live.first()?.mark, id, row)))
        .collect();
    all.sort_by_key(|(mark, ..)| std::cmp::Reverse(mark.stamp));
    all.into_iter()
        .map(|(mark, id, row)| {
            let phone = Phone::from_stored(row.text(customer::PHONE)).show(reader.lang);
            let who = people::origin(app, book, mark, reader);
            let fields = book.missed_by_deletion(&row).into_iter().filter_map(|id| customer::RECORD.field(id));
            let missed: Vec<_> = fields.map(|field| field.words.r#in(reader.lang)).collect();
            let second = beside([phone, who]);
            Deleted { id, name: book.title(customer::ID, id, reader), second, missed: missed.join("、") }
        })
        .collect()
}

/// Takes a customer out of the recycle bin.
pub(super) fn restore(app: App, id: RowId) {
    let write = app.peek(|book| Draft::open(book, customer::ID, id).restore().write());
    app.save_with_undo(write.into_iter().collect(), app.say("已恢复。", "Restored.").to_owned());
    route::go(&card_of(id));
}

//! What is held about a customer (G5), record by record: what an erasure would take, to be read or printed first.

use leptos::prelude::*;

use super::card_of;
use super::erase::planned;
use super::related::address;
use crate::book::{Book, Reader, Row, RowId};
use crate::domain::customer::customer;
use crate::domain::erasure::Part;
use crate::domain::kind;
use crate::domain::record::{Field, Flags, Kind};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Badge, IconButton, KeyValue, KeyValues, PageHead, Section, Tone};

/// One record: where it is, what it says, and how many earlier values its history has.
#[derive(Clone, PartialEq, Eq)]
struct Held {
    kind: &'static str,
    title: String,
    href: String,
    deleted: bool,
    facts: Vec<(String, String)>,
    earlier: usize,
}

/// The page.
#[component]
pub(super) fn HeldPage(id: RowId) -> impl IntoView {
    let app = App::here();
    let plan = planned(app, id);
    let all = Memo::new(move |_| {
        let reader = app.reader();
        plan.with(|plan| {
            app.peek(|book| plan.parts.iter().filter_map(|part| held(book, id, part, reader)).collect::<Vec<_>>())
        })
    });
    let title = move || app.read(&[customer::ID], |book| book.title(customer::ID, id, app.reader()));
    // A browser that cannot print has no menu for it either.
    let print = Callback::new(|()| drop(crate::web::print::print()));
    view! {
        <PageHead
            title=Signal::derive(move || app.fill("“{}”存了什么", "What is held about {}", &[&title()]))
            back=format!("#{}", card_of(id))
            back_label=app.t("返回档案", "Back to the card")
            actions=move || view! { <IconButton label=app.t("打印", "Print") icon=Icon::Print on_press=print /> }
        />
        <p class="small">{app.t(
            "这位客户的全部记录，以及只提到这位客户的记录里的个人信息；彻底抹去时消失的就是这些。",
            "All records of this customer, and what is personal in records that only name this customer. An erasure takes just this.",
        )}</p>
        {move || all.with(|all| all.chunk_by(|a, b| a.kind == b.kind).map(|records| of_kind(records.to_vec())).collect_view())}
    }
}

/// The records of one kind.
fn of_kind(records: Vec<Held>) -> impl IntoView {
    let heading = records.first().map_or("", |one| one.kind);
    let count = (records.len() > 1).then(|| records.len().to_string());
    view! { <Section heading remark=Signal::stored(count)>{records.into_iter().map(record).collect_view()}</Section> }
}

fn record(one: Held) -> impl IntoView {
    let app = App::here();
    let earlier = (one.earlier > 0)
        .then(|| app.fill("修改记录里还有 {} 个旧值", "{} earlier values in its history", &[&one.earlier.to_string()]));
    let deleted = one.deleted;
    view! {
        <p>
            <a href=one.href>{one.title}</a>
            {deleted.then(|| view! { " " <Badge label=app.t("在回收站里", "in the recycle bin") tone=Tone::Warn /> })}
        </p>
        <KeyValues>
            {one.facts.into_iter().map(|(label, text)| view! {
                <KeyValue label><span class="text">{text}</span></KeyValue>
            }).collect_view()}
        </KeyValues>
        {earlier.map(|earlier| view! { <p class="small">{earlier}</p> })}
    }
}

fn held(book: &Book, of: RowId, part: &Part, reader: Reader) -> Option<Held> {
    let (kind, row) = (kind(part.kind)?, book.row(part.kind, part.id)?);
    let goes = |id: u16| part.fields.as_ref().is_none_or(|fields| fields.contains(&id));
    Some(Held {
        kind: kind.words.r#in(reader.lang),
        title: book.title(kind.id, part.id, reader),
        href: address(kind.id, of, part.id),
        deleted: row.is_deleted(),
        facts: facts(book, kind, &row, goes, reader),
        earlier: row.past.iter().filter(|past| goes(past.field)).count(),
    })
}

/// The filled fields that go, and with a whole record the shop's own (G3).
fn facts(
    book: &Book,
    kind: &'static Kind,
    row: &Row,
    goes: impl Fn(u16) -> bool,
    reader: Reader,
) -> Vec<(String, String)> {
    let name = |field: &Field| field.words.r#in(reader.lang).to_owned();
    let fields = kind.fields().filter(|field| goes(field.id) && !field.flags.has(Flags::HIDDEN));
    let declared = fields.map(|field| (name(field), book.show(row, field, reader)));
    let extras = book.extras(kind.key);
    let own = extras.iter().map(|extra| (extra.name.clone(), book.show_extra(row, extra, reader)));
    let own = own.filter(|_| goes(crate::book::row::EXTRA));
    declared.chain(own).filter(|(_, text)| !text.is_empty()).collect()
}

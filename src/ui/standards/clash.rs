//! Two devices answered the same item, or edited the same draft, without knowing of each other: both values stand
//! until somebody chooses. The general view of a conflict would show keys and JSON here.

use leptos::prelude::*;

use super::check::Open;
use super::words::answer;
use crate::book::{Book, Draft, Reader, Row, RowId, Value};
use crate::domain::record::{Kind, KindId};
use crate::domain::standard::document::Document;
use crate::domain::standard::scoring::{Answer, Tally};
use crate::domain::standard::{check, checks, standard};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::parts::{Banner, Tone, Version, Versions};
use crate::ui::people;
use crate::words::words;

/// How one value of a cell is read: the words of the cell, and those of the value.
type Show = fn(&Book, &Row, u16, Option<&[u8]>, &Value, Reader) -> (String, String);
/// A cell with two values: field, element, its words, the values.
type Clash = (u16, Option<Vec<u8>>, String, Vec<Version>);

/// The answers that two devices gave to the same items of a check.
#[component]
pub fn CheckClashes(
    /// The check.
    open: Open,
) -> impl IntoView {
    view! { <Clashes kind_id=check::ID id=open.id show=answered /> }
}

/// Drafts of a standard that two devices wrote.
#[component]
pub fn DraftClashes(
    /// The standard.
    id: RowId,
) -> impl IntoView {
    view! { <Clashes kind_id=standard::ID id show=drafted /> }
}

#[component]
fn Clashes(kind_id: KindId, id: RowId, show: Show) -> impl IntoView {
    let app = App::here();
    let clashes = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[kind_id, staff::ID], |book| {
            book.live(kind_id, id).map(|row| clashes(app, book, &row, show, reader)).unwrap_or_default()
        })
    });
    view! {
        <Show when=move || !clashes.with(Vec::is_empty)>
            <Banner
                tone=Tone::Warn
                title=app.t("有两个版本，请选择", "Two versions: please choose")
                text=Signal::derive(move || Some(app.say(
                    "两台设备在互不知情时写了同一处。选一个保留，另一个留在修改记录里。",
                    "Two devices wrote the same place without knowing of each other. Keep one; the other stays in the history.",
                ).to_owned()))
            />
            <For each=move || clashes.get() key=|clash| clash.clone() children=move |(field, elem, label, versions)| {
                let keep = Callback::new(move |chosen: String| settle(app, kind_id, id, field, elem.as_ref(), &chosen));
                view! {
                    <Versions
                        label=Signal::stored(label)
                        versions=Signal::stored(versions)
                        keep_label=app.t("保留这个", "Keep this")
                        on_keep=keep
                    />
                }
            } />
        </Show>
    }
}

fn clashes(app: App, book: &Book, row: &Row, show: Show, reader: Reader) -> Vec<Clash> {
    let clash = |cell: &crate::book::Cell| {
        let words = |value: &Value| show(book, row, cell.field, cell.elem.as_deref(), value, reader);
        let versions = (0..).zip(&cell.live).map(|(n, written): (usize, _)| Version {
            id: n.to_string(),
            text: words(&written.value).1,
            origin: people::origin(app, book, written.mark, reader),
        });
        (cell.field, cell.elem.clone(), words(cell.shown()).0, versions.collect())
    };
    row.conflicts().map(clash).collect()
}

/// A cell of a check: answers and notes by the item's text.
fn answered(
    book: &Book,
    row: &Row,
    field: u16,
    elem: Option<&[u8]>,
    value: &Value,
    reader: Reader,
) -> (String, String) {
    let text = checks::document(book, row);
    let item = elem.and_then(|elem| text.item(std::str::from_utf8(elem).ok()?));
    match item {
        Some(item) => {
            let label = item.text.r#in(reader.lang).to_owned();
            let shown = if field == check::ANSWERS.field {
                answer(item, Answer::read(&item.kind, value).as_ref(), reader).0
            } else {
                value.text().unwrap_or_default().to_owned()
            };
            (label, shown)
        }
        None => plain(&check::RECORD, book, field, value, reader),
    }
}

/// A cell of a standard: drafts by their size.
fn drafted(book: &Book, _: &Row, field: u16, _: Option<&[u8]>, value: &Value, reader: Reader) -> (String, String) {
    let (label, shown) = plain(&standard::RECORD, book, field, value, reader);
    match value.text().filter(|_| field == standard::DRAFT.field).and_then(Document::read) {
        Some(text) => {
            let counts = [text.sections.len(), text.items().count()].map(|count| count.to_string());
            let size = words("{} 个步骤，{} 个条目", "{} sections, {} items").r#in(reader.lang);
            (label, crate::words::fill(size, &[&counts[0], &counts[1]]))
        }
        None => (label, shown),
    }
}

fn plain(kind: &'static Kind, book: &Book, field: u16, value: &Value, reader: Reader) -> (String, String) {
    let found = kind.field(field);
    let label = found.map(|field| field.words.r#in(reader.lang).to_owned()).unwrap_or_default();
    let shown = found.map(|field| book.show_value(field.shape, value, reader)).filter(|text| !text.is_empty());
    (label, shown.unwrap_or_else(|| "—".to_owned()))
}

fn settle(app: App, kind_id: KindId, id: RowId, field: u16, elem: Option<&Vec<u8>>, chosen: &str) {
    let Ok(chosen) = chosen.parse::<usize>() else { return };
    let write = app.peek(|book| {
        let row = book.row(kind_id, id)?;
        let value = row.cell(field, elem.map(Vec::as_slice))?.live.get(chosen)?.value.clone();
        let mut draft = Draft::open(book, kind_id, id);
        draft.settle(field, elem.cloned(), value.clone());
        // The score of a completed check follows its answers.
        if kind_id == check::ID && field == check::ANSWERS.field && row.get(check::DONE).is_some() {
            let text = checks::document(book, &row);
            let mut given = checks::answers(&text, &row);
            let key = elem.and_then(|elem| std::str::from_utf8(elem).ok()).unwrap_or_default();
            let settled = text.item(key).and_then(|item| Answer::read(&item.kind, &value));
            given.remove(key);
            given.extend(settled.map(|answer| (key.to_owned(), answer)));
            checks::put_score(&mut draft, &Tally::of(&text, &given));
        }
        draft.write()
    });
    if let Some(write) = write {
        app.save_with_undo(vec![write], app.say("已保留这个版本。", "This version is kept.").to_owned());
    }
}

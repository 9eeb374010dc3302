//! Two values of one field, written without knowing of each other: both are shown until somebody chooses.

use leptos::prelude::*;

use crate::book::{Book, Draft, Reader, Row, RowId};
use crate::domain::kind;
use crate::domain::record::KindId;
use crate::ui::app::App;
use crate::ui::parts::{Banner, Tone, Version, Versions};
use crate::ui::people;

type Clash = (u16, Option<Vec<u8>>, Vec<Version>);

/// Every conflict of a record, each with its choice. Nothing at all while there is none.
#[component]
pub fn Conflicts(
    /// Kind of the record.
    kind_id: KindId,
    /// The record.
    #[prop(into)]
    id: Signal<RowId>,
) -> impl IntoView {
    let app = App::here();
    let clashes = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[kind_id], |book| {
            book.live(kind_id, id.get()).map(|row| clashes(app, book, kind_id, &row, reader)).unwrap_or_default()
        })
    });
    let label_of = move |field: u16| {
        let words = kind(kind_id).and_then(|kind| kind.field(field)).map(|field| field.words);
        Signal::derive(move || words.map_or_else(|| field.to_string(), |words| words.r#in(app.lang.get()).to_owned()))
    };
    view! {
        <Show when=move || !clashes.with(Vec::is_empty)>
            <Banner
                tone=Tone::Warn
                title=app.t("有两个版本，请选择", "Two versions: please choose")
                text=Signal::derive(move || Some(app.say(
                    "两台设备在互不知情时改了同一项。两个值都在，选一个保留，另一个仍在往来记录里。",
                    "Two devices changed the same field without knowing of each other. Both values are here; keep one, the other stays in the history.",
                ).to_owned()))
            />
            <For each=move || clashes.get() key=|clash| clash.clone() children=move |(field, elem, versions)| {
                let keep = Callback::new(move |chosen: String| settle(app, kind_id, id.get_untracked(), field, elem.as_deref(), &chosen));
                view! {
                    <Versions
                        label=label_of(field)
                        versions=Signal::stored(versions)
                        keep_label=app.t("保留这个", "Keep this")
                        on_keep=keep
                    />
                }
            } />
        </Show>
    }
}

fn clashes(app: App, book: &Book, kind_id: KindId, row: &Row, reader: Reader) -> Vec<Clash> {
    let field = |id| kind(kind_id).and_then(|kind| kind.field(id));
    row.conflicts()
        .map(|cell| {
            let versions = (0..).zip(&cell.live).map(|(n, written): (usize, _)| Version {
                id: n.to_string(),
                text: field(cell.field).map_or_else(String::new, |f| {
                    match book.show_value(f.shape, &written.value, reader) {
                        text if text.is_empty() => reader_empty(reader),
                        text => text,
                    }
                }),
                origin: people::origin(app, book, written.mark, reader),
            });
            (cell.field, cell.elem.clone(), versions.collect())
        })
        .collect()
}

fn reader_empty(reader: Reader) -> String {
    crate::words::words("（空）", "(empty)").r#in(reader.lang).to_owned()
}

fn settle(app: App, kind_id: KindId, id: RowId, field: u16, elem: Option<&[u8]>, chosen: &str) {
    let Ok(chosen) = chosen.parse::<usize>() else { return };
    let write = app.peek(|book| {
        let row = book.row(kind_id, id)?;
        let value = row.cell(field, elem)?.live.get(chosen)?.value.clone();
        Draft::open(book, kind_id, id).settle(field, elem.map(<[u8]>::to_vec), value).write()
    });
    if let Some(write) = write {
        let text = app.say("已保留这个版本。", "This version is kept.").to_owned();
        app.save_with_undo(vec![write], text);
    }
}

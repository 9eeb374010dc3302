//! A record's history (G4): who changed what from what to what, when and on which device; any earlier value can be put
//! back.

use leptos::prelude::*;

use crate::book::erase::{self, ERASED};
use crate::book::row::{DELETED, EXTRA};
use crate::book::{Book, Draft, Event, Reader, RowId, Value};
use crate::domain::kind;
use crate::domain::record::KindId;
use crate::ui::app::App;
use crate::ui::parts::{Timeline, TimelineEntry};
use crate::ui::people;
use crate::words::{fill, words};

/// The history of a record, newest first.
#[component]
pub fn RecordTimeline(
    /// Kind of the record.
    kind_id: KindId,
    /// The record.
    #[prop(into)]
    id: Signal<RowId>,
) -> impl IntoView {
    let app = App::here();
    let entries = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[kind_id], |book| {
            let events = book.history(kind_id, id.get());
            (0..).zip(&events).map(|(n, event)| entry(app, book, kind_id, n, event, reader)).collect::<Vec<_>>()
        })
    });
    let restore = Callback::new(move |chosen: String| put_back(app, kind_id, id.get_untracked(), &chosen));
    view! {
        <Timeline
            label=app.t("修改记录", "History")
            entries
            restore_label=app.t("恢复原值", "Put back")
            on_restore=restore
        />
    }
}

fn entry(app: App, book: &Book, kind_id: KindId, n: usize, event: &Event, reader: Reader) -> TimelineEntry {
    let say = |zh, en| words(zh, en).r#in(reader.lang).to_owned();
    let field = kind(kind_id).and_then(|kind| kind.field(event.field));
    let show = |value: &Value| {
        let text = match (field, &event.elem) {
            (_, _) if value.is_nil() => String::new(),
            (Some(field), Some(elem)) => book.show_element(field.shape, elem, value, reader),
            (Some(field), None) => book.show_value(field.shape, value, reader),
            (None, _) => book.show_value(crate::domain::record::Shape::Text, value, reader),
        };
        (!text.is_empty()).then_some(text)
    };
    let (what, before, after) = match (event.field, field) {
        (DELETED, _) if event.after.is_nil() => (say("从回收站恢复", "Restored from the recycle bin"), None, None),
        (DELETED, _) => (say("移到回收站", "Moved to the recycle bin"), None, None),
        (ERASED, _) => (erased(kind_id, event, reader), None, None),
        (EXTRA, _) => (say("自定义字段", "Own field"), show(&event.before), show(&event.after)),
        (_, Some(field)) => (field.words.r#in(reader.lang).to_owned(), show(&event.before), show(&event.after)),
        (_, None) => (say("新版本的字段", "Field of a newer version"), None, None),
    };
    TimelineEntry {
        id: n.to_string(),
        when: reader.moment(i64::try_from(event.mark.stamp.ms()).unwrap_or(i64::MAX)),
        who: people::author(app, book, event.mark, reader),
        what,
        before,
        after,
        restorable: field.is_some() && !event.before.is_nil(),
    }
}

/// What was erased for good: `彻底抹去：投诉人`.
fn erased(kind_id: KindId, event: &Event, reader: Reader) -> String {
    let field = event.elem.as_deref().and_then(erase::field_of);
    let field = field.and_then(|field| kind(kind_id)?.field(field)).map(|field| field.words.r#in(reader.lang));
    fill(words("彻底抹去：{}", "Erased for good: {}").r#in(reader.lang), &[field.unwrap_or("—")])
}

fn put_back(app: App, kind_id: KindId, id: RowId, chosen: &str) {
    let Ok(chosen) = chosen.parse::<usize>() else { return };
    let write = app.peek(|book| {
        let event = book.history(kind_id, id).into_iter().nth(chosen)?;
        Draft::open(book, kind_id, id).put(event.field, event.elem, event.before).write()
    });
    if let Some(write) = write {
        app.save_with_undo(vec![write], app.say("已恢复原值。", "The earlier value is back.").to_owned());
    }
}

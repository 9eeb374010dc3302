//! The log of a complaint: all of it, newest first. Nothing can be removed; a correction is an addition (P6).

use leptos::prelude::*;

use super::card::Desk;
use super::sheets::Sheet;
use super::wording;
use crate::book::{Book, Reader, RowId};
use crate::domain::complaint::{Case, Entry, step};
use crate::domain::lists;
use crate::domain::team::{entry, staff};
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Section, Timeline, TimelineEntry};
use crate::words::{fill, words};

/// The log with its way to add a note.
#[component]
pub fn LogSection(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let entries = Memo::new(move |_| {
        let reader = app.reader();
        let case = desk.case.get();
        let log = |case: Case| {
            app.read(&[staff::ID, entry::ID], |book| {
                case.log.iter().rev().map(|entry| shown(book, &case, entry, reader)).collect::<Vec<_>>()
            })
        };
        case.map(log).unwrap_or_default()
    });
    let correct = Callback::new(move |id: String| desk.sheet.set(RowId::parse(&id).map(Sheet::Correct)));
    let remark = Signal::derive(move || Some(app.say("只增不减", "It only grows").to_owned()));
    view! {
        <Section
            heading=app.t("处理记录", "Log")
            remark
            action=move || view! {
                <Button label=app.t("补充说明", "Add a note") on_press=desk.open(Sheet::Note) kind=ButtonKind::Plain />
            }
        >
            <Show
                when=move || !entries.with(Vec::is_empty)
                fallback=move || view! { <p class="small">{app.t("还没有记录。", "Nothing yet.")}</p> }
            >
                <div class="log">
                    <Timeline
                        label=app.t("处理记录", "Log")
                        entries
                        restore_label=app.t("更正", "Correct")
                        on_restore=correct
                    />
                </div>
            </Show>
        </Section>
    }
}

fn shown(book: &Book, case: &Case, entry: &Entry, reader: Reader) -> TimelineEntry {
    let lang = reader.lang;
    let label = book.label(lists::STEP, entry.row.text(step::STEP), lang);
    let corrected = entry.row.get(step::CORRECTS).and_then(|id| case.log.iter().find(|other| other.id == id));
    let what = match (entry.state(), corrected) {
        (Some(state), _) => fill(words("转为{}", "To {}").r#in(lang), &[&wording::state(book, state, lang)]),
        (None, Some(other)) => {
            fill(words("更正 {} 的记录", "Correction of {}").r#in(lang), &[&reader.moment(other.at)])
        }
        (None, None) => label,
    };
    let said = wording::written(&entry.row, step::WORDS, lang);
    let after = match entry.row.text(step::PREVENTION) {
        "" => said,
        prevention => format!("{said} {}{prevention}", words("预防：", "Prevention: ").r#in(lang)),
    };
    TimelineEntry {
        id: entry.id.to_string(),
        when: reader.moment(entry.at),
        who: entry.row.get(step::STAFF).map_or_else(
            || words("未注明经手人", "nobody named").r#in(lang).to_owned(),
            |by| book.title(staff::ID, by, reader),
        ),
        what,
        before: None,
        after: Some(after),
        restorable: true,
    }
}

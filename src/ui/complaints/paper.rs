//! The complaint on one sheet, as shops know it (P11): every field in its box, what was done, and room to sign.

use leptos::prelude::*;

use super::card::Desk;
use crate::book::{Book, Reader, Row};
use crate::domain::complaint::{Case, Entry, complaint, step};
use crate::domain::customer::customer;
use crate::domain::record::{Field, Flags, Shape};
use crate::domain::team::{entry, shop, staff};
use crate::ui::app::App;
use crate::words::{beside, words};

/// A row of the sheet: what it is, and what stands in it.
type Line = (String, String);

/// The sheet, seen only on paper. What was not noted keeps its box, to be filled in by hand.
#[component]
pub fn Paper(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        let kinds = [customer::ID, staff::ID, shop::ID, entry::ID];
        desk.with(|case| app.read(&kinds, |book| [fields(book, case, reader), log(book, case, reader)].concat()))
    });
    let row = |(name, text): Line| view! { <tr><th scope="row">{name}</th><td>{text}</td></tr> };
    view! {
        <section class="paper-only paper">
            <h2>{move || desk.with(|case| {
                let number = case.row.text(complaint::NUMBER).to_owned();
                app.fill("投诉处理单 {}", "Complaint {}", &[&number])
            })}</h2>
            <table><tbody>{move || lines.get().into_iter().map(row).collect_view()}</tbody></table>
            <p class="sign-here">
                <span>{app.t("客户签字", "Customer")}</span>
                <span>{app.t("经手人签字", "Handled by")}</span>
                <span>{app.t("日期", "Date")}</span>
            </p>
        </section>
    }
}

/// A value as paper needs it: a moment has its day.
fn show(book: &Book, row: &Row, field: &Field, reader: Reader) -> String {
    match row.value(field.id).int().filter(|_| field.shape == Shape::Instant) {
        Some(ms) => reader.dated(ms),
        None => book.show(row, field, reader),
    }
}

fn fields(book: &Book, case: &Case, reader: Reader) -> Vec<Line> {
    let all = complaint::RECORD.fields().filter(|field| field.id != complaint::NUMBER.field);
    let shown = all.filter(|field| !field.flags.has(Flags::HIDDEN) || !case.row.value(field.id).is_nil());
    shown.map(|field| (field.words.r#in(reader.lang).to_owned(), show(book, &case.row, field, reader))).collect()
}

fn log(book: &Book, case: &Case, reader: Reader) -> Vec<Line> {
    let line = |entry: &Entry| {
        let show = |key: u16| step::RECORD.field(key).map(|field| show(book, &entry.row, field, reader));
        let parts = [step::STATE.field, step::STEP.field, step::WORDS.field, step::PREVENTION.field, step::STAFF.field];
        let text = beside(parts.into_iter().filter_map(show));
        (format!("{} {}", words("处理", "Log").r#in(reader.lang), reader.dated(entry.at)), text)
    };
    case.log.iter().map(line).collect()
}

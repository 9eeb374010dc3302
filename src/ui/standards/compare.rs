//! Self-check against inspection of the same person and week, item by item (S3): where the two differ, training goes.

use leptos::prelude::*;

use super::check::Open;
use super::words::{NAMES, answer};
use crate::book::{Book, Reader, RowId};
use crate::domain::standard::check;
use crate::domain::standard::checks::{self, Check};
use crate::domain::standard::document::Document;
use crate::domain::standard::scoring::{Answers, gaps};
use crate::ui::app::App;
use crate::ui::parts::Section;

/// A row: item, self-check, inspection, whether they differ.
type Compared = (String, String, String, bool);

/// The comparison; nothing without a counterpart. The items seen alike are folded away.
#[component]
pub fn Comparison(
    /// The check.
    open: Open,
) -> impl IntoView {
    let app = App::here();
    let rows = Memo::new(move |_| {
        let reader = app.reader();
        let check = open.check.get()?;
        app.read(&NAMES, |book| compared(book, &check, reader))
    });
    let some = move |apart: bool| {
        Signal::derive(move || {
            let all = rows.get().unwrap_or_default();
            all.into_iter().filter(|row| row.3 == apart).collect::<Vec<_>>()
        })
    };
    let (apart, alike) = (some(true), some(false));
    let remark =
        Signal::derive(move || Some(app.fill("{} 项看法不同", "{} differ", &[&apart.with(Vec::len).to_string()])));
    view! {
        <Show when=move || rows.with(Option::is_some)>
            <Section heading=app.t("自查与检查对照", "Self-check against inspection") remark>
                <Table rows=apart />
                <Show when=move || !alike.with(Vec::is_empty)>
                    <details>
                        <summary>{move || app.fill("{} 项看法一致", "{} seen alike", &[&alike.with(Vec::len).to_string()])}</summary>
                        <Table rows=alike />
                    </details>
                </Show>
            </Section>
        </Show>
    }
}

#[component]
fn Table(rows: Signal<Vec<Compared>>) -> impl IntoView {
    let app = App::here();
    let row = |(item, own, seen, _): Compared| {
        view! { <tr><th scope="row">{item}</th><td>{own}</td><td>{seen}</td></tr> }
    };
    view! {
        <Show when=move || !rows.with(Vec::is_empty)>
            <table class="compare">
                <thead>
                    <tr>
                        <th scope="col">{app.t("条目", "Item")}</th>
                        <th scope="col">{app.t("自查", "Self")}</th>
                        <th scope="col">{app.t("检查", "Inspector")}</th>
                    </tr>
                </thead>
                <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </Show>
    }
}

fn compared(book: &Book, check: &Check, reader: Reader) -> Option<Vec<Compared>> {
    let all = Check::all(book);
    let other = check.counterpart(&all, |ms| reader.local(ms).map(|(day, ..)| day))?;
    let read = |id: RowId| -> (Document, Answers) {
        let row = book.row(check::ID, id).unwrap_or_default();
        let text = checks::document(book, &row);
        let given = checks::answers(&text, &row);
        (text, given)
    };
    let (own, seen) = if check.is_own() { (check.id, other.id) } else { (other.id, check.id) };
    let ((_, own), (text, seen)) = (read(own), read(seen));
    let rows = gaps(&text, &own, &seen).into_iter().map(|gap| {
        let words = |given| answer(&gap.item, Some(given), reader).0;
        (gap.item.text.r#in(reader.lang).to_owned(), words(&gap.own), words(&gap.seen), gap.is_apart())
    });
    Some(rows.collect())
}

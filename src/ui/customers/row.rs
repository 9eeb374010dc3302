//! A customer's row in the list.

use std::ops::Range;

use leptos::prelude::*;

use super::{card_of, when};
use crate::book::{Book, Reader, RowId, found};
use crate::domain::customer::customer;
use crate::domain::lists;
use crate::domain::phone::Phone;
use crate::domain::pinyin::Query;
use crate::domain::team::entry;
use crate::ui::app::App;
use crate::ui::lasting::Lasting;
use crate::ui::parts::{Badge, Highlight, Seal, Tone};
use crate::words::{beside, words};

/// What a row shows.
#[derive(Clone, PartialEq, Default)]
struct Shown {
    name: String,
    second: String,
    grade: Option<Grade>,
    mark: Option<(Tone, String)>,
}

/// A grade as a seal: its sign, its name, and whether it is below the first.
#[derive(Clone, PartialEq)]
pub(super) struct Grade {
    pub(super) sign: String,
    pub(super) label: String,
    pub(super) pale: bool,
}

/// The seal of a grade's key; none without a grade.
pub(super) fn grade(book: &Book, key: &str, reader: Reader) -> Option<Grade> {
    if key.is_empty() {
        return None;
    }
    let label = book.label(lists::GRADE, key, reader.lang);
    let sign = label.chars().next().map(String::from).unwrap_or_default();
    let pale = lists::GRADE.entries.first().is_some_and(|first| first.key != key);
    Some(Grade { sign, label, pale })
}

/// A row of the list: name, phone and employer with the found places marked, what is due, the grade.
#[component]
pub(super) fn CustomerRow(
    /// The customer.
    id: RowId,
    /// What is searched.
    text: Lasting<String>,
    /// The customer whose card is open.
    current: Signal<Option<RowId>>,
) -> impl IntoView {
    let app = App::here();
    let shown = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[customer::ID, entry::ID], |book| shown(book, id, reader))
    });
    let sign = move || shown.with(|shown| shown.name.chars().next().map(String::from));
    let name = move || {
        let (name, found) = shown.with(|shown| (shown.name.clone(), text.with(|typed| in_name(&shown.name, typed))));
        view! { <Highlight text=name found /> }
    };
    let second = move || {
        let second = shown.with(|shown| shown.second.clone());
        let found = text.with(|typed| found::ranges(&second, typed));
        view! { <Highlight text=second found /> }
    };
    let trail = move || {
        let (mark, grade) = shown.with(|shown| (shown.mark.clone(), shown.grade.clone()));
        view! {
            {mark.map(|(tone, words)| view! { <Badge label=words tone /> })}
            {grade.map(|grade| view! { <Seal sign=grade.sign label=grade.label pale=grade.pale /> })}
        }
    };
    view! {
        <a
            class="row"
            href=format!("#{}", card_of(id))
            aria-current=move || (current.get() == Some(id)).then_some("true")
        >
            <span class="sign" aria-hidden="true">{sign}</span>
            <span class="row-words">
                <span class="row-title">{name}</span>
                <span class="row-second">{second}</span>
            </span>
            <span class="row-trail">{trail}</span>
        </a>
    }
}

fn in_name(name: &str, typed: &str) -> Vec<Range<usize>> {
    Query::new(typed).matches(name).map_or_else(|| found::ranges(name, typed), |found| found.ranges)
}

fn shown(book: &Book, id: RowId, reader: Reader) -> Shown {
    let row = book.row(customer::ID, id).unwrap_or_default();
    let phone = Phone::from_stored(row.text(customer::PHONE)).show(reader.lang);
    let parts = [phone.as_str(), row.text(customer::EMPLOYER)].map(str::to_owned);
    let second = beside(parts);
    let say = |zh, en| words(zh, en).r#in(reader.lang).to_owned();
    let next = row.get(customer::NEXT_DAY);
    let mark = if row.conflicts().next().is_some() {
        Some((Tone::Warn, say("两个版本", "Two versions")))
    } else if !row.text(customer::RETIRED).is_empty() {
        Some((Tone::Plain, say("已停用", "Retired")))
    } else {
        next.filter(|day| *day <= reader.today).map(|day| {
            let (words, tone) = when(day, reader);
            (tone, words)
        })
    };
    let grade = grade(book, row.text(customer::GRADE), reader);
    Shown { name: book.title(customer::ID, id, reader), second, grade, mark }
}

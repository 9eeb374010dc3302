//! The corrective actions (S4): to be done, to be re-checked, all.

use leptos::prelude::*;

use super::lines::{Line, Lines};
use super::words::{joined, person};
use crate::book::{Book, Reader, Row, RowId};
use crate::domain::lists;
use crate::domain::standard::action;
use crate::domain::standard::correction::{State, is_overdue};
use crate::domain::team::{entry, staff};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Chips, Choice, EmptyState, PageHead, Tone};
use crate::words::words as both;

/// The actions in some states, by their day.
pub fn lines(book: &Book, wanted: impl Fn(State) -> bool, reader: Reader) -> Vec<Line> {
    by_day(book.rows(action::ID).filter(|(_, row)| wanted(State::of(row))).collect(), book, reader)
}

/// The actions that came from an item of a check.
pub fn of_item(book: &Book, check: RowId, item: &str, reader: Reader) -> Vec<Line> {
    let of = |row: &Row| row.get(action::CHECK) == Some(check) && row.text(action::ITEM) == item;
    by_day(book.rows(action::ID).filter(|(_, row)| of(row)).collect(), book, reader)
}

fn by_day(mut rows: Vec<(RowId, Row)>, book: &Book, reader: Reader) -> Vec<Line> {
    rows.sort_by_key(|(id, row)| (row.get(action::DUE), *id));
    rows.iter().map(|(id, row)| line(book, *id, row, reader)).collect()
}

fn line(book: &Book, id: RowId, row: &Row, reader: Reader) -> Line {
    Line {
        title: row.text(action::WHAT).to_owned(),
        second: joined([person(book, row.get(action::STAFF), reader), row.get(action::DUE).map(|due| reader.day(due))]),
        href: format!("#/standards/actions/{id}"),
        badge: Some(badge(book, row, reader)),
    }
}

/// The state of an action in words.
pub fn badge(book: &Book, row: &Row, reader: Reader) -> (String, Tone) {
    if is_overdue(row, reader.today) {
        return (both("逾期", "Overdue").r#in(reader.lang).to_owned(), Tone::Due);
    }
    let state = State::of(row);
    let tone = match state {
        State::Open => Tone::Plain,
        State::Done | State::Reopened => Tone::Warn,
        State::Verified => Tone::Good,
    };
    (book.label(lists::ACTION, state.key(), reader.lang), tone)
}

/// Which states a filter shows.
fn shows(filter: &str, state: State) -> bool {
    match filter {
        "open" => state.is_to_do(),
        "done" => state == State::Done,
        _ => true,
    }
}

/// The list of actions.
#[component]
pub fn Actions() -> impl IntoView {
    let app = App::here();
    let filter = RwSignal::new("open".to_owned());
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[action::ID, staff::ID, entry::ID], |book| {
            filter.with(|filter| lines(book, |state| shows(filter, state), reader))
        })
    });
    let choices = Signal::derive(move || {
        let counts = app.read(&[action::ID], |book| {
            let states: Vec<State> = book.rows(action::ID).map(|(_, row)| State::of(&row)).collect();
            move |filter: &str| states.iter().filter(|state| shows(filter, **state)).count()
        });
        let choice = |key: &str, words: &str| Choice::new(key, format!("{words} {}", counts(key)));
        vec![
            choice("open", app.say("待整改", "To do")),
            choice("done", app.say("待复查", "To re-check")),
            choice("all", app.say("全部", "All")),
        ]
    });
    view! {
        <PageHead
            title=app.t("整改", "Corrective actions")
            back="#/standards"
            back_label=app.t("返回标准", "Back to standards")
        />
        <Chips
            label=app.t("按状态筛选", "Filter by state")
            value=filter
            choices
            on_choose=Callback::new(move |key| filter.set(key))
            quiet=true
        />
        <Lines label=app.t("整改", "Corrective actions") lines />
        <Show when=move || lines.with(Vec::is_empty)>
            <EmptyState
                icon=Icon::Check
                title=app.t("这里没有整改", "No actions here")
                text=app.t(
                    "检查中不合格的条目可以安排整改：谁、什么时候做完，然后由检查人复查。",
                    "An item that fails in a check can be given a corrective action: who, by when; the inspector then re-checks it.",
                )
            />
        </Show>
    }
}

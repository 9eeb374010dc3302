//! What to do next with a customer: the card opens on it (C4).

use jiff::civil::Date;
use leptos::prelude::*;

use super::{card_of, new_of, part_of};
use crate::book::due::{BIRTHDAY_DAYS, birthday_within, is_open_complaint};
use crate::book::{Book, Reader, Row, RowId};
use crate::domain::annual::Calendar;
use crate::domain::complaint::complaint;
use crate::domain::customer::{contact, customer, dealing, promise, task};
use crate::domain::day::days_between;
use crate::domain::team::settings;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, Lead, LinkButton, List, ListRow, Tone};
use crate::words::{beside, fill, words};

/// The next step, then what else waits: complaints, promises, tasks, a birthday.
#[component]
pub(super) fn Next(id: RowId) -> impl IntoView {
    let app = App::here();
    let waiting = Memo::new(move |_| waiting(app, id));
    let row = move |(icon, title, second, href): Waiting| {
        view! { <ListRow title second lead=Lead::Icon(icon) href /> }
    };
    view! {
        <div class="next">
            <Step id />
        </div>
        <Show when=move || !waiting.with(Vec::is_empty)>
            <List label=app.t("待办事项", "Waiting")>
                <For each=move || waiting.get() key=|item| (item.3.clone(), item.1.clone(), item.2.clone()) children=row />
            </List>
        </Show>
    }
}

/// The next step with its day (C23): done with one tap, or agreed on anew.
#[component]
fn Step(id: RowId) -> impl IntoView {
    let app = App::here();
    let step = Memo::new(move |_| {
        app.read(&[customer::ID], |book| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            (row.text(customer::NEXT_STEP).to_owned(), row.get(customer::NEXT_DAY))
        })
    });
    let none = Memo::new(move |_| step.with(|(what, day)| what.is_empty() && day.is_none()));
    let head = move || {
        let (reader, day) = (app.reader(), step.with(|(_, day)| *day));
        let head = app.say("下一步", "Next step");
        match day {
            Some(day) if day < reader.today => {
                format!("{head} · {} · {}", reader.day(day), app.say("已过期", "overdue"))
            }
            Some(day) if day == reader.today => format!("{head} · {}", app.say("今天", "today")),
            Some(day) => format!("{head} · {}", reader.day(day)),
            None => head.to_owned(),
        }
    };
    let what = move || {
        if none.get() {
            app.say("还没有约定下一步。", "No next step agreed yet.").to_owned()
        } else {
            step.with(|(what, _)| what.clone())
        }
    };
    let done = Callback::new(move |()| {
        let write = app.draft(customer::ID, id).clear(customer::NEXT_STEP).clear(customer::NEXT_DAY).write();
        app.save_with_undo(write.into_iter().collect(), app.say("下一步已完成。", "The next step is done.").to_owned());
    });
    view! {
        <p>{head}</p>
        <p class="next-what">{what}</p>
        <div class="next-ways">
            <Show when=move || !none.get()>
                <Button label=app.t("已完成", "Done") on_press=done icon=Icon::Check />
            </Show>
            <LinkButton
                label=Signal::derive(move || if none.get() { app.say("约定下一步", "Agree on one").to_owned() } else { app.say("再约下一步", "Agree on another").to_owned() })
                href=format!("#{}", new_of(id, dealing::ID))
            />
        </div>
    }
}

/// Icon, what, when, and where a press leads.
type Waiting = (Icon, String, String, String);

fn waiting(app: App, id: RowId) -> Vec<Waiting> {
    let reader = app.reader();
    let rows = |key, of| {
        let ids = app.linked(key, id);
        app.peek(|book| ids.into_iter().filter_map(|id| Some((id, book.live(of, id)?))).collect::<Vec<_>>())
    };
    let mut all = Vec::new();
    for (other, row) in rows(complaint::CUSTOMER, complaint::ID) {
        if is_open_complaint(&row) {
            let since = row.get(complaint::AT).map(|ms| reader.moment(ms)).unwrap_or_default();
            let second = app.fill("投诉未结 · {} 受理", "Open complaint · received {}", &[&since]);
            let href = format!("#/complaints/{other}");
            all.push((Icon::Complaints, row.text(complaint::WORDS).to_owned(), second, href));
        }
    }
    for (other, row) in rows(promise::CUSTOMER, promise::ID) {
        if row.get(promise::SETTLED).is_none() {
            let second =
                row.get(promise::DUE).map(|day| app.fill("承诺 · {} 前", "Promised by {}", &[&reader.day(day)]));
            let href = format!("#{}", part_of(id, promise::ID, other));
            all.push((Icon::Promise, row.text(promise::WHAT).to_owned(), second.unwrap_or_default(), href));
        }
    }
    for (other, row) in rows(task::CUSTOMER, task::ID) {
        if row.get(task::DONE).is_none() {
            let second = row.get(task::DUE).map(|day| app.fill("任务 · {}", "Task · {}", &[&reader.day(day)]));
            let href = format!("#{}", part_of(id, task::ID, other));
            all.push((Icon::Calendar, row.text(task::WHAT).to_owned(), second.unwrap_or_default(), href));
        }
    }
    let persons = rows(contact::CUSTOMER, contact::ID);
    all.extend(app.read(&[customer::ID, settings::ID], |book| birthdays(app, book, id, &persons, reader)));
    all
}

fn birthdays(app: App, book: &Book, id: RowId, persons: &[(RowId, Row)], reader: Reader) -> Vec<Waiting> {
    let days = birthday_days(book);
    let card = book.row(customer::ID, id).unwrap_or_default();
    let own = (card.text(customer::NAME).to_owned(), card.get(customer::BIRTHDAY));
    let others = persons.iter().map(|(_, row)| (row.text(contact::NAME).to_owned(), row.get(contact::BIRTHDAY)));
    let soon = [own].into_iter().chain(others).filter_map(|(name, born)| {
        let born = born?;
        let day = birthday_within(born, reader.today, days)?;
        let what = app.fill("{} 生日", "{}'s birthday", &[&name]);
        let said = (born.calendar() == Calendar::Lunar).then(|| born.show(reader.lang));
        let second = beside([Some(reader.day(day)), said].into_iter().flatten());
        Some((Icon::Cake, what, second, format!("#{}", card_of(id))))
    });
    soon.collect()
}

/// How many days ahead birthdays are shown (C28).
pub(crate) fn birthday_days(book: &Book) -> i64 {
    book.rows(settings::ID).find_map(|(_, row)| row.get(settings::BIRTHDAY_DAYS)).unwrap_or(BIRTHDAY_DAYS)
}

/// A day in few words, and how pressing it is.
pub(crate) fn when(day: Date, reader: Reader) -> (String, Tone) {
    let say = |zh, en| words(zh, en).r#in(reader.lang);
    match days_between(day, reader.today) {
        0 => (say("今天", "Today").to_owned(), Tone::Warn),
        late @ 1.. => (fill(say("晚 {} 天", "{} d late"), &[&late.to_string()]), Tone::Due),
        _ => (reader.day(day), Tone::Plain),
    }
}

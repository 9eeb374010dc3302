//! The lists of the start page.

use futures_util::FutureExt;
use leptos::prelude::*;

use crate::book::{Birthday, Book, Due, Reader, RowWrite};
use crate::domain::customer::{contact, customer, promise, task};
use crate::domain::standard::action;
use crate::ui::app::App;
use crate::ui::complaints::Urgent;
use crate::ui::customers::{card_of, part_of, when};
use crate::ui::icon::Icon;
use crate::ui::later;
use crate::ui::parts::{Badge, Banner, IconButton, LinkButton, List, Section, Tone};
use crate::web::clock;
use crate::words::{Words, beside};

/// So many of each sort are in sight; the others come as these are done.
const MOST: usize = 50;

/// One line of the start page.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Item {
    icon: Icon,
    title: String,
    second: String,
    when: Option<(String, Tone)>,
    href: Option<String>,
    /// What can be closed from here.
    due: Option<Due>,
}

/// Fields of which somebody has to choose a value.
#[component]
pub(super) fn Clashes() -> impl IntoView {
    let app = App::here();
    let count = Memo::new(move |_| app.agenda(|_, agenda| agenda.clashes()));
    let title = move || {
        let count = count.get();
        let english = if count == 1 { "{} customer has two versions" } else { "{} customers have two versions" };
        app.fill("{} 位客户有两个版本待选择", english, &[&count.to_string()])
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <Banner
                tone=Tone::Warn
                title=Signal::derive(title)
                action=move || view! { <LinkButton label=app.t("去选择", "Choose") href="#/customers?show=clash" /> }
            />
        </Show>
    }
}

/// A headed list with its count. Nothing at all while it is empty.
#[component]
pub(super) fn Items(
    heading: Words,
    /// How many there are in all.
    #[prop(into)]
    count: Signal<usize>,
    /// The first of them.
    #[prop(into)]
    items: Signal<Vec<Item>>,
) -> impl IntoView {
    let app = App::here();
    view! {
        <Show when=move || { count.get() > 0 }>
            <Section heading=app.w(heading) remark=Signal::derive(move || Some(count.get().to_string()))>
                <List label=app.w(heading)>
                    <For each=move || items.get() key=Item::clone children=|item| view! { <ItemRow item /> } />
                </List>
            </Section>
        </Show>
    }
}

#[component]
fn ItemRow(item: Item) -> impl IntoView {
    let inside = view! {
        <span class="sign bare">{item.icon.svg()}</span>
        <span class="row-words">
            <span class="row-title">{item.title}</span>
            <span class="row-second">
                {item.when.map(|(label, tone)| view! { <Badge label tone />" " })}
                {item.second}
            </span>
        </span>
    };
    let words = match item.href {
        Some(href) => view! { <a class="row-link" href=format!("#{href}")>{inside}</a> }.into_any(),
        None => view! { <span class="row-link">{inside}</span> }.into_any(),
    };
    view! { <li class="row with-ways">{words} {item.due.map(|due| view! { <Ways due /> })}</li> }
}

/// Done; for a promise, kept or not (C24). A corrective action is closed where its evidence is (S4).
#[component]
fn Ways(due: Due) -> impl IntoView {
    let app = App::here();
    let kind = due.kind;
    let due = StoredValue::new(due);
    let label = move |zh, en| Signal::derive(move || app.fill(zh, en, &[&due.with_value(|due| due.what.clone())]));
    let press = move |good: bool, zh, en| {
        Callback::new(move |()| {
            let write = due.with_value(|due| close(app, due, good));
            app.save_with_undo(write.into_iter().collect(), app.say(zh, en).to_owned());
        })
    };
    match kind {
        action::ID => ().into_any(),
        promise::ID => view! {
            <IconButton label=label("已兑现：{}", "Kept: {}") icon=Icon::Check on_press=press(true, "承诺已兑现。", "The promise is kept.") />
            <IconButton label=label("未兑现：{}", "Not kept: {}") icon=Icon::Cross on_press=press(false, "已记为未兑现。", "Noted as not kept.") />
        }
        .into_any(),
        _ => view! {
            <IconButton label=label("完成：{}", "Done: {}") icon=Icon::Check on_press=press(true, "已完成。", "Done.") />
        }
        .into_any(),
    }
}

fn close(app: App, due: &Due, good: bool) -> Option<RowWrite> {
    let now = i64::try_from(clock::now_ms()).unwrap_or_default();
    let mut draft = app.draft(due.kind, due.id);
    match due.kind {
        task::ID => draft.set(task::DONE, &now),
        promise::ID => draft.set(promise::KEPT, &good).set(promise::SETTLED, &now),
        customer::ID => draft.clear(customer::NEXT_STEP).clear(customer::NEXT_DAY),
        _ => return None,
    };
    draft.write()
}

/// Things to do, as lines: what, of which sort, with whom, when.
pub(super) fn dues(app: App, dues: &[Due]) -> Vec<Item> {
    let reader = app.reader();
    let line = |book: &Book, due: &Due| {
        let part = |kind| due.customer.map(|id| part_of(id, kind, due.id));
        let (icon, sort, href) = match due.kind {
            task::ID => (Icon::Calendar, app.say("任务", "Task"), part(task::ID)),
            promise::ID => (Icon::Promise, app.say("承诺", "Promise"), part(promise::ID)),
            action::ID => {
                (Icon::Standards, app.say("整改", "Correction"), Some(format!("/standards/actions/{}", due.id)))
            }
            _ => (Icon::Person, app.say("下一步", "Next step"), Some(card_of(due.id))),
        };
        let whose = due.customer.map(|id| book.title(customer::ID, id, reader));
        Item {
            icon,
            title: if due.what.is_empty() {
                app.say("联系客户", "Get in touch").to_owned()
            } else {
                due.what.clone()
            },
            second: beside([Some(sort.to_owned()), whose].into_iter().flatten()),
            when: due.day.map(|day| when(day, reader)),
            href,
            due: Some(due.clone()),
        }
    };
    app.read(&[customer::ID], |book| dues.iter().take(MOST).map(|due| line(book, due)).collect())
}

/// How many open complaints there are, and the most pressing as lines with their clock (P6); none before the part that
/// knows the clocks has arrived.
pub(super) fn complaints(app: App) -> (usize, Vec<Item>) {
    let moment = i64::try_from(clock::now_ms()).unwrap_or(i64::MAX);
    let line = |urgent: Urgent| Item {
        icon: Icon::Complaints,
        title: urgent.title,
        second: String::new(),
        when: Some((urgent.when, urgent.tone)),
        href: Some(format!("/complaints/{}", urgent.id)),
        due: None,
    };
    let (count, first) = later::pressing(app, moment, MOST).now_or_never().and_then(Result::ok).unwrap_or_default();
    (count, first.into_iter().map(line).collect())
}

/// Birthdays of customers and key persons, as lines (C28).
pub(super) fn birthdays(app: App, birthdays: &[Birthday]) -> Vec<Item> {
    let reader = app.reader();
    let line = |book: &Book, birthday: &Birthday| {
        let firm = (birthday.kind == contact::ID).then(|| book.title(customer::ID, birthday.customer, reader));
        let parts = [Some(born(app, birthday, reader)), firm].into_iter().flatten();
        Item {
            icon: Icon::Cake,
            title: book.title(birthday.kind, birthday.id, reader),
            second: beside(parts),
            when: Some(when(birthday.day, reader)),
            href: Some(card_of(birthday.customer)),
            due: None,
        }
    };
    app.read(&[contact::ID, customer::ID], |book| birthdays.iter().take(MOST).map(|one| line(book, one)).collect())
}

/// The age if the year is known, and how the day was said if it is a lunar one (G6).
fn born(app: App, birthday: &Birthday, reader: Reader) -> String {
    let age = birthday.born.age_on(birthday.day).filter(|age| *age > 0);
    let age = age.map(|age| app.fill("满 {} 岁", "turns {}", &[&age.to_string()]));
    let lunar = birthday.born.without_year().show(reader.lang);
    let lunar = (birthday.born.calendar() == crate::domain::annual::Calendar::Lunar).then_some(lunar);
    beside([age, lunar].into_iter().flatten())
}

//! The lists of the start page.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::book::{Birthday, Due, Reader, RowId, RowWrite};
use crate::domain::complaint::complaint;
use crate::domain::customer::{contact, customer, promise, task};
use crate::domain::standard::action;
use crate::ui::app::App;
use crate::ui::customers::{card_of, tone_of};
use crate::ui::icon::Icon;
use crate::ui::parts::{Badge, Banner, IconButton, Lead, LinkButton, List, ListRow, Section, Tone};
use crate::web::clock;

/// So many of each sort are in sight; the others come as these are done.
const MOST: usize = 50;

/// Fields of which somebody has to choose a value.
#[component]
pub(super) fn Clashes() -> impl IntoView {
    let app = App::here();
    let count = Memo::new(move |_| app.roll(|_, roll| roll.clashes()));
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

/// What is due and overdue, then what comes.
#[component]
pub(super) fn DueList(due: Memo<Vec<Due>>) -> impl IntoView {
    let app = App::here();
    let part = move |is_due: bool| {
        let today = app.today.get();
        due.with(|all| all.iter().filter(|due| due.is_due(today) == is_due).cloned().collect::<Vec<_>>())
    };
    let now = Memo::new(move |_| part(true));
    let later = Memo::new(move |_| part(false));
    let count = move |of: Memo<Vec<Due>>| Signal::derive(move || Some(of.with(Vec::len).to_string()));
    view! {
        <Show when=move || !now.with(Vec::is_empty)>
            <Section heading=app.t("到期", "Due") remark=count(now)>
                <List label=app.t("到期", "Due")>
                    <For each=move || now.get().into_iter().take(MOST) key=Due::clone children=|due| view! { <DueRow due /> } />
                </List>
            </Section>
        </Show>
        <Show when=move || !later.with(Vec::is_empty)>
            <Section heading=app.t("接下来", "Coming") remark=count(later)>
                <List label=app.t("接下来", "Coming")>
                    <For
                        each=move || later.get().into_iter().take(MOST)
                        key=Due::clone
                        children=|due| view! { <DueRow due /> }
                    />
                </List>
            </Section>
        </Show>
    }
}

/// One thing to do: what, with whom, when; done with one tap.
#[component]
fn DueRow(due: Due) -> impl IntoView {
    let app = App::here();
    let reader = app.reader();
    let whose = due.customer.map(|id| app.peek(|book| book.title(customer::ID, id, reader)));
    let (icon, sort, href) = match due.kind {
        task::ID => {
            (Icon::Calendar, app.say("任务", "Task"), due.customer.map(|id| format!("{}/task/{}", card_of(id), due.id)))
        }
        promise::ID => (
            Icon::Promise,
            app.say("承诺", "Promise"),
            due.customer.map(|id| format!("{}/promise/{}", card_of(id), due.id)),
        ),
        action::ID => (Icon::Standards, app.say("整改", "Correction"), Some(format!("/standards/actions/{}", due.id))),
        _ => (Icon::Person, app.say("下一步", "Next step"), Some(card_of(due.id))),
    };
    let title = if due.what.is_empty() { app.say("联系客户", "Get in touch").to_owned() } else { due.what.clone() };
    let second = [Some(sort.to_owned()), whose].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (day, tone) = (due.day, tone_of(due.day, reader.today));
    let inside = move || {
        view! {
            <span class="sign bare">{icon.svg()}</span>
            <span class="row-words">
                <span class="row-title">{title.clone()}</span>
                <span class="row-second">{second.clone()}</span>
            </span>
            {day.map(|day| view! { <span class="row-trail"><Badge label=when(app, day, reader) tone /></span> })}
        }
    };
    view! {
        <li class="row with-ways">
            {match href {
                Some(href) => view! { <a class="row-link" href=format!("#{href}")>{inside()}</a> }.into_any(),
                None => view! { <span class="row-link">{inside()}</span> }.into_any(),
            }}
            <Ways due />
        </li>
    }
}

fn when(app: App, day: Date, reader: Reader) -> String {
    if day == reader.today { app.say("今天", "Today").to_owned() } else { reader.day(day) }
}

/// Done; for a promise, kept or not (C24). A corrective action is closed where its evidence is (S4).
#[component]
fn Ways(due: Due) -> impl IntoView {
    let app = App::here();
    let due = StoredValue::new(due);
    let kind = due.with_value(|due| due.kind);
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

/// Complaints that wait, the oldest first, with their age (P6).
#[component]
pub(super) fn Complaints(complaints: Memo<Vec<RowId>>) -> impl IntoView {
    let app = App::here();
    let row = move |id: RowId| {
        let reader = app.reader();
        let (title, who, age) = app.peek(|book| {
            let row = book.row(complaint::ID, id).unwrap_or_default();
            let at = row.get(complaint::AT).and_then(|ms| reader.local(ms)).map(|(date, ..)| date);
            let named = row.get(complaint::CUSTOMER).map(|id| book.title(customer::ID, id, reader));
            let who = named.unwrap_or_else(|| row.text(complaint::WHO).to_owned());
            (book.title(complaint::ID, id, reader), who, at.map(|at| age(app, at, reader.today)))
        });
        let trail = move || age.clone().map(|(label, tone)| view! { <Badge label tone /> });
        let href = format!("#/complaints/{id}");
        view! { <ListRow title second=who lead=Lead::Icon(Icon::Complaints) href trail /> }
    };
    let count = Signal::derive(move || Some(complaints.with(Vec::len).to_string()));
    view! {
        <Show when=move || !complaints.with(Vec::is_empty)>
            <Section heading=app.t("未结投诉", "Open complaints") remark=count>
                <List label=app.t("未结投诉", "Open complaints")>
                    <For
                        each=move || complaints.get().into_iter().take(MOST)
                        key=|id| *id
                        children=row
                    />
                </List>
            </Section>
        </Show>
    }
}

/// How old a complaint is. Its limits count in open hours and are shown at its own place.
fn age(app: App, at: Date, today: Date) -> (String, Tone) {
    match today.since(at).map_or(0, |span| span.get_days()) {
        ..=0 => (app.say("今天", "Today").to_owned(), Tone::Warn),
        1 => (app.fill("{} 天", "{} day", &["1"]), Tone::Due),
        days => (app.fill("{} 天", "{} days", &[&days.to_string()]), Tone::Due),
    }
}

/// Birthdays of customers and key persons (C28).
#[component]
pub(super) fn Birthdays(birthdays: Memo<Vec<Birthday>>) -> impl IntoView {
    let app = App::here();
    let row = move |birthday: Birthday| {
        let reader = app.reader();
        let name = app.peek(|book| book.title(birthday.kind, birthday.id, reader));
        let firm = (birthday.kind == contact::ID)
            .then(|| app.peek(|book| book.title(customer::ID, birthday.customer, reader)));
        let age = birthday.born.age_on(birthday.day).filter(|age| *age > 0);
        let age = age.map(|age| app.fill("满 {} 岁", "turns {}", &[&age.to_string()]));
        let parts = [Some(birthday.born.show(reader.lang)), age, firm];
        let second = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let (label, tone) = (when(app, birthday.day, reader), tone_of(Some(birthday.day), reader.today));
        let trail = move || view! { <Badge label=label.clone() tone /> };
        let href = format!("#{}", card_of(birthday.customer));
        view! { <ListRow title=name second lead=Lead::Icon(Icon::Cake) href trail /> }
    };
    view! {
        <Show when=move || !birthdays.with(Vec::is_empty)>
            <Section heading=app.t("生日", "Birthdays")>
                <List label=app.t("生日", "Birthdays")>
                    <For
                        each=move || birthdays.get().into_iter().take(MOST)
                        key=|birthday| (birthday.id, birthday.day)
                        children=row
                    />
                </List>
            </Section>
        </Show>
    }
}

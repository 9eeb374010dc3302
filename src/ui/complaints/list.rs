//! The list of complaints, the most pressing first.

use std::collections::HashSet;

use leptos::prelude::*;

use super::{Clocks, wording};
use crate::book::docket::Brief;
use crate::book::{Book, Docket, Reader, RowId};
use crate::domain::complaint::clock::{self, Due};
use crate::domain::complaint::{Case, State, complaint};
use crate::domain::customer::customer;
use crate::domain::team::entry;
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Banner, Button, Choice, EmptyState, Fab, LinkButton, List, ListRow, ManyChips, PageHead, SearchBox, Tone,
};
use crate::words::beside;

/// Rows shown at first, and with every press on "more".
const PAGE: usize = 60;
/// Characters of what the customer said that a line shows.
const EXCERPT: usize = 100;
/// How many customers a search looks among.
const CUSTOMERS: usize = 200;

/// One row: what is sorted, filtered and shown.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Line {
    id: RowId,
    title: String,
    second: String,
    badge: String,
    tone: &'static str,
    serious: Option<String>,
}

/// The list of complaints by clock, with search and filters.
#[component]
pub fn ComplaintList(
    /// The moment and the rules.
    clocks: Clocks,
    /// The complaint whose card is open.
    current: Signal<Option<RowId>>,
) -> impl IntoView {
    let app = App::here();
    let text = RwSignal::new(String::new());
    let filters = RwSignal::new(vec!["open".to_owned()]);
    let shown = RwSignal::new(PAGE);
    let any = Signal::derive(move || app.docket(|_, docket| docket.by_clock().next().is_some()));
    let found = Memo::new(move |_| {
        let wanted = found(app, &text.get());
        let (filters, me) = (filters.get(), app.me.get());
        let passes = |brief: &&Brief| passes(brief, &filters, me) && wanted.as_ref().is_none_or(|all| all.holds(brief));
        app.docket(|_, docket| docket.by_clock().filter(passes).map(|brief| brief.id).collect::<Vec<_>>())
    });
    let lines = Memo::new(move |_| {
        let (now, reader) = (clocks.now.get(), app.reader());
        app.read(&[customer::ID, entry::ID], |_| ());
        let line = |book: &Book, docket: &Docket, id| {
            let case = docket.case(book, id)?;
            let due = clock::due(&case, docket.rules(), now);
            Some(line(book, &case, due, reader))
        };
        let shown = found.with(|found| found.iter().copied().take(shown.get()).collect::<Vec<_>>());
        app.docket(|book, docket| shown.into_iter().filter_map(|id| line(book, docket, id)).collect::<Vec<_>>())
    });
    let more = move || found.with(Vec::len) > shown.get();
    let type_text = Callback::new(move |typed| text.set(typed));
    let choose = Callback::new(move |chosen| filters.set(chosen));
    view! {
        <PageHead title=app.t("投诉", "Complaints") />
        <div class="tools">
            <SearchBox
                label=app.t("查找编号、客户、内容", "Number, customer, words")
                value=text
                on_input=type_text
                clear_label=app.t("清除", "Clear")
            />
            <ManyChips
                label=app.t("筛选", "Filter")
                values=filters
                choices=Signal::derive(move || choices(app))
                on_change=choose
                quiet=true
            />
            <p class="list-count" role="status">
                {move || app.fill("共 {} 条", "{} in the list", &[&found.with(Vec::len).to_string()])}
            </p>
        </div>
        <Trouble clocks />
        <Show
            when=move || !found.with(Vec::is_empty)
            fallback=move || view! { <Empty any filters text /> }
        >
            <div class="by-clock"><List label=app.t("投诉", "Complaints")>
                <For
                    each=move || lines.get()
                    key=|line| line.clone()
                    children=move |line| row(line, current)
                />
            </List></div>
        </Show>
        <Show when=more>
            <Button
                label=app.t("再显示一些", "Show more")
                on_press=Callback::new(move |()| shown.update(|shown| *shown += PAGE))
                wide=true
            />
        </Show>
        <Allowed kind=complaint::ID><Fab label=app.t("记投诉", "Take a complaint") href="#/complaints/new" /></Allowed>
    }
}

/// What a search finds: complaints by their own words, and those of customers who are found.
struct Wanted {
    complaints: HashSet<RowId>,
    customers: HashSet<RowId>,
}

impl Wanted {
    fn holds(&self, brief: &Brief) -> bool {
        self.complaints.contains(&brief.id) || brief.customer.is_some_and(|id| self.customers.contains(&id))
    }
}

fn found(app: App, text: &str) -> Option<Wanted> {
    let ids = |kind, limit| app.find(kind, text, limit).into_iter().map(|found| found.id).collect();
    (!text.trim().is_empty())
        .then(|| Wanted { complaints: ids(complaint::ID, usize::MAX), customers: ids(customer::ID, CUSTOMERS) })
}

/// The filters: those of one sort widen, different sorts narrow each other.
fn passes(brief: &Brief, filters: &[String], me: Option<RowId>) -> bool {
    let on = |key: &str| filters.iter().any(|filter| filter == key);
    let any = |keys: &[&str], is: &dyn Fn(&str) -> bool| {
        !keys.iter().any(|key| on(key)) || keys.iter().any(|key| on(key) && is(key))
    };
    let state = brief.state;
    any(&["open", "waiting", "closed"], &|key| match key {
        "open" => state.is_open(),
        "waiting" => state == State::Waiting,
        _ => !state.is_open(),
    }) && any(&["mine"], &|_| me.is_some() && brief.staff == me)
        && any(&["serious", "ordinary", "slight"], &|key| brief.severity == key)
}

fn choices(app: App) -> Vec<Choice> {
    let label = |list, key: &str| app.read(&[entry::ID], |book| book.label(list, key, app.lang.get()));
    let severity = |key| Choice::new(key, label(crate::domain::lists::SEVERITY, key));
    let mut choices = vec![
        Choice::new("open", app.say("未结", "Open")),
        Choice::new("waiting", app.say("等待客户", "Waiting")),
        Choice::new("closed", app.say("已结", "Closed")),
    ];
    if app.me.get().is_some() {
        choices.push(Choice::new("mine", app.say("我的", "Mine")));
    }
    choices.extend([severity("serious"), severity("ordinary"), severity("slight")]);
    choices
}

fn line(book: &Book, case: &Case, due: Option<Due>, reader: Reader) -> Line {
    let number = case.row.text(complaint::NUMBER);
    let words = case.row.text(complaint::WORDS);
    let serious = case.row.text(complaint::SEVERITY) == "serious" && case.state().is_open();
    let severity = || book.label(crate::domain::lists::SEVERITY, "serious", reader.lang);
    let (badge, tone) = match due {
        Some(due) => (wording::due(due, reader.lang), wording::tone(due.urgency)),
        None => (wording::state(book, case.state(), reader.lang), Tone::Plain),
    };
    Line {
        id: case.id,
        title: wording::title(book, &case.row, reader),
        // Two lines are shown; an imported narrative may have pages.
        second: beside([number.to_owned(), words.chars().take(EXCERPT).collect()]),
        badge,
        tone: tone.name(),
        serious: serious.then(severity),
    }
}

fn row(line: Line, current: Signal<Option<RowId>>) -> impl IntoView {
    let id = line.id;
    let tone =
        [Tone::Good, Tone::Warn, Tone::Due].into_iter().find(|tone| tone.name() == line.tone).unwrap_or_default();
    let (badge, serious) = (line.badge, line.serious);
    let trail = move || {
        let (badge, serious) = (badge.clone(), serious.clone());
        view! {
            <Badge label=badge tone />
            {serious.map(|label| view! { <Badge label /> })}
        }
    };
    let is_current = Signal::derive(move || current.get() == Some(id));
    view! { <ListRow title=line.title second=line.second href=format!("#/complaints/{id}") current=is_current trail /> }
}

/// An empty list says why it is empty and what to do.
#[component]
fn Empty(any: Signal<bool>, filters: RwSignal<Vec<String>>, text: RwSignal<String>) -> impl IntoView {
    let app = App::here();
    let clear = Callback::new(move |()| {
        filters.set(Vec::new());
        text.set(String::new());
    });
    let all_done = move || text.with(|text| text.trim().is_empty()) && filters.with(|filters| filters == &["open"]);
    let show_all = move || view! { <Button label=app.t("看全部", "Show all") on_press=clear /> };
    move || {
        if any.get() && all_done() {
            view! {
                <EmptyState
                    icon=Icon::Check
                    title=app.t("没有未结的投诉", "No open complaint")
                    text=app.t("都处理完了。", "All of them have been dealt with.")
                    action=show_all
                />
            }
            .into_any()
        } else if any.get() {
            view! {
                <EmptyState
                    icon=Icon::Filter
                    title=app.t("没有符合的投诉", "No complaint matches")
                    text=app.t("换个词，或者看全部。", "Try another word, or show all.")
                    action=show_all
                />
            }
            .into_any()
        } else {
            view! {
                <EmptyState
                    icon=Icon::Complaints
                    title=app.t("还没有投诉", "No complaints yet")
                    text=app.t(
                        "客户还在说，三十秒就能记下：原话、是谁、要什么。没有网络也能记，编号当场就有。",
                        "Thirty seconds while the customer is still talking: their words, who, what they wish. It works with no network, and the number is there at once.",
                    )
                    action=move || view! {
                        <Allowed kind=complaint::ID>
                            <LinkButton
                                label=app.t("记第一条投诉", "Take the first complaint")
                                href="#/complaints/new"
                                kind=crate::ui::parts::ButtonKind::Primary
                            />
                        </Allowed>
                    }
                />
            }
            .into_any()
        }
    }
}

/// Settings that the clocks cannot read.
#[component]
fn Trouble(clocks: Clocks) -> impl IntoView {
    let app = App::here();
    let text =
        Signal::derive(move || clocks.rules.with(|rules| rules.errors.first().map(|error| error.text(app.lang.get()))));
    view! {
        <Show when=move || text.with(Option::is_some)>
            <Banner tone=Tone::Warn title=app.t("设置里的工作时间要改一下", "The working time in the settings needs a look") text />
        </Show>
    }
}

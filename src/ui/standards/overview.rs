//! The overview: what is unfinished or due, the latest scores, the standards.

use leptos::prelude::*;

use super::lines::{Line, Lines};
use super::words::{NAMES, check_line, joined};
use super::{actions, words};
use crate::book::{Book, Reader};
use crate::domain::standard::checks::{Check, QUICK, READ};
use crate::domain::standard::correction::{State, is_overdue};
use crate::domain::standard::shelf::Standard;
use crate::domain::standard::{action, check, standard};
use crate::domain::team::staff;
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, Fab, LinkButton, PageHead, Section, Stat, Stats, Tone};
use crate::ui::route;
use crate::words::words as both;

/// Completed checks shown before "all".
const LATEST: usize = 4;

/// The overview of the area.
#[component]
pub fn Overview() -> impl IntoView {
    let app = App::here();
    let checks = Memo::new(move |_| app.read(&[check::ID], Check::all));
    let lines_of = move |wanted: fn(&Check) -> bool, limit: usize| {
        let reader = app.reader();
        checks.with(|all| {
            let some: Vec<&Check> = all.iter().filter(|check| wanted(check)).take(limit).collect();
            app.read(&NAMES, |book| some.iter().map(|check| check_line(book, check, reader)).collect::<Vec<_>>())
        })
    };
    let unfinished = Memo::new(move |_| lines_of(|check| check.done.is_none(), usize::MAX));
    let latest = Memo::new(move |_| lines_of(|check| check.done.is_some(), LATEST));
    let all_checks =
        move || view! { <LinkButton label=app.t("全部", "All") href="#/standards/checks" kind=ButtonKind::Plain /> };
    view! {
        <PageHead title=app.t("服务标准", "Service standards") />
        <Allowed kind=check::ID>
            <div class="actions">
                <LinkButton label=app.t("开始检查", "New check") href="#/standards/start" icon=Icon::Standards />
                <LinkButton label=app.t("记接待", "New reception") href="#/standards/reception/new" icon=Icon::Person />
            </div>
        </Allowed>
        <Figures checks />
        <Show when=move || !unfinished.with(Vec::is_empty)>
            <Section heading=app.t("未完成的检查", "Unfinished checks")>
                <Lines label=app.t("未完成的检查", "Unfinished checks") lines=unfinished />
            </Section>
        </Show>
        <DueActions />
        <Show when=move || !latest.with(Vec::is_empty)>
            <Section heading=app.t("最近得分", "Latest scores") action=all_checks>
                <Lines label=app.t("最近得分", "Latest scores") lines=latest />
            </Section>
        </Show>
        <Shelf />
        <Allowed kind=check::ID><Fab label=app.t("七步快记", "Quick ticks") href="#/standards/quick" icon=Icon::Check /></Allowed>
    }
}

/// Checks and their average this month, receptions.
#[component]
fn Figures(checks: Memo<Vec<Check>>) -> impl IntoView {
    let app = App::here();
    let month = Memo::new(move |_| {
        let reader = app.reader();
        let in_month = |ms: i64| {
            let day = reader.local(ms).map(|(day, ..)| day);
            day.is_some_and(|day| (day.year(), day.month()) == (reader.today.year(), reader.today.month()))
        };
        checks.with(|all| {
            let done = all.iter().filter(|check| check.done.is_some() && in_month(check.at));
            let (quick, full): (Vec<&Check>, Vec<&Check>) = done.partition(|check| check.usage == QUICK);
            let scores: Vec<i64> = full.iter().filter_map(|check| check.score).collect();
            let count = i64::try_from(scores.len()).unwrap_or(i64::MAX);
            (full.len(), quick.len(), (count > 0).then(|| scores.iter().sum::<i64>() / count))
        })
    });
    let average = move || words::score(month.get().2);
    view! {
        <Stats>
            <Stat
                value=Signal::derive(move || month.get().0.to_string())
                label=app.t("本月检查", "Checks this month")
                href="#/standards/checks"
            />
            <Stat
                value=Signal::derive(move || average().0)
                label=app.t("本月平均分", "Average this month")
                tone=Signal::derive(move || average().1)
                href="#/standards/checks"
            />
            <Stat
                value=Signal::derive(move || month.get().1.to_string())
                label=app.t("本月快记", "Quick ticks")
                href="#/standards/checks"
            />
        </Stats>
    }
}

/// Corrective actions that somebody still has to do or to re-check (S4).
#[component]
fn DueActions() -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[action::ID, staff::ID], |book| actions::lines(book, |state| state != State::Verified, reader))
    });
    let overdue = Memo::new(move |_| {
        let today = app.today.get();
        app.read(&[action::ID], |book| book.rows(action::ID).filter(|(_, row)| is_overdue(row, today)).count())
    });
    let remark = Signal::derive(move || {
        let late = overdue.get();
        (late > 0).then(|| app.fill("{} 项逾期", "{} overdue", &[&late.to_string()]))
    });
    let all =
        move || view! { <LinkButton label=app.t("全部", "All") href="#/standards/actions" kind=ButtonKind::Plain /> };
    let first = Signal::derive(move || lines.with(|lines| lines.iter().take(LATEST).cloned().collect::<Vec<_>>()));
    view! {
        <Show when=move || !lines.with(Vec::is_empty)>
            <Section heading=app.t("整改", "Corrective actions") remark action=all>
                <Lines label=app.t("整改", "Corrective actions") lines=first />
            </Section>
        </Show>
    }
}

/// The standards, and what was learnt from receptions.
#[component]
fn Shelf() -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&READ, |book| shelf(book, reader))
    });
    let add = Callback::new(move |()| route::go(&format!("/standards/s/{}/edit", app.new_id())));
    let add = move || {
        view! { <Allowed kind=standard::ID><Button label=app.t("新建", "New") icon=Icon::Plus kind=ButtonKind::Plain on_press=add /></Allowed> }
    };
    let receptions = Signal::derive(move || {
        vec![Line {
            title: app.say("接待记录与分析", "Reception records and reports").to_owned(),
            second: app.say("在哪一步离开，哪种接近有效", "Where visitors leave, which approach works").to_owned(),
            href: "#/standards/reception".to_owned(),
            badge: None,
        }]
    });
    view! {
        <Section heading=app.t("标准", "Standards") action=add>
            <Lines label=app.t("标准", "Standards") lines />
        </Section>
        <Section heading=app.t("接待", "Receptions")>
            <Lines label=app.t("接待", "Receptions") lines=receptions />
        </Section>
    }
}

fn shelf(book: &Book, reader: Reader) -> Vec<Line> {
    let badge = |standard: &Standard| {
        let (words, tone) = if standard.retired {
            (both("已停用", "Retired"), Tone::Plain)
        } else if standard.draft.is_some() {
            (both("草稿", "Draft"), Tone::Warn)
        } else {
            return None;
        };
        Some((words.r#in(reader.lang).to_owned(), tone))
    };
    let line = |standard: Standard| Line {
        second: joined([
            standard.current.as_ref().map(|now| {
                crate::words::fill(both("第 {} 版", "Edition {}").r#in(reader.lang), &[&now.number.to_string()])
            }),
            Some(standard.purpose.r#in(reader.lang).to_owned()),
        ]),
        href: format!("#/standards/s/{}", standard.id),
        badge: badge(&standard),
        title: standard.name.r#in(reader.lang).to_owned(),
    };
    let (retired, used): (Vec<_>, Vec<_>) = Standard::all(book).into_iter().partition(|standard| standard.retired);
    used.into_iter().chain(retired).map(line).collect()
}

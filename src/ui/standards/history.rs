//! Scores over time (S10): by standard and person, the items that fail most, every check.

use leptos::prelude::*;

use super::choose::{RowSelect, StandardSelect};
use super::lines::Lines;
use super::words::{NAMES, check_line, joined, person, score, standard_name};
use crate::book::RowId;
use crate::domain::standard::check;
use crate::domain::standard::checks::{self, Check, QUICK};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Bar, BarChart, EmptyState, LinkButton, PageHead, Section};

/// Scores drawn, and items named.
const DRAWN: usize = 12;
/// Checks listed.
const LISTED: usize = 100;

/// The history of checks.
#[component]
pub fn Checks() -> impl IntoView {
    let app = App::here();
    let (of, by) = (RwSignal::new(None::<RowId>), RwSignal::new(None::<RowId>));
    let wanted = move |check: &Check| {
        of.get().is_none_or(|of| check.standard == of) && (by.get().is_none() || check.staff == by.get())
    };
    let checks = Memo::new(move |_| {
        let all = app.read(&[check::ID], Check::all);
        all.into_iter().filter(wanted).collect::<Vec<_>>()
    });
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&NAMES, |book| {
            checks.with(|all| all.iter().take(LISTED).map(|check| check_line(book, check, reader)).collect::<Vec<_>>())
        })
    });
    let count = Signal::derive(move || Some(checks.with(Vec::len).to_string()));
    let none = move || lines.with(Vec::is_empty);
    let start = move || view! { <LinkButton label=app.t("开始检查", "Start a check") href="#/standards/start" /> };
    view! {
        <PageHead
            title=app.t("检查与得分", "Checks and scores")
            back="#/standards" back_label=app.t("返回标准", "Back to standards")
        />
        <div class="filters">
            <StandardSelect label=app.t("标准", "Standard") value=of empty=app.t("全部标准", "All standards") />
            <RowSelect
                label=app.t("被检查人", "Who is checked") of=staff::ID value=by
                empty=app.t("所有人", "Everybody")
            />
        </div>
        <Show when=move || !none() fallback=move || view! {
            <EmptyState
                icon=Icon::Standards
                title=app.t("还没有检查", "No checks yet")
                text=app.t(
                    "完成的检查会在这里显示得分的变化和最常不合格的条目。",
                    "Completed checks show here how scores move and which items fail most.",
                )
                action=start
            />
        }>
            <Scores checks />
            <Failures of by />
            <Section heading=app.t("检查", "Checks") remark=count>
                <Lines label=app.t("检查", "Checks") lines />
            </Section>
        </Show>
    }
}

/// The latest scores, oldest first. Quick ticks are another measure and stay out.
#[component]
fn Scores(checks: Memo<Vec<Check>>) -> impl IntoView {
    let app = App::here();
    let bars = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&NAMES, |book| {
            checks.with(|all| {
                let done = all.iter().filter(|check| check.done.is_some() && check.usage != QUICK);
                let mut bars: Vec<_> = done.filter_map(|check| Some((check, check.score?))).take(DRAWN).collect();
                bars.reverse();
                let day = |at: i64| reader.local(at).map(|(day, ..)| reader.day(day));
                let label = |check: &Check| match person(book, check.staff, reader) {
                    Some(name) => joined([day(check.at), Some(name)]),
                    None => joined([day(check.at), Some(standard_name(book, check.standard, reader))]),
                };
                #[allow(clippy::cast_precision_loss)] // 0 to 100
                let bar = |(check, percent): (&Check, i64)| Bar {
                    label: label(check),
                    value: percent as f64,
                    text: score(Some(percent)).0,
                    href: Some(format!("#/standards/check/{}", check.id)),
                };
                bars.into_iter().map(bar).collect::<Vec<_>>()
            })
        })
    });
    let heads = Signal::derive(move || (app.say("检查", "Check").to_owned(), app.say("得分", "Score").to_owned()));
    view! {
        <Show when=move || bars.with(|bars| bars.len() > 1)>
            <BarChart
                title=app.t("得分变化", "Scores over time")
                bars
                table_label=app.t("看表格", "Show as a table")
                heads
            />
        </Show>
    }
}

/// The items that failed most often.
#[component]
fn Failures(of: RwSignal<Option<RowId>>, by: RwSignal<Option<RowId>>) -> impl IntoView {
    let app = App::here();
    let bars = Memo::new(move |_| {
        let lang = app.lang.get();
        let (of, by) = (of.get(), by.get());
        let wanted = |check: &Check| of.is_none_or(|of| check.standard == of) && (by.is_none() || check.staff == by);
        let all = app.read(&NAMES, |book| checks::most_failed(book, wanted));
        #[allow(clippy::cast_precision_loss)] // counts of checks
        let bar = |failures: checks::Failures| Bar {
            label: failures.text.r#in(lang).to_owned(),
            value: failures.failed as f64,
            text: format!("{} / {}", failures.failed, failures.answered),
            href: None,
        };
        all.into_iter().take(DRAWN).map(bar).collect::<Vec<_>>()
    });
    let heads = Signal::derive(move || {
        (app.say("条目", "Item").to_owned(), app.say("不合格 / 检查次数", "Failed / checked").to_owned())
    });
    view! {
        <Show when=move || !bars.with(Vec::is_empty)>
            <BarChart
                title=app.t("最常不合格的条目", "Items that fail most")
                bars
                table_label=app.t("看表格", "Show as a table")
                heads
            />
        </Show>
    }
}

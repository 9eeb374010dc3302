//! 投诉: the list by clock, the intake, the card of a complaint with its CLEAR steps, talks and log.

pub mod acting;
pub mod card;
pub mod clear;
pub mod edit;
pub mod intake;
pub mod list;
pub mod log;
pub mod next;
pub mod paper;
pub mod sheets;
pub mod talks;
pub mod wording;

use std::time::Duration;

use leptos::prelude::*;

use crate::book::RowId;
use crate::domain::complaint::clock::{self, Rules};
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::team::entry;
use crate::ui::allowed::{Allowed, Writing};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::lasting::{Lasting, LastingMemo};
use crate::ui::parts::{EmptyState, LinkButton, Split, Tone};
use crate::web::clock::now_ms;

use card::Card;
use edit::Edit;
use intake::Intake;
use list::ComplaintList;

/// How often the clocks are looked at: they show whole minutes.
const TICK: Duration = Duration::from_secs(20);

/// What the clocks need: the moment and the shop's rules.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// Now, in milliseconds since 1970.
    pub now: Lasting<i64>,
    /// The shop's rules.
    pub rules: LastingMemo<Rules>,
}

/// What stands beside the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Beside {
    Nothing,
    Intake,
    Card(RowId),
    Edit(RowId),
}

/// 投诉
#[component]
pub fn Complaints() -> impl IntoView {
    let app = App::here();
    let clocks =
        Clocks { now: ticking(), rules: LastingMemo::memo(move || app.docket(|_, docket| docket.rules().clone())) };
    let beside = LastingMemo::memo(move || app.route.with(|route| beside(&route.parts())));
    let current = Signal::derive(move || match beside.get() {
        Beside::Card(id) | Beside::Edit(id) => Some(id),
        _ => None,
    });
    view! {
        <Split
            open=Signal::derive(move || beside.get() != Beside::Nothing)
            list=move || view! { <ComplaintList clocks current /> }
        >
            {move || match beside.get() {
                Beside::Intake => view! {
                    <Writing kind=complaint::ID back="#/complaints"><Intake clocks /></Writing>
                }.into_any(),
                Beside::Card(id) => view! { <Card id clocks /> }.into_any(),
                Beside::Edit(id) => view! { <Edit id /> }.into_any(),
                Beside::Nothing => view! { <Nothing /> }.into_any(),
            }}
        </Split>
    }
}

fn beside(parts: &[&str]) -> Beside {
    let id = |text: &str| RowId::parse(text);
    match parts {
        [_, "new"] => Beside::Intake,
        [_, of] => id(of).map_or(Beside::Nothing, Beside::Card),
        [_, of, "edit"] => id(of).map_or(Beside::Nothing, Beside::Edit),
        _ => Beside::Nothing,
    }
}

/// What stands beside the list while no card is open.
#[component]
fn Nothing() -> impl IntoView {
    let app = App::here();
    view! {
        <EmptyState
            icon=Icon::Complaints
            title=app.t("选一条投诉", "Choose a complaint")
            text=app.t("先处理心情，再处理事情。卡片会一步一步带着您做。", "Feelings first, matter second. The card leads you step by step.")
            action=move || view! { <Allowed kind=complaint::ID><LinkButton label=app.t("记投诉", "Take a complaint") href="#/complaints/new" icon=Icon::Plus /></Allowed> }
        />
    }
}

/// The moment, kept up to date while the screen lives.
fn ticking() -> Lasting<i64> {
    let now = Lasting::new(now());
    let ticks = set_interval_with_handle(move || now.set(self::now()), TICK);
    on_cleanup(move || {
        if let Ok(ticks) = ticks {
            ticks.clear();
        }
    });
    now
}

/// Now, in milliseconds since 1970.
fn now() -> i64 {
    i64::try_from(now_ms()).unwrap_or(i64::MAX)
}

/// An open complaint with its clock, for the Today screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Urgent {
    /// The complaint; its card is at `#/complaints/ID`.
    pub id: RowId,
    /// Whose it is and what kind.
    pub title: String,
    /// Which clock, and how much is left of it.
    pub when: String,
    /// Whether it is near its end or run over.
    pub tone: Tone,
}

/// How many complaints have a clock, and so many of them, the most pressing first (P6). To be called where it may run
/// again: it listens to the book; `moment` is now, in milliseconds since 1970.
pub fn open_by_clock(app: App, moment: i64, most: usize) -> (usize, Vec<Urgent>) {
    let reader = app.reader();
    app.read(&[customer::ID, entry::ID], |_| ());
    app.docket(|book, docket| {
        let line = |id| {
            let case = docket.case(book, id)?;
            let due = clock::due(&case, docket.rules(), moment)?;
            let (title, when) = (wording::title(book, &case.row, reader), wording::due(due, reader.lang));
            Some(Urgent { id, title, when, tone: wording::tone(due.urgency) })
        };
        let mut open = docket.by_clock().filter(|brief| brief.has_clock).map(|brief| brief.id);
        let first = open.by_ref().take(most).filter_map(line).collect::<Vec<_>>();
        (first.len() + open.count(), first)
    })
}

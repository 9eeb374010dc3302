//! Service standards: the overview on the left, and what is open of it: a standard, a check, quick ticks, receptions,
//! corrective actions.

pub mod action;
pub mod actions;
pub mod check;
pub mod choose;
pub mod clash;
pub mod compare;
pub mod edit;
pub mod edit_item;
pub mod edit_part;
pub mod follow_up;
pub mod history;
pub mod item;
pub mod kept;
pub mod lines;
pub mod overview;
pub mod quick;
pub mod read;
pub mod reception;
pub mod receptions;
pub mod report;
pub mod run;
pub mod start;
pub mod words;

use leptos::prelude::*;

use crate::book::RowId;
use crate::domain::standard as domain;
use crate::ui::allowed::Writing;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{EmptyState, LinkButton, PageHead, Split};

/// What of the area is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Overview,
    Standard(RowId),
    Edit(RowId),
    Start,
    Check(RowId),
    Checks,
    Quick,
    Receptions,
    NewReception,
    Reception(RowId),
    EditReception(RowId),
    Actions,
    Action(RowId),
    Unknown,
}

impl Place {
    fn of(parts: &[&str]) -> Self {
        let row = |id: &str, place: fn(RowId) -> Self| RowId::parse(id).map_or(Self::Unknown, place);
        match parts {
            [_] | [] => Self::Overview,
            [_, "s", id] => row(id, Self::Standard),
            [_, "s", id, "edit"] => row(id, Self::Edit),
            [_, "start"] => Self::Start,
            [_, "check", id] => row(id, Self::Check),
            [_, "checks"] => Self::Checks,
            [_, "quick"] => Self::Quick,
            [_, "reception"] => Self::Receptions,
            [_, "reception", "new"] => Self::NewReception,
            [_, "reception", id] => row(id, Self::Reception),
            [_, "reception", id, "edit"] => row(id, Self::EditReception),
            [_, "actions"] => Self::Actions,
            [_, "actions", id] => row(id, Self::Action),
            _ => Self::Unknown,
        }
    }

    fn view(self) -> AnyView {
        match self {
            Self::Overview => view! { <Nothing /> }.into_any(),
            Self::Standard(id) => view! { <read::StandardCard id /> }.into_any(),
            Self::Edit(id) => view! { <edit::StandardEditor id /> }.into_any(),
            Self::Start => {
                view! { <Writing kind=domain::check::ID back="#/standards"><start::StartCheck /></Writing> }.into_any()
            }
            Self::Check(id) => view! { <check::CheckScreen id /> }.into_any(),
            Self::Checks => view! { <history::Checks /> }.into_any(),
            Self::Quick => {
                view! { <Writing kind=domain::check::ID back="#/standards"><quick::QuickTicks /></Writing> }.into_any()
            }
            Self::Receptions => view! { <receptions::Receptions /> }.into_any(),
            Self::NewReception => {
                view! { <Writing kind=domain::reception::ID back="#/standards"><reception::ReceptionForm /></Writing> }
                    .into_any()
            }
            Self::Reception(id) => view! { <receptions::ReceptionCard id /> }.into_any(),
            Self::EditReception(id) => view! { <reception::ReceptionForm id /> }.into_any(),
            Self::Actions => view! { <actions::Actions /> }.into_any(),
            Self::Action(id) => view! { <action::ActionCard id /> }.into_any(),
            Self::Unknown => view! { <Missing /> }.into_any(),
        }
    }
}

/// 标准
#[component]
pub fn Standards() -> impl IntoView {
    let app = App::here();
    let place = Memo::new(move |_| app.route.with(|route| Place::of(&route.parts())));
    let open = Signal::derive(move || place.get() != Place::Overview);
    view! {
        <Split open list=|| view! { <overview::Overview /> }>
            {move || place.get().view()}
        </Split>
    }
}

/// What stands beside the overview while nothing is open.
#[component]
fn Nothing() -> impl IntoView {
    let app = App::here();
    view! {
        <EmptyState
            icon=Icon::Standards
            title=app.t("好的服务可以一步一步做到", "Good service is done step by step")
            text=app.t(
                "在左边打开一个标准，开始一次检查，或记下刚接待的一位顾客。",
                "Open a standard on the left, start a check, or note the visitor you have just served.",
            )
        />
    }
}

/// What stands where a record is gone or an address is wrong.
#[component]
fn Missing() -> impl IntoView {
    let app = App::here();
    let title = app.t("没有找到", "Not found");
    view! {
        <PageHead title back="#/standards" back_label=app.t("返回标准", "Back to standards") />
        <EmptyState
            icon=Icon::Search
            title=app.t("这条记录不在本机", "This record is not on this device")
            text=app.t("它可能已被删除，或还没有同步到这里。", "It may have been deleted, or it has not arrived here yet.")
            action=move || view! { <LinkButton label=app.t("返回标准", "Back to standards") href="#/standards" /> }
        />
    }
}

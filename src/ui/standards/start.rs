//! Starting a check: of what, in which way, of whom (S3).

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose::{RowSelect, StandardSelect};
use crate::book::RowId;
use crate::domain::lists;
use crate::domain::standard::check;
use crate::domain::standard::checks::{self, QUICK, SELF_CHECK};
use crate::domain::standard::shelf::Standard;
use crate::domain::standard::shipped;
use crate::domain::team::{shop, staff};
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Chips, Form, LinkButton, PageHead};
use crate::ui::record::field::choices;
use crate::ui::route;
use crate::web::clock;

/// What the person chose.
#[derive(Clone, Copy)]
struct Chosen {
    standard: RwSignal<Option<RowId>>,
    usage: RwSignal<String>,
    staff: RwSignal<Option<RowId>>,
    inspector: RwSignal<Option<RowId>>,
    shop: RwSignal<Option<RowId>>,
}

/// The form that starts a check.
#[component]
pub fn StartCheck() -> impl IntoView {
    let app = App::here();
    let asked = app.route.with_untracked(|route| route.param("standard").and_then(RowId::parse));
    let me = app.me.get_untracked();
    let of_me = app.peek(|book| book.row(staff::ID, me?)?.get(staff::SHOP));
    let chosen = Chosen {
        standard: RwSignal::new(Some(asked.unwrap_or_else(|| shipped::id(shipped::RECEPTION)))),
        usage: RwSignal::new(SELF_CHECK.to_owned()),
        staff: RwSignal::new(me),
        inspector: RwSignal::new(me),
        shop: RwSignal::new(of_me),
    };
    let busy = RwSignal::new(false);
    let ways = Signal::derive(move || {
        // Quick ticks have a screen of their own (S6).
        let all = choices(app, lists::USE, &chosen.usage.get());
        all.into_iter().filter(|choice| choice.value != QUICK).collect::<Vec<_>>()
    });
    let is_own = move || chosen.usage.with(|usage| usage == SELF_CHECK);
    let submit = move |()| {
        if !busy.get_untracked() {
            busy.set(true);
            spawn_local(async move {
                start(app, chosen).await;
                busy.try_set(false);
            });
        }
    };
    let actions = move || {
        view! {
            <LinkButton label=app.t("取消", "Cancel") href="#/standards" />
            <Button label=app.t("开始", "Start") kind=ButtonKind::Primary submit=true busy />
        }
    };
    let title = app.t("开始检查", "Start a check");
    view! {
        <PageHead title back="#/standards" back_label=app.t("返回标准", "Back to standards") />
        <Form on_submit=Callback::new(submit) actions>
            <StandardSelect label=app.t("标准", "Standard") value=chosen.standard />
            <Chips
                label=app.t("检查方式", "Kind of check")
                value=chosen.usage
                choices=ways
                on_choose=Callback::new(move |key| chosen.usage.set(key))
            />
            <RowSelect label=app.t("被检查人", "Who is checked") of=staff::ID value=chosen.staff />
            <Show when=move || !is_own()>
                <RowSelect label=app.t("检查人", "Inspector") of=staff::ID value=chosen.inspector />
            </Show>
            <RowSelect label=app.t("门店", "Shop") of=shop::ID value=chosen.shop />
        </Form>
    }
}

async fn start(app: App, chosen: Chosen) {
    let id = app.new_id();
    let now = i64::try_from(clock::now_ms()).unwrap_or(i64::MAX);
    let usage = chosen.usage.get_untracked();
    let inspector = chosen.inspector.get_untracked().filter(|_| usage != SELF_CHECK);
    let rows = app.peek(|book| {
        let standard = Standard::find(book, chosen.standard.get_untracked()?)?;
        checks::start(book, &standard, id, |draft| {
            draft.set(check::USE, &usage).set(check::AT, &now);
            for (key, row) in [
                (check::STAFF, chosen.staff.get_untracked()),
                (check::INSPECTOR, inspector),
                (check::SHOP, chosen.shop.get_untracked()),
            ] {
                if let Some(row) = row {
                    draft.set(key, &row);
                }
            }
        })
    });
    if let Some(rows) = rows
        && app.save(rows).await.is_some()
    {
        route::replace(&format!("/standards/check/{id}"));
    }
}

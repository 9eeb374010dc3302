//! The reception record (S7): one screen of chips, with a tip for what was chosen.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose::AskMe;
use crate::book::{Draft, RowId, Value};
use crate::domain::lists::List;
use crate::domain::record::{Field, Shape};
use crate::domain::standard::visits::BOUGHT;
use crate::domain::standard::{reception, tips};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Chips, Form, LinkButton, PageHead};
use crate::ui::record::field::choices;
use crate::ui::record::form::focus_error;
use crate::ui::record::{Editing, FieldInput};
use crate::ui::route;
use crate::web::clock;

/// The form of a reception; without an id, of a new one.
#[component]
pub fn ReceptionForm(
    /// The reception to change.
    #[prop(optional)]
    id: Option<RowId>,
) -> impl IntoView {
    let app = App::here();
    let editing = begin(app, id);
    let who = RwSignal::new(editing.with(|draft| draft.get(reception::STAFF)));
    let busy = RwSignal::new(false);
    let submit = move |()| {
        if let Some(who) = who.get_untracked() {
            editing.set(reception::STAFF, &who);
        }
        let Some(rows) = editing.writes() else { return focus_error() };
        if !busy.get_untracked() {
            busy.set(true);
            spawn_local(async move {
                if let Some(saved) = app.save(rows).await {
                    editing.forget();
                    app.offer_undo(saved, app.say("接待已记录。", "Reception noted.").to_owned());
                    route::replace("/standards/reception");
                }
                busy.try_set(false);
            });
        }
    };
    let lost = move || editing.with(|draft| draft.get(reception::OUTCOME).is_some_and(|outcome| outcome != BOUGHT));
    let actions = move || {
        view! {
            <LinkButton label=app.t("取消", "Cancel") href="#/standards/reception" />
            <Button label=app.t("保存", "Save") kind=ButtonKind::Primary submit=true busy />
        }
    };
    view! {
        <PageHead
            title=app.t("接待记录", "Reception record")
            back="#/standards" back_label=app.t("返回标准", "Back to standards")
        />
        <Form on_submit=Callback::new(submit) actions>
            <AskMe label=app.t("接待人", "Served by") value=who />
            {chips(editing, reception::VISITOR.field)}
            {chips(editing, reception::APPROACH.field)}
            {input(editing, reception::NEED.field)}
            {chips(editing, reception::OUTCOME.field)}
            <Show when=lost>{chips(editing, reception::STAGE.field)}</Show>
            {input(editing, reception::NOTE.field)}
            {input(editing, reception::CUSTOMER.field)}
        </Form>
    }
}

fn begin(app: App, id: Option<RowId>) -> Editing {
    if let Some(id) = id {
        return Editing::new(app, app.draft(reception::ID, id), &format!("reception/{id}"));
    }
    let mut draft = Draft::new(reception::ID, app.new_id());
    draft.set(reception::AT, &i64::try_from(clock::now_ms()).unwrap_or(i64::MAX));
    if let Some(me) = app.me.get_untracked() {
        draft.set(reception::STAFF, &me);
    }
    Editing::new(app, draft, "reception/new")
}

fn input(editing: Editing, field: u16) -> AnyView {
    reception::RECORD.field(field).map(|field| view! { <FieldInput editing field /> }).into_any()
}

fn chips(editing: Editing, field: u16) -> AnyView {
    let choice = |field: &'static Field| match field.shape {
        Shape::Choice(list) => Some(view! { <ChoiceChips editing field list /> }),
        _ => None,
    };
    reception::RECORD.field(field).and_then(choice).into_any()
}

/// A choice as chips, with the tip for what is chosen.
#[component]
fn ChoiceChips(editing: Editing, field: &'static Field, list: List) -> impl IntoView {
    let app = App::here();
    let value =
        Signal::derive(move || editing.with(|draft| draft.value(field.id, None).text().unwrap_or_default().to_owned()));
    let entries = Signal::derive(move || choices(app, list, &value.get()));
    let on_choose = Callback::new(move |key: String| {
        editing.change(|draft| {
            draft.put(field.id, None, Value::Text(key));
            // Who bought left at no stage.
            if draft.get(reception::OUTCOME).as_deref() == Some(BOUGHT) {
                draft.clear(reception::STAGE);
            }
        });
    });
    let error = Signal::derive(move || editing.error(field.id).filter(|_| value.with(String::is_empty)));
    let tip = move || value.with(|key| tips::tip(list, key)).map(|words| words.r#in(app.lang.get()));
    view! {
        <div class="field">
            <Chips label=app.w(field.words) value choices=entries on_choose error />
            <p class="tip" aria-live="polite">{tip}</p>
        </div>
    }
}

/// Kinds of rows that a reception shows names of.
pub const NAMES: [u16; 3] = [reception::ID, staff::ID, crate::domain::team::entry::ID];

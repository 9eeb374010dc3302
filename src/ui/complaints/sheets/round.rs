//! A round of talks (P8).

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::acting::{Doing, WhoActs};
use super::super::card::Desk;
use super::super::now;
use super::Buttons;
use crate::book::Draft;
use crate::domain::complaint::round;
use crate::domain::record::Key;
use crate::ui::app::App;
use crate::ui::parts::{Chips, Choice, Form};
use crate::ui::record::form::focus_error;
use crate::ui::record::{Editing, FieldInput};

/// What was offered, what the customer says, whether it is accepted.
#[component]
pub fn RoundForm(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let mut draft = Draft::new(round::ID, app.new_id());
    draft.set(round::COMPLAINT, &desk.id);
    let editing = Editing::new(app, draft, &format!("complaint/{}/round", desk.id));
    let busy = RwSignal::new(false);
    let submit = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        editing.set(round::AT, &now());
        if let Some(me) = app.me.get_untracked() {
            editing.set(round::STAFF, &me);
        }
        let Some(writes) = editing.writes() else {
            focus_error();
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let saved = app.save(writes).await;
            busy.set(false);
            if saved.is_some() {
                editing.forget();
                desk.sheet.set(None);
            }
        });
    });
    let accepted = Signal::derive(move || match editing.with(|draft| draft.get(round::ACCEPTED)) {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => String::new(),
    });
    let answers = Signal::derive(move || {
        vec![
            Choice::new("yes", app.say("接受", "Accepts")),
            Choice::new("no", app.say("不接受", "Does not accept")),
            Choice::new("", app.say("还没表态", "Has not said")),
        ]
    });
    let choose = Callback::new(move |chosen: String| match chosen.as_str() {
        "" => editing.change(|draft| {
            draft.clear(round::ACCEPTED);
        }),
        chosen => editing.set(round::ACCEPTED, &(chosen == "yes")),
    });
    let actions = move || view! { <Buttons desk label=app.t("记下", "Save") busy /> };
    view! {
        <Form on_submit=submit inline=true actions>
            <WhoActs doing=Doing::new(app) />
            {input(editing, round::OFFER)}
            {input(editing, round::AMOUNT)}
            <Chips label=app.t("客户的态度", "The customer") value=accepted choices=answers on_choose=choose />
            {input(editing, round::ANSWER)}
        </Form>
    }
}

fn input<T>(editing: Editing, key: Key<T>) -> Option<impl IntoView> {
    round::RECORD.field(key.field).map(|field| view! { <FieldInput editing field /> })
}

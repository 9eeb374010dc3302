//! Sheets of one question: the state, the colleague, a note.

use leptos::prelude::*;

use super::super::acting::{Doing, Kept, WhoActs, people};
use super::super::card::Desk;
use super::super::wording;
use super::{Buttons, Sheet};
use crate::book::RowId;
use crate::domain::complaint::{Case, Refusal, State, acts};
use crate::domain::team::entry;
use crate::ui::app::App;
use crate::ui::parts::{Chips, Choice, Form, Select, TextArea};

/// Another state, with its reason (P5).
#[component]
pub fn ChangeForm(
    /// What the parts of the card share.
    desk: Desk,
    /// The state that is asked for.
    to: Option<State>,
) -> impl IntoView {
    let app = App::here();
    let reason = Kept::of(app, &format!("complaint/{}/state", desk.id));
    let doing = Doing::new(app);
    let chosen = Kept::of(app, &format!("complaint/{}/state/to", desk.id));
    if let Some(to) = to {
        chosen.put(to.key().to_owned());
    }
    let choices = Signal::derive(move || {
        let lang = app.lang.get();
        let states = desk.with(Case::next_states);
        app.read(&[entry::ID], |book| {
            states.iter().map(|to| Choice::new(to.key(), wording::state(book, *to, lang))).collect::<Vec<_>>()
        })
    });
    // Closing asks for more than a reason.
    let choose = Callback::new(move |key: String| {
        if key == State::Closed.key() {
            desk.sheet.set(Some(Sheet::Close));
        } else {
            chosen.put(key);
        }
    });
    let submit = Callback::new(move |()| {
        let (to, why) = (State::of_key(&chosen.get()), reason.get());
        doing.run(
            |book, act| acts::change(book, desk.id, to.ok_or(Refusal::NoState)?, &why, act),
            move || {
                reason.forget();
                chosen.forget();
                desk.sheet.set(None);
            },
        );
    });
    let reopens = to == Some(State::Reopened);
    let actions = move || view! { <Buttons desk label=app.t("记下", "Save") busy=doing.busy /> };
    view! {
        <Form on_submit=submit inline=true actions>
            <WhoActs doing />
            {(!reopens).then(|| view! { <Chips label=app.t("转为", "New state") value=chosen.signal() choices on_choose=choose error=doing.error(&[Refusal::NoState]) /> })}
            <TextArea
                label=app.t("原因", "Reason")
                value=reason.signal()
                on_input=reason.on_input()
                required=true
                error=doing.error(&[Refusal::NoWords])
            />
        </Form>
    }
}

/// To a colleague: who takes over, and what they must know (P4).
#[component]
pub fn HandOverForm(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let said = Kept::of(app, &format!("complaint/{}/handover", desk.id));
    let doing = Doing::new(app);
    let chosen = Kept::of(app, &format!("complaint/{}/handover/to", desk.id));
    let choices = Signal::derive(move || people(app));
    let submit = Callback::new(move |()| {
        let (to, words) = (RowId::parse(&chosen.get()), said.get());
        doing.run(
            |book, act| acts::hand_over(book, desk.id, to, &words, act),
            move || {
                said.forget();
                chosen.forget();
                desk.sheet.set(None);
            },
        );
    });
    let nobody = Signal::derive(move || {
        choices.with(Vec::is_empty).then(|| {
            app.say("账簿里还没有员工，请先在“更多”里添加。", "The book has no staff yet: add them under More.")
                .to_owned()
        })
    });
    let actions = move || view! { <Buttons desk label=app.t("转交", "Hand over") busy=doing.busy /> };
    view! {
        <Form on_submit=submit inline=true actions>
            <WhoActs doing />
            <Select
                label=app.t("转交给", "To")
                value=chosen.signal()
                choices
                on_choose=chosen.on_input()
                empty=app.t("— 请选择 —", "— please choose —")
                hint=nobody
                required=true
                error=doing.error(&[Refusal::NoColleague])
            />
            <TextArea
                label=app.t("交代什么", "What they must know")
                value=said.signal()
                on_input=said.on_input()
                required=true
                error=doing.error(&[Refusal::NoWords])
            />
        </Form>
    }
}

/// A note for the log, or a correction of one of its entries (P6).
#[component]
pub fn NoteForm(
    /// What the parts of the card share.
    desk: Desk,
    /// The entry that is corrected.
    corrects: Option<RowId>,
) -> impl IntoView {
    let app = App::here();
    let said = Kept::of(app, &format!("complaint/{}/note", desk.id));
    let doing = Doing::new(app);
    let submit = Callback::new(move |()| {
        let words = said.get();
        doing.run(
            |_, act| acts::note(desk.id, corrects, &words, act),
            move || {
                said.forget();
                desk.sheet.set(None);
            },
        );
    });
    let hint = Signal::derive(move || {
        corrects.map(|_| {
            app.say("原来的记录保留，更正另记一条。", "The entry stays; the correction is added to the log.").to_owned()
        })
    });
    let actions = move || view! { <Buttons desk label=app.t("记下", "Save") busy=doing.busy /> };
    view! {
        <Form on_submit=submit inline=true actions>
            <WhoActs doing />
            <TextArea
                label=app.t("说明", "Words")
                value=said.signal()
                on_input=said.on_input()
                required=true
                hint
                error=doing.error(&[Refusal::NoWords])
            />
        </Form>
    }
}

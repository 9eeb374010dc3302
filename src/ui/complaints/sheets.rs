//! The sheets of a card: change the state, close, hand over, note, correct, a round of talks.

pub mod close;
pub mod round;
pub mod small;

use leptos::prelude::*;

use super::card::Desk;
use crate::book::RowId;
use crate::domain::complaint::State;
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Dialog, DialogShape};

use close::CloseForm;
use round::RoundForm;
use small::{ChangeForm, HandOverForm, NoteForm};

/// A sheet over the card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    /// Another state; the one that is asked for stands first.
    Change(Option<State>),
    /// The end, with the customer's decision.
    Close,
    /// To a colleague.
    HandOver,
    /// A note for the log.
    Note,
    /// A correction of an entry of the log.
    Correct(RowId),
    /// A round of talks.
    Round,
}

/// The sheet that is open.
#[component]
pub fn Sheets(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let close = Callback::new(move |()| desk.sheet.set(None));
    let title = Signal::derive(move || {
        match desk.sheet.get() {
            Some(Sheet::Change(Some(State::Reopened))) => app.say("重新处理", "Reopen"),
            Some(Sheet::Close) => app.say("结案", "Close the complaint"),
            Some(Sheet::HandOver) => app.say("转交同事", "Hand over to a colleague"),
            Some(Sheet::Note) => app.say("补充说明", "Add a note"),
            Some(Sheet::Correct(_)) => app.say("更正", "Correct an entry"),
            Some(Sheet::Round) => app.say("记一轮协商", "A round of talks"),
            Some(Sheet::Change(_)) | None => app.say("改状态", "Change the state"),
        }
        .to_owned()
    });
    view! {
        <Dialog
            open=Signal::derive(move || desk.sheet.with(Option::is_some))
            on_close=close
            title
            close_label=app.t("关闭", "Close this sheet")
            shape=DialogShape::Sheet
        >
            {move || match desk.sheet.get() {
                Some(Sheet::Change(to)) => view! { <ChangeForm desk to /> }.into_any(),
                Some(Sheet::Close) => view! { <CloseForm desk /> }.into_any(),
                Some(Sheet::HandOver) => view! { <HandOverForm desk /> }.into_any(),
                Some(Sheet::Note) => view! { <NoteForm desk corrects=None /> }.into_any(),
                Some(Sheet::Correct(id)) => view! { <NoteForm desk corrects=Some(id) /> }.into_any(),
                Some(Sheet::Round) => view! { <RoundForm desk /> }.into_any(),
                None => ().into_any(),
            }}
        </Dialog>
    }
}

/// The last line of every sheet.
#[component]
fn Buttons(desk: Desk, #[prop(into)] label: Signal<String>, #[prop(into)] busy: Signal<bool>) -> impl IntoView {
    let app = App::here();
    view! {
        <Button label=app.t("取消", "Cancel") on_press=Callback::new(move |()| desk.sheet.set(None)) />
        <Button label kind=ButtonKind::Primary submit=true busy />
    }
}

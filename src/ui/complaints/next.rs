//! What to do next, as the one main button of the card.

use leptos::prelude::*;

use super::acting::{ONWARD, focus};
use super::card::Desk;
use super::sheets::Sheet;
use crate::domain::complaint::{Case, ClearStep, State};
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind};
use crate::words::{Words, words};

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    Step(ClearStep),
    Change(State),
    Close,
    Ended,
}

/// Feelings first, matter second: the steps of CLEAR, then the answer, then the end.
fn next(case: &Case) -> Next {
    match (case.state(), case.reached()) {
        (state, _) if !state.is_open() => Next::Ended,
        (State::Waiting, reached) => {
            Next::Change(if reached == State::Received { State::Acknowledged } else { reached })
        }
        (_, State::Received) if !case.is_complaint() => Next::Change(State::Acknowledged),
        _ if !case.is_complaint() => Next::Close,
        (_, reached) => match case.next_step() {
            Some(step) => Next::Step(step),
            None if reached < State::Answered => Next::Change(State::Answered),
            None => Next::Close,
        },
    }
}

/// What it is called, why, and the words of its button.
fn say(next: Next) -> (Words, Words, Words) {
    match next {
        Next::Step(step) => {
            let (name, button) = match step {
                ClearStep::Control => {
                    (words("先稳住自己", "Control yourself first"), words("打开这一步", "Open this step"))
                }
                ClearStep::Listen => {
                    (words("听客户把话说完", "Listen until they have said it all"), words("记下事实", "Note the facts"))
                }
                ClearStep::Establish => (
                    words("复述并让客户确认", "Restate it and have it confirmed"),
                    words("记下确认的话", "Note what was confirmed"),
                ),
                ClearStep::Apologise => (words("道歉", "Apologise"), words("记下道歉", "Note the apology")),
                ClearStep::Resolve => (
                    words("提出方案并防止再发生", "Offer a remedy, and prevent the next"),
                    words("记下方案", "Note the remedy"),
                ),
            };
            let [why, ..] = step.tips();
            (name, why, button)
        }
        Next::Change(State::Answered) => (
            words("把答复告诉客户", "Give the customer the answer"),
            words("说清怎么办、谁来办、什么时候办好。", "What will be done, by whom, by when."),
            words("记下已答复", "Note that it was answered"),
        ),
        Next::Change(State::Acknowledged) => (
            words("告诉客户已经收到", "Tell the customer that it was heard"),
            words("道一声谢，说明由谁跟进。", "Thank them, and say who follows it up."),
            words("记下已确认", "Note that it was acknowledged"),
        ),
        Next::Change(_) => (
            words("等客户回复", "The customer's turn"),
            words("等待期间时限暂停；有了回复再接着处理。", "The clock stands still; go on when they have answered."),
            words("客户已回复", "They have answered"),
        ),
        Next::Close => (
            words("问客户是否接受", "Ask whether the customer accepts"),
            words(
                "用客户自己的话记下决定，就可以结案。",
                "Write the decision in their own words, then it can be closed.",
            ),
            words("结案", "Close"),
        ),
        Next::Ended => (
            words("已经结束", "It has ended"),
            words(
                "客户又有话说，或者处理没有兑现，可以重新打开。",
                "It can be taken up again if the customer comes back or a promise was not kept.",
            ),
            words("重新处理", "Reopen"),
        ),
    }
}

/// What to do next (C4 for complaints), and every other change of state behind a second button.
#[component]
pub fn NextBox(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let next = Memo::new(move |_| desk.case.with(|case| case.as_ref().map_or(Next::Ended, next)));
    let press = Callback::new(move |()| match next.get_untracked() {
        Next::Step(step) => {
            desk.opened.set(Some(step));
            focus(ONWARD);
        }
        Next::Change(to) => desk.sheet.set(Some(Sheet::Change(Some(to)))),
        Next::Close => desk.sheet.set(Some(Sheet::Close)),
        Next::Ended => desk.sheet.set(Some(Sheet::Change(Some(State::Reopened)))),
    });
    let word = move |pick: fn((Words, Words, Words)) -> Words| {
        Signal::derive(move || pick(say(next.get())).r#in(app.lang.get()).to_owned())
    };
    let ended = Memo::new(move |_| next.get() == Next::Ended);
    let main = move || if ended.get() { ButtonKind::Quiet } else { ButtonKind::Primary };
    view! {
        <div class="next" data-ended=move || ended.get().then_some("")>
            <p>{app.t("下一步", "Next")}</p>
            <div role="status">
                <p><strong>{word(|all| all.0)}</strong></p>
                <p class="small">{word(|all| all.1)}</p>
            </div>
            <div class="banner-actions">
                {move || view! { <Button label=word(|all| all.2) on_press=press kind=main() /> }}
                <Show when=move || !ended.get()>
                    <Button label=app.t("改状态", "Change state") on_press=desk.open(Sheet::Change(None)) />
                </Show>
            </div>
        </div>
    }
}

//! The end of a complaint (P5): the customer's decision in their words, or an approval that nothing more can be done.

use leptos::prelude::*;

use super::super::acting::{Doing, Kept, WhoActs, people};
use super::super::card::Desk;
use super::Buttons;
use crate::book::RowId;
use crate::domain::complaint::{Case, Ending, Refusal, acts, complaint};
use crate::ui::app::App;
use crate::ui::parts::{Chips, Choice, Form, Select, TextArea};

/// How it ends: `yes` and `no` are the customer's, `hopeless` is ours.
#[component]
pub fn CloseForm(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let form = |part: &str| Kept::of(app, &format!("complaint/{}/close/{part}", desk.id));
    let (said, decision, way, approved) = (form("said"), form("decision"), form("way"), form("approved"));
    let doing = Doing::new(app);
    let is_complaint = desk.case.with_untracked(|case| case.as_ref().is_none_or(Case::is_complaint));
    let submit = Callback::new(move |()| {
        // Praise and suggestions wait for no decision; a complaint does, and nothing is chosen for the customer.
        let chosen = if is_complaint { way.get() } else { "yes".to_owned() };
        let (words, decided, approver) = (said.get(), decision.get(), RowId::parse(&approved.get()));
        doing.run(
            |book, act| {
                let ending = match chosen.as_str() {
                    "" => return Err(Refusal::NoVerdict),
                    "hopeless" => Ending::Hopeless { approved: approver, why: &words },
                    way => Ending::Customer { accepted: way == "yes", words: &words },
                };
                acts::end(book, desk.id, &decided, ending, act)
            },
            move || {
                for part in [said, decision, way, approved] {
                    part.forget();
                }
                desk.sheet.set(None);
            },
        );
    });
    let hopeless = move || way.signal().with(|way| way == "hopeless");
    let asked = Signal::derive(move || {
        let words = match (is_complaint, hopeless()) {
            (false, _) => app.say("怎样结束", "How it ends"),
            (true, true) => app.say("为什么没有别的办法", "Why nothing more can be done"),
            (true, false) => app.say("客户怎么说（原话）", "What the customer says (their words)"),
        };
        words.to_owned()
    });
    let actions = move || view! { <Buttons desk label=app.t("结案", "Close") busy=doing.busy /> };
    view! {
        <Form on_submit=submit inline=true actions>
            <WhoActs doing />
            {is_complaint.then(|| view! { <Verdict desk doing decision way approved /> })}
            <TextArea label=asked value=said.signal() on_input=said.on_input() required=true error=doing.error(&[Refusal::NoWords, Refusal::NoCustomerWords]) />
        </Form>
    }
}

/// What we do, what the customer decided, and who approved if nothing more can be done.
#[component]
fn Verdict(desk: Desk, doing: Doing, decision: Kept, way: Kept, approved: Kept) -> impl IntoView {
    let app = App::here();
    let ways = Signal::derive(move || {
        vec![
            Choice::new("yes", app.say("接受", "Accepts")),
            Choice::new("no", app.say("不接受", "Does not accept")),
            Choice::new("hopeless", app.say("已无别的办法", "Nothing more can be done")),
        ]
    });
    let before = Signal::derive(move || {
        let decided = desk.with(|case| case.row.text(complaint::DECISION).to_owned());
        (!decided.is_empty()).then(|| app.fill("已定：{}", "Decided before: {}", &[&decided]))
    });
    // Whoever is the cause cannot approve (P8).
    let approvers = Signal::derive(move || {
        let cause = desk.with(|case| case.row.get(complaint::CAUSE)).map(|id| id.to_string());
        people(app).into_iter().filter(|person| Some(&person.value) != cause.as_ref()).collect::<Vec<_>>()
    });
    view! {
        <TextArea
            label=app.t("处理决定", "Decision")
            value=decision.signal()
            on_input=decision.on_input()
            hint=before
            rows=2
        />
        <Chips
            label=app.t("客户的决定", "The customer's decision")
            value=way.signal()
            choices=ways
            on_choose=way.on_input()
            error=doing.error(&[Refusal::NoVerdict])
        />
        <Show when=move || way.signal().with(|way| way == "hopeless")>
            <Select
                label=app.t("批准人", "Approved by")
                value=approved.signal()
                choices=approvers
                on_choose=approved.on_input()
                empty=app.t("— 请选择 —", "— please choose —")
                required=true
                error=doing.error(&[Refusal::NoApproval])
            />
        </Show>
    }
}

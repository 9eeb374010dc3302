//! The steps of CLEAR (P4): a card for each, with its tips, its words and the way out.

use leptos::prelude::*;

use super::acting::{Doing, Kept, ONWARD, WhoActs, focus};
use super::card::Desk;
use super::sheets::Sheet;
use super::wording;
use crate::domain::complaint::{Case, ClearStep, Entry, Refusal, acts, step};
use crate::domain::lists;
use crate::domain::team::{entry, staff};
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Form, Section, Step, Stepper, TextArea};
use crate::words::beside;

/// The stepper and the card of the open step.
#[component]
pub fn ClearSteps(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let current = Memo::new(move |_| {
        let next = desk.with(Case::next_step).unwrap_or(ClearStep::Resolve);
        desk.opened.get().unwrap_or(next)
    });
    let steps = Signal::derive(move || {
        let lang = app.lang.get();
        let name = |step: ClearStep| app.read(&[entry::ID], |book| book.label(lists::STEP, step.key(), lang));
        let one = |step: ClearStep| Step {
            value: step.key().to_owned(),
            sign: step.sign().to_owned(),
            label: name(step),
            done: desk.with(|case| case.is_done(step)),
        };
        ClearStep::ALL.map(one).to_vec()
    });
    let done = Memo::new(move |_| {
        desk.with(|case| case.round().iter().rev().find(|entry| entry.clear() == Some(current.get())).cloned())
    });
    let open = Memo::new(move |_| desk.with(|case| case.state().is_open()));
    view! {
        <Section heading=app.t("CLEAR 五步", "The five steps of CLEAR")>
            <Stepper
                label=app.t("CLEAR 五步", "The five steps of CLEAR")
                steps
                current=Signal::derive(move || current.get().key().to_owned())
                on_choose=Callback::new(move |key: String| desk.opened.set(ClearStep::of_key(&key)))
                done_label=app.t("已完成", "done")
            />
            {move || {
                let step = current.get();
                match done.get() {
                    Some(entry) => view! { <TakenStep desk entry /> }.into_any(),
                    None if open.get() => view! { <StepForm desk step /> }.into_any(),
                    None => view! { <p class="small">{app.t("这一步没有记录。", "Nothing was noted at this step.")}</p> }.into_any(),
                }
            }}
        </Section>
    }
}

/// The card of a step that is to be taken.
#[component]
fn StepForm(desk: Desk, step: ClearStep) -> impl IntoView {
    let app = App::here();
    let said = Kept::of(app, &format!("complaint/{}/{}", desk.id, step.key()));
    let prevention = Kept::of(app, &format!("complaint/{}/prevention", desk.id));
    let doing = Doing::new(app);
    let submit = Callback::new(move |()| {
        let (words, prevented) = (said.get(), prevention.get());
        doing.run(
            |book, act| acts::take(book, desk.id, step, &words, &prevented, act),
            move || {
                said.forget();
                if step == ClearStep::Resolve {
                    prevention.forget();
                }
                desk.opened.set(None);
                focus(ONWARD);
            },
        );
    });
    let tips = step.tips().map(|tip| view! { <li>{app.w(tip)}</li> }).collect_view();
    let last = step == ClearStep::Resolve;
    let actions = move || {
        view! {
            <Button label=app.t("转交同事", "Hand over") on_press=desk.open(Sheet::HandOver) />
            <Button label=app.t("记下", "Save") kind=ButtonKind::Primary submit=true busy=doing.busy />
        }
    };
    view! {
        <div class="step-card">
            <ul class="tips">{tips}</ul>
            <WhoActs doing />
            <Form on_submit=submit inline=true actions>
                <TextArea
                    label=app.w(step.question())
                    value=said.signal()
                    on_input=said.on_input()
                    required=step.unsaid().is_none()
                    error=doing.error(&[Refusal::NoWords])
                />
                {last.then(|| view! {
                    <TextArea
                        label=app.t("怎样防止再发生", "How it is kept from happening again")
                        value=prevention.signal()
                        on_input=prevention.on_input()
                        required=true
                        error=doing.error(&[Refusal::NoPrevention])
                    />
                })}
            </Form>
        </div>
    }
}

/// The card of a step that was taken: what was said, by whom and when. It can only be added to.
#[component]
fn TakenStep(desk: Desk, entry: Entry) -> impl IntoView {
    let app = App::here();
    let (at, by) = (entry.at, entry.row.get(step::STAFF));
    let origin = move || {
        let reader = app.reader();
        let name = by.map(|by| app.read(&[staff::ID], |book| book.title(staff::ID, by, reader)));
        beside([Some(reader.moment(at)), name].into_iter().flatten())
    };
    let prevention = entry.row.text(step::PREVENTION).to_owned();
    view! {
        <div class="step-card">
            <p class="small">{origin}</p>
            <p class="text">{move || wording::written(&entry.row, step::WORDS, app.lang.get())}</p>
            {(!prevention.is_empty()).then(|| view! {
                <p class="text"><em>{app.t("预防：", "Prevention: ")}</em>{prevention}</p>
            })}
            <div>
                <Button
                    label=app.t("补充或更正", "Add or correct")
                    on_press=desk.open(Sheet::Correct(entry.id))
                    kind=ButtonKind::Plain
                />
            </div>
        </div>
    }
}

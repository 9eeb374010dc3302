//! Taking a complaint in thirty seconds (P3): their own words first, everything else in a few taps.

pub mod goods;
pub mod who;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::acting::focus;
use super::{Clocks, now};
use crate::book::{Draft, RowId, RowWrite};
use crate::domain::complaint::{Case, State, clock, complaint, number, step};
use crate::domain::lists::{self, List};
use crate::domain::record::{Key, Kind};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, Chips, Form, LinkButton, PageHead};
use crate::ui::record::field::choices;
use crate::ui::record::form::focus_error;
use crate::ui::record::{Editing, FieldInput};
use crate::ui::route;

use goods::GoodsOrService;
use who::{Who, WhoFields};

static RECORD: &Kind = &complaint::RECORD;

/// The intake. `?customer=ID` says who it is.
#[component]
pub fn Intake(
    /// The moment and the rules.
    clocks: Clocks,
) -> impl IntoView {
    let app = App::here();
    let taken = RwSignal::new(None::<(RowId, String)>);
    view! {
        <PageHead
            title=app.t("记投诉", "Take a complaint")
            back="#/complaints"
            back_label=app.t("返回投诉", "Back to complaints")
        />
        {move || match taken.get() {
            None => view! { <IntakeForm taken /> }.into_any(),
            Some((id, number)) => view! { <Taken id number taken clocks /> }.into_any(),
        }}
    }
}

#[component]
fn IntakeForm(taken: RwSignal<Option<(RowId, String)>>) -> impl IntoView {
    let app = App::here();
    let editing = Editing::new(app, draft(app), "complaint/new");
    let who = Who::new(app, editing);
    let busy = RwSignal::new(false);
    let submit = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        let Some((number, writes)) = writes(app, editing, who) else {
            focus_error();
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let saved = app.save(writes).await;
            busy.set(false);
            if saved.is_some() {
                editing.forget();
                taken.set(Some((editing.id(), number)));
            }
        });
    });
    let give_up = Callback::new(move |()| {
        editing.forget();
        route::go("/complaints");
    });
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=give_up />
            <Button label=app.t("记下", "Save") kind=ButtonKind::Primary submit=true busy />
        }
    };
    // The person types at once: the words have the focus, after the change of route has given it to the heading.
    request_animation_frame(|| focus(&[".words textarea"]));
    let is_complaint = move || matches!(text_of(editing, complaint::VOICE).as_str(), "" | "complaint");
    view! {
        <Form on_submit=submit actions>
            <p class="attitude">
                {app.t("先处理心情，再处理事情：肯说出来的客户，是还想再来的客户。", "Feelings first, matter second: a customer who tells us still wants to come back.")}
            </p>
            <div class="words">{input(editing, complaint::WORDS)}</div>
            <WhoFields who />
            {input(editing, complaint::PHOTOS)}
            <Show when=is_complaint>
                <GoodsOrService editing />
                <ChoiceChips editing key=complaint::WISH list=lists::WISH unsaid=true />
                <Show when=move || !matches!(text_of(editing, complaint::WISH).as_str(), "" | "apology")>
                    {input(editing, complaint::AMOUNT)}
                </Show>
                <ChoiceChips editing key=complaint::SEVERITY list=lists::SEVERITY />
            </Show>
            <ChoiceChips editing key=complaint::VOICE list=lists::VOICE />
        </Form>
    }
}

/// A new complaint as the form begins with it.
fn draft(app: App) -> Draft {
    let mut draft = Draft::new(complaint::ID, app.new_id());
    draft.set(complaint::VOICE, &"complaint".to_owned()).set(complaint::SEVERITY, &"ordinary".to_owned());
    if let Some(me) = app.me.get_untracked() {
        draft.set(complaint::STAFF, &me);
    }
    draft
}

/// The complaint's number and everything that is saved with it, in one transaction; none if something is wrong.
fn writes(app: App, editing: Editing, who: Who) -> Option<(String, Vec<RowWrite>)> {
    let dev = app.session().dev();
    let number = app.peek(|book| number::next(book, dev, app.today.get_untracked()));
    let customer = untrack(|| who.settle(app));
    editing.set(complaint::NUMBER, &number);
    editing.set(complaint::STATE, &State::Received.key().to_owned());
    editing.set(complaint::AT, &now());
    let mut writes = editing.writes()?;
    writes.extend(customer);
    Some((number, writes))
}

/// What the form has for a choice.
fn text_of(editing: Editing, key: Key<String>) -> String {
    RECORD.field(key.field).map(|field| editing.text(field)).unwrap_or_default()
}

/// The control of a field.
fn input<T>(editing: Editing, key: Key<T>) -> Option<impl IntoView> {
    RECORD.field(key.field).map(|field| view! { <FieldInput editing field /> })
}

/// A choice of few, all in sight.
#[component]
fn ChoiceChips(
    editing: Editing,
    key: Key<String>,
    list: List,
    /// Nothing may be said about it.
    #[prop(optional)]
    unsaid: bool,
) -> impl IntoView {
    let app = App::here();
    let field = RECORD.field(key.field)?;
    let value = Signal::derive(move || editing.text(field));
    let all = Signal::derive(move || {
        let nothing = unsaid.then(|| crate::ui::parts::Choice::new("", app.say("没说", "Not said")));
        nothing.into_iter().chain(choices(app, list, &value.get())).collect::<Vec<_>>()
    });
    let on_choose = Callback::new(move |chosen: String| editing.type_text(field, chosen));
    Some(view! { <Chips label=app.w(field.words) value choices=all on_choose /> })
}

/// It is saved: the number to tell the customer, and what comes next.
#[component]
fn Taken(id: RowId, number: String, taken: RwSignal<Option<(RowId, String)>>, clocks: Clocks) -> impl IntoView {
    let app = App::here();
    let promise = move || {
        let case = app.read(&[complaint::ID, step::ID], |book| Case::read(book, id))?;
        let by = clocks.rules.with(|rules| clock::answer_by(&case, rules))?;
        Some(app.fill("最迟 {} 答复。", "The answer comes by {} at the latest.", &[&app.reader().moment(by)]))
    };
    focus(&[".taken [tabindex]"]);
    view! {
        <div class="taken">
            <p class="small">{app.t("已记下，编号", "Saved. The number is")}</p>
            <h2 class="number" tabindex="-1">{number}</h2>
            <p>{app.t("请把编号告诉客户。", "Tell the customer the number.")}</p>
            <p>{promise}</p>
            <LinkButton
                label=app.t("开始处理", "Begin handling")
                href=format!("#/complaints/{id}")
                kind=ButtonKind::Primary
                wide=true
            />
            <Button
                label=app.t("再记一条", "Take another")
                icon=Icon::Plus
                on_press=Callback::new(move |()| taken.set(None))
                wide=true
            />
        </div>
    }
}

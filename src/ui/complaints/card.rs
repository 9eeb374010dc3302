//! The card of a complaint: what to do next above, what is known below.

use leptos::prelude::*;

use super::clear::ClearSteps;
use super::log::LogSection;
use super::next::NextBox;
use super::paper::Paper;
use super::sheets::{Sheet, Sheets};
use super::talks::Talks;
use super::{Clocks, wording};
use crate::book::RowId;
use crate::domain::complaint::{Case, ClearStep, clock, complaint, step};
use crate::domain::customer::customer;
use crate::domain::lists;
use crate::domain::phone::Phone;
use crate::domain::team::{entry, staff};
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Button, ButtonKind, CardHead, EmptyState, IconButton, KeyValue, KeyValues, Lead, LinkButton, List, ListRow,
    PageHead, Section,
};
use crate::ui::record::{Conflicts, FactsOf, PhotosFact, RecordTimeline};
use crate::words::beside;

/// What the parts of the card share.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// The complaint with its log.
    pub case: Memo<Option<Case>>,
    /// The complaint's row.
    pub id: RowId,
    /// The sheet that is open.
    pub sheet: RwSignal<Option<Sheet>>,
    /// The step of CLEAR that the person opened.
    pub opened: RwSignal<Option<ClearStep>>,
}

impl Desk {
    /// Looks at the complaint; the default while it is not in the book.
    pub fn with<R: Default>(self, look: impl FnOnce(&Case) -> R) -> R {
        self.case.with(|case| case.as_ref().map(look).unwrap_or_default())
    }

    /// Opens a sheet.
    pub fn open(self, sheet: Sheet) -> Callback<()> {
        Callback::new(move |()| self.sheet.set(Some(sheet)))
    }
}

/// The card.
#[component]
pub fn Card(
    /// The complaint.
    id: RowId,
    /// The moment and the rules.
    clocks: Clocks,
) -> impl IntoView {
    let app = App::here();
    let case = Memo::new(move |_| app.read(&[complaint::ID, step::ID], |book| Case::read(book, id)));
    let desk = Desk { case, id, sheet: RwSignal::new(None), opened: RwSignal::new(None) };
    let there = Memo::new(move |_| case.with(Option::is_some));
    // A browser that cannot print has no menu for it either.
    let print = Callback::new(|()| drop(crate::web::print::print()));
    let actions = move || {
        view! {
            <IconButton label=app.t("打印", "Print") icon=Icon::Print on_press=print />
            <Allowed kind=complaint::ID><LinkButton label=app.t("修改", "Edit") href=format!("#/complaints/{id}/edit") kind=ButtonKind::Plain shortcut="e" /></Allowed>
        }
    };
    view! {
        <PageHead
            title=app.t("投诉", "Complaint")
            back="#/complaints"
            back_label=app.t("返回投诉", "Back to complaints")
            bare=true
            actions
        />
        {move || if there.get() {
            view! { <Known desk clocks /> }.into_any()
        } else {
            view! {
                <EmptyState
                    icon=Icon::Complaints
                    title=app.t("这里没有投诉", "There is no complaint here")
                    text=app.t("它可能还没有同步到这台设备。", "It may not have reached this device yet.")
                />
            }
            .into_any()
        }}
    }
}

#[component]
fn Known(desk: Desk, clocks: Clocks) -> impl IntoView {
    let app = App::here();
    let is_complaint = Memo::new(move |_| desk.with(Case::is_complaint));
    let words = move || desk.with(|case| wording::written(&case.row, complaint::WORDS, app.lang.get()));
    view! {
        <Head desk clocks />
        <Conflicts kind_id=complaint::ID id=Signal::stored(desk.id) />
        <blockquote class="quote" aria-label=app.t("客户原话", "In their own words")>{words}</blockquote>
        {complaint::RECORD.field(complaint::PHOTOS.field).map(|field| {
            view! { <PhotosFact kind_id=complaint::ID id=Signal::stored(desk.id) field /> }
        })}
        <Customer desk />
        <NextBox desk />
        <Show when=move || is_complaint.get()>
            <ClearSteps desk />
            <Talks desk />
        </Show>
        <Handling desk />
        <LogSection desk />
        <details>
            <summary>{app.t("修改记录", "History of changes")}</summary>
            <RecordTimeline kind_id=complaint::ID id=Signal::stored(desk.id) />
        </details>
        <Sheets desk />
        <Paper desk />
    }
}

/// Number, what and when, state, clock, severity, and the ways to act.
#[component]
fn Head(desk: Desk, clocks: Clocks) -> impl IntoView {
    let app = App::here();
    let title = Signal::derive(move || match desk.with(|case| case.row.text(complaint::NUMBER).to_owned()) {
        number if number.is_empty() => app.say("投诉", "Complaint").to_owned(),
        number => number,
    });
    let second = Signal::derive(move || {
        let reader = app.reader();
        let row = desk.with(|case| case.row.clone());
        let kind = app.read(&[entry::ID], |book| wording::kind(book, &row, reader.lang));
        let at = reader.moment(row.get(complaint::AT).unwrap_or_default());
        let at = app.fill("{} 受理", "received {}", &[&at]);
        Some(beside([kind, at]))
    });
    let marks = move || {
        let lang = app.lang.get();
        let (state, due, severity) = desk.case.with(|case| {
            let case = case.as_ref()?;
            let due = clocks.rules.with(|rules| clock::due(case, rules, clocks.now.get()));
            let severity = case.row.text(complaint::SEVERITY).to_owned();
            Some((case.state(), due, severity))
        })?;
        let (state, severity) = app.read(&[entry::ID], |book| {
            (wording::state(book, state, lang), book.label(lists::SEVERITY, &severity, lang))
        });
        let until = due.and_then(|due| due.at).map(|at| app.fill("{} 前", "by {}", &[&app.reader().moment(at)]));
        Some(view! {
            <Badge label=state />
            {due.map(|due| view! { <Badge label=wording::due(due, lang) tone=wording::tone(due.urgency) /> })}
            {(!severity.is_empty()).then(|| view! { <Badge label=severity /> })}
            {until.map(|until| view! { <span class="small">{until}</span> })}
        })
    };
    view! { <div class="number-head"><CardHead title second marks=move || view! { {marks} } /></div> }
}

/// Whose complaint it is, with the way to the card and to the phone.
#[component]
fn Customer(desk: Desk) -> impl IntoView {
    let app = App::here();
    let who = Memo::new(move |_| {
        let reader = app.reader();
        let row = desk.with(|case| case.row.clone());
        let card = row.get(complaint::CUSTOMER);
        app.read(&[customer::ID], |book| {
            let of_card =
                card.and_then(|id| book.live(customer::ID, id)).map(|row| row.text(customer::PHONE).to_owned());
            let phone =
                of_card.filter(|phone| !phone.is_empty()).unwrap_or_else(|| row.text(complaint::PHONE).to_owned());
            (card, wording::who(book, &row, reader), phone)
        })
    });
    move || {
        let (card, name, phone) = who.get();
        let phone = Phone::from_stored(&phone);
        let shown = phone.show(app.lang.get());
        let dial =
            phone.href().map(|href| view! { <LinkButton label=app.t("打电话", "Call") href icon=Icon::Phone /> });
        view! {
            <div class="who">
                <List label=app.t("投诉人", "Who")>
                    <ListRow
                        title=name
                        second=shown
                        lead=Lead::Icon(Icon::Person)
                        href=card.map(|id| format!("#/customers/{id}")).unwrap_or_default()
                    />
                </List>
                {dial}
            </div>
        }
    }
}

/// What it is about, and who answers for it (P6).
#[component]
fn Handling(desk: Desk) -> impl IntoView {
    let app = App::here();
    let id = Signal::stored(desk.id);
    let [intake, handling] = complaint::RECORD.sections else { return ().into_any() };
    // What was said and who said it stand above.
    let about = intake.fields.iter().position(|field| field.id == complaint::KIND.field);
    let about = about.and_then(|place| intake.fields.get(place..)).unwrap_or_default();
    let hand_over = desk.open(Sheet::HandOver);
    let open = Memo::new(move |_| desk.with(|case| case.state().is_open()));
    let action = move || {
        open.get().then(|| {
            view! {
                <Button label=app.t("转交同事", "Hand over") on_press=hand_over kind=ButtonKind::Plain />
            }
        })
    };
    view! {
        <Section heading=app.t("责任与处理", "Responsibility") action=move || view! { {action} }>
            <FactsOf kind_id=complaint::ID id fields=handling.fields />
            <Ended desk />
        </Section>
        <Section heading=app.w(intake.words)>
            <FactsOf kind_id=complaint::ID id fields=about />
        </Section>
    }
    .into_any()
}

/// How it ended: the customer's decision in their words, or who approved that nothing more can be done (P5).
#[component]
fn Ended(desk: Desk) -> impl IntoView {
    let app = App::here();
    let fields =
        [complaint::ACCEPTED.field, complaint::CUSTOMER_SAYS.field, complaint::HOPELESS.field, complaint::CLOSED.field];
    let facts = Memo::new(move |_| {
        let reader = app.reader();
        let row = desk.with(|case| case.row.clone());
        app.read(&[staff::ID], |book| {
            let all = fields.iter().filter_map(|id| complaint::RECORD.field(*id));
            let shown = all.map(|field| (field.words.r#in(reader.lang).to_owned(), book.show(&row, field, reader)));
            shown.filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>()
        })
    });
    view! {
        <KeyValues>
            <For each=move || facts.get() key=|fact| fact.clone() children=|(label, text)| view! {
                <KeyValue label>{text}</KeyValue>
            } />
        </KeyValues>
    }
}

//! A customer's card: who it is and what to do next first, the data below (C1, C4).

use leptos::prelude::*;

use super::data::Data;
use super::list::Listing;
use super::next::Next;
use super::position::after_two_frames;
use super::related::{Dealings, Surroundings};
use super::row::grade;
use super::{head, is_gone, new_of};
use crate::book::RowId;
use crate::domain::customer::{customer, dealing};
use crate::domain::lists;
use crate::domain::phone::Phone;
use crate::domain::team::entry;
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Badge, ButtonKind, CardHead, Choice, LinkButton, PageHead, Seal, Tabs, Tone};
use crate::ui::record::{Conflicts, RecordTimeline};
use crate::words::beside;

/// The card of a customer, beside the list or in its place.
#[component]
pub(super) fn Card(
    /// The customer.
    id: RowId,
    /// The list, for "previous" and "next".
    listing: Listing,
) -> impl IntoView {
    let app = App::here();
    let tab = RwSignal::new(DEALINGS.to_owned());
    let print = Callback::new(move |()| print(tab));
    view! {
        <Show when=move || !is_gone(app, id) fallback=move || view! { <super::gone::Gone id /> }>
            <PageHead
                title=Signal::derive(move || place(app, listing, id))
                bare=true
                back="#/customers"
                back_label=app.t("返回客户列表", "Back to the list")
                actions=move || view! { <head::Ways id listing on_print=print /> }
            />
            <Head id />
            <Next id />
            <Conflicts kind_id=customer::ID id />
            <Panels id tab />
        </Show>
    }
}

/// Where the card stands in the list: `3 / 25`.
fn place(app: App, listing: Listing, id: RowId) -> String {
    let place = listing.ids.with(|ids| ids.iter().position(|other| *other == id).map(|at| (at + 1, ids.len())));
    place.map_or_else(|| app.say("客户", "Customer").to_owned(), |(at, of)| format!("{at} / {of}"))
}

/// The fixed head of every card (C1): name, employer, position, address, ways to contact.
#[component]
fn Head(id: RowId) -> impl IntoView {
    let app = App::here();
    let text = move |field: fn(&crate::book::Row) -> String| {
        app.read(&[customer::ID], |book| field(&book.row(customer::ID, id).unwrap_or_default()))
    };
    let title = move || app.read(&[customer::ID], |book| book.title(customer::ID, id, app.reader()));
    let second = move || {
        let parts = [
            text(|row| row.text(customer::SALUTATION).to_owned()),
            text(|row| row.text(customer::POSITION).to_owned()),
            text(|row| row.text(customer::EMPLOYER).to_owned()),
        ];
        Some(beside(parts)).filter(|text| !text.is_empty())
    };
    let seal = move || {
        let reader = app.reader();
        let found = app.read(&[customer::ID, entry::ID], |book| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            grade(book, row.text(customer::GRADE), reader)
        });
        found.map(|grade| view! { <Seal sign=grade.sign label=grade.label pale=grade.pale /> })
    };
    view! {
        <CardHead
            title=Signal::derive(title)
            second=Signal::derive(second)
            lead=move || seal
            marks=move || view! { <Marks id /> }
            actions=move || view! { <Actions id /> }
        />
        <head::Contact id />
    }
}

/// Nature, tags, whether the customer is retired and why (C5, C19).
#[component]
fn Marks(id: RowId) -> impl IntoView {
    let app = App::here();
    let marks = Memo::new(move |_| {
        let lang = app.lang.get();
        app.read(&[customer::ID, entry::ID], |book| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            let label = |list, key: &str| (!key.is_empty()).then(|| book.label(list, key, lang));
            let retired = label(lists::RETIRED, row.text(customer::RETIRED));
            let tags: Vec<_> = row.words(customer::TAGS.field).map(str::to_owned).collect();
            (label(lists::NATURE, row.text(customer::NATURE)), retired, tags)
        })
    });
    move || {
        let (nature, retired, tags) = marks.get();
        let retired = retired.map(|why| app.fill("已停用：{}", "Retired: {}", &[&why]));
        view! {
            {nature.map(|label| view! { <Badge label /> })}
            {retired.map(|label| view! { <Badge label tone=Tone::Warn /> })}
            {tags.into_iter().map(|label| view! { <Badge label icon=Icon::Star /> }).collect_view()}
        }
    }
}

/// Call, message, and write down what was said.
#[component]
fn Actions(id: RowId) -> impl IntoView {
    let app = App::here();
    let phone = Memo::new(move |_| {
        app.read(&[customer::ID], |book| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            let phone = Phone::from_stored(row.text(customer::PHONE));
            phone.href().map(|call| (call, phone.is_mobile()))
        })
    });
    move || {
        let call = phone.get();
        let message = call.as_ref().filter(|(_, mobile)| *mobile).map(|(call, _)| call.replacen("tel:", "sms:", 1));
        view! {
            {call.map(|(href, _)| view! { <LinkButton label=app.t("电话", "Call") href icon=Icon::Phone /> })}
            {message.map(|href| view! { <LinkButton label=app.t("短信", "Message") href icon=Icon::Message /> })}
            <Allowed kind=dealing::ID>
                <LinkButton
                    label=app.t("记往来", "Note a dealing")
                    href=format!("#{}", new_of(id, dealing::ID))
                    kind=ButtonKind::Primary
                    icon=Icon::Edit
                />
            </Allowed>
        }
    }
}

/// The parts of the card, one of them in sight; on paper stand all but the history.
const DEALINGS: &str = "dealings";
const PAPER: &str = "paper";

/// Puts all of the card on paper, and then the part that was in sight back.
fn print(tab: RwSignal<String>) {
    let before = tab.get_untracked();
    tab.set(PAPER.to_owned());
    after_two_frames(move || {
        // A browser that cannot print has no menu for it either.
        drop(crate::web::print::print());
        tab.try_set(before);
    });
}

/// Dealings first, then the data, then who changed what.
#[component]
fn Panels(id: RowId, tab: RwSignal<String>) -> impl IntoView {
    let app = App::here();
    let tabs = Signal::derive(move || {
        vec![
            Choice::new(DEALINGS, app.say("往来", "Dealings")),
            Choice::new("data", app.say("资料", "Data")),
            Choice::new("history", app.say("修改记录", "History")),
        ]
    });
    let on_choose = Callback::new(move |chosen| tab.set(chosen));
    view! {
        <Tabs label=app.t("档案内容", "Parts of the card") tabs current=tab on_choose>
            {move || match tab.get().as_str() {
                "data" => view! { <Data id /> }.into_any(),
                PAPER => view! { <Data id /> <Dealings id /> <Surroundings id /> }.into_any(),
                "history" => view! { <RecordTimeline kind_id=customer::ID id /> }.into_any(),
                _ => view! { <Dealings id /> <Surroundings id /> }.into_any(),
            }}
        </Tabs>
    }
}

//! 客户: the list with its search, the card beside it, and the forms of all that belongs to a customer.
#![allow(unreachable_pub, reason = "the component macro makes the properties of every component public")]

mod bin;
mod card;
mod classes;
mod data;
mod edit;
mod erase;
mod gone;
mod head;
mod held;
mod list;
mod new;
mod next;
mod position;
mod related;
mod row;
mod window;

use leptos::prelude::*;

use self::list::Listing;
pub(crate) use self::next::{birthday_days, when};
use crate::book::RowId;
use crate::domain::customer::{contact, customer, deal, dealing, promise, task};
use crate::domain::kind;
use crate::domain::record::KindId;
use crate::ui::allowed::Writing;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::lasting::LastingMemo;
use crate::ui::parts::{EmptyState, Split};
use crate::ui::record::leftover;
use crate::ui::route::Route;

/// The kinds of record that are entered from a customer's card.
const PARTS: [KindId; 5] = [dealing::ID, deal::ID, task::ID, promise::ID, contact::ID];

/// What stands beside the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    List,
    New,
    Bin,
    Card(RowId),
    Edit(RowId),
    Held(RowId),
    /// A record of a customer, of one of the [`PARTS`]: a new one without its id.
    Part(RowId, KindId, Option<RowId>),
}

impl Place {
    fn of(route: &Route) -> Self {
        let id = |text: &str| RowId::parse(text);
        let part = |key: &str| PARTS.into_iter().find(|of| kind(*of).is_some_and(|kind| kind.key == key));
        let place = match route.parts()[..] {
            [_, "new"] => Some(Self::New),
            [_, "bin"] => Some(Self::Bin),
            [_, one] => id(one).map(Self::Card),
            [_, one, "edit"] => id(one).map(Self::Edit),
            [_, one, "held"] => id(one).map(Self::Held),
            [_, one, "new", key] => id(one).zip(part(key)).map(|(one, key)| Self::Part(one, key, None)),
            [_, one, key, other] => {
                id(one).zip(part(key)).zip(id(other)).map(|((one, key), other)| Self::Part(one, key, Some(other)))
            }
            _ => None,
        };
        place.unwrap_or(Self::List)
    }

    /// The customer it is about.
    const fn customer(self) -> Option<RowId> {
        match self {
            Self::Card(id) | Self::Edit(id) | Self::Held(id) | Self::Part(id, ..) => Some(id),
            Self::List | Self::New | Self::Bin => None,
        }
    }
}

/// The address of a customer's card.
pub(crate) fn card_of(id: RowId) -> String {
    format!("/customers/{id}")
}

/// The address of a new record of a customer.
fn new_of(id: RowId, of: KindId) -> String {
    format!("/customers/{id}/new/{}", kind(of).map_or("", |kind| kind.key))
}

/// The address of a record of a customer.
pub(crate) fn part_of(id: RowId, of: KindId, part: RowId) -> String {
    format!("/customers/{id}/{}/{part}", kind(of).map_or("", |kind| kind.key))
}

/// 客户
#[component]
pub fn Customers() -> impl IntoView {
    let app = App::here();
    let place = LastingMemo::memo(move || app.route.with(Place::of));
    let open = Signal::derive(move || place.get() != Place::List);
    let current = Signal::derive(move || place.get().customer());
    let listing = Listing::new(app);
    // What an erasure left behind when the page went away too soon.
    leftover::sweep(app);
    view! {
        <Split open list=move || view! { <list::CustomerList listing open current /> }>
            {move || match place.get() {
                Place::List => view! { <Nobody /> }.into_any(),
                Place::New => view! { <Writing kind=customer::ID back="#/customers"><new::QuickAdd /></Writing> }.into_any(),
                Place::Bin => view! { <bin::Bin /> }.into_any(),
                Place::Card(id) => view! { <card::Card id listing /> }.into_any(),
                Place::Edit(id) => view! { <gone::Unerased id><edit::Edit id /></gone::Unerased> }.into_any(),
                Place::Held(id) => view! { <gone::Unerased id><held::HeldPage id /></gone::Unerased> }.into_any(),
                Place::Part(id, kind_id, part) => view! {
                    <gone::Unerased id><edit::EditPart customer=id kind_id part /></gone::Unerased>
                }.into_any(),
            }}
        </Split>
    }
}

/// Beside the list while no card is open.
#[component]
fn Nobody() -> impl IntoView {
    let app = App::here();
    let some = move || app.roll(|_, roll| !roll.is_empty());
    view! {
        <Show when=some>
            <EmptyState
                icon=Icon::Person
                title=app.t("还没有打开档案", "No card is open")
                text=app.t(
                    "从列表中选一位客户。按 / 查找，按 j、k 上下移动，按 n 新增，按 ? 看全部快捷键。",
                    "Choose a customer from the list. / searches, j and k move, n adds one, ? shows all keys.",
                )
            />
        </Show>
    }
}

/// Whether this customer is in the recycle bin or was never here.
fn is_gone(app: App, id: RowId) -> bool {
    app.read(&[customer::ID], |book| book.live(customer::ID, id).is_none())
}

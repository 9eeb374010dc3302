//! What a shop knows: record kinds, dictionaries, rules, calendars. Pure.

pub mod annual;
pub mod axes;
pub mod complaint;
pub mod customer;
pub mod day;
pub mod erasure;
pub mod lists;
pub mod lunar;
pub mod money;
pub mod phone;
pub mod pinyin;
pub mod record;
pub mod role;
pub mod sample;
pub mod space;
pub mod standard;
pub mod team;
pub mod width;
pub mod worktime;

use crate::book::RowId;
use crate::words::Words;
use record::{Kind, KindId};

/// Every record kind, in the order of the archive.
pub static KINDS: &[&Kind] = &[
    &customer::customer::RECORD,
    &customer::contact::RECORD,
    &customer::dealing::RECORD,
    &customer::deal::RECORD,
    &customer::task::RECORD,
    &customer::promise::RECORD,
    &standard::standard::RECORD,
    &standard::edition::RECORD,
    &standard::check::RECORD,
    &standard::action::RECORD,
    &standard::reception::RECORD,
    &complaint::complaint::RECORD,
    &complaint::step::RECORD,
    &complaint::round::RECORD,
    &team::staff::RECORD,
    &team::shop::RECORD,
    &team::entry::RECORD,
    &team::extra::RECORD,
    &team::settings::RECORD,
];

/// The declaration of a kind; none for one of a newer version.
pub fn kind(id: KindId) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.id == id).copied()
}

/// The name of a row that the app ships (S1), which is there before the shop writes anything into it.
pub fn shipped_name(of: KindId, id: RowId) -> Option<Words> {
    (of == standard::standard::ID).then(|| standard::shipped::Shipped::find(id)).flatten().map(|shipped| shipped.name)
}

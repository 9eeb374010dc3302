//! What the people of a team may change (M3). Every device checks every operation against its author's role; a screen
//! that offers less is a courtesy.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::standard::shelf;
use crate::book::RowWrite;
use crate::book::erase::ERASED;
use crate::words::{Words, words};

/// What a person's device may do. Everybody in the vault reads all of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// 负责人: everything, and says who may do what.
    #[default]
    #[n(1)]
    Owner,
    /// 档案管理员: the customer file and its lists, and daily work.
    #[n(2)]
    Keeper,
    /// 店长: standards, people and settings, and daily work.
    #[n(3)]
    Manager,
    /// 店员: daily work.
    #[n(4)]
    Staff,
    /// 只读: reading.
    #[n(5)]
    Viewer,
    /// 已移出: no longer of the vault.
    #[n(6)]
    Removed,
}

impl Role {
    /// The roles that a device can be given.
    pub const GIVEN: [Self; 5] = [Self::Owner, Self::Keeper, Self::Manager, Self::Staff, Self::Viewer];

    /// What people call it.
    pub const fn words(self) -> Words {
        match self {
            Self::Owner => words("负责人", "Owner"),
            Self::Keeper => words("档案管理员", "Archive keeper"),
            Self::Manager => words("店长", "Manager"),
            Self::Staff => words("店员", "Staff"),
            Self::Viewer => words("只读", "Viewer"),
            Self::Removed => words("已移出", "Removed"),
        }
    }

    /// What it may do, in a sentence for whoever gives it out.
    pub const fn explained(self) -> Words {
        match self {
            Self::Owner => words(
                "什么都可以改，还能邀请设备、改角色、移出设备。",
                "Changes everything, invites devices, gives roles, removes devices.",
            ),
            Self::Keeper => words(
                "管客户档案、字典和自定义字段，也做日常记录。",
                "Looks after the customer file, its lists and own fields; does the daily records.",
            ),
            Self::Manager => words(
                "管标准、员工、门店、规则与时限，也做日常记录；可以邀请店员。",
                "Looks after standards, staff, shops, rules and limits; does the daily records; may invite staff.",
            ),
            Self::Staff => words(
                "记客户、往来、检查和投诉；不改标准和设置。",
                "Records customers, dealings, checks and complaints; leaves standards and settings alone.",
            ),
            Self::Viewer => words("只能看，不能改。", "Reads, and changes nothing."),
            Self::Removed => words("这台设备已被移出账簿。", "This device was removed from the book."),
        }
    }

    /// Whether it may change this.
    pub fn may_write(self, writers: Roles) -> bool {
        writers.0 & (1 << self as u8) != 0
    }

    /// Whether a row may be written. A kind of a newer version is open to all who write at all: what may be done with it
    /// is not known here, and must not differ between versions more than it has to.
    pub fn may(self, row: &RowWrite) -> bool {
        // What is erased does not come back.
        if row.cells.iter().any(|cell| cell.field == ERASED) {
            return self == Self::Owner;
        }
        let writers = super::kind(row.kind).map_or(Roles::DAILY, |kind| kind.writers);
        // Whoever begins a check freezes the text that it is made by, so that the check says for ever what was asked.
        self.may_write(writers) || self.may_write(Roles::DAILY) && shelf::is_frozen(row)
    }

    /// Whether others may begin from a snapshot that it wrote: what is in one is not judged operation by operation, so
    /// only who may change everything may write one.
    pub fn may_vouch(self) -> bool {
        matches!(self, Self::Owner | Self::Manager)
    }

    /// Whether it may invite a device into this role.
    pub fn may_invite(self, into: Self) -> bool {
        match self {
            Self::Owner => into != Self::Removed,
            Self::Manager => matches!(into, Self::Staff | Self::Viewer),
            _ => false,
        }
    }
}

/// A set of roles; owners are in all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Roles(u8);

impl Roles {
    const fn of(role: Role) -> Self {
        Self(1 << Role::Owner as u8 | 1 << role as u8)
    }

    const fn and(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    /// Daily work: everybody but viewers.
    pub const DAILY: Self = Self::of(Role::Keeper).and(Role::Manager).and(Role::Staff);
    /// How the shop is run.
    pub const HOUSE: Self = Self::of(Role::Manager);
    /// What the customer file is made of.
    pub const FILE: Self = Self::of(Role::Keeper).and(Role::Manager);
}

#[cfg(test)]
mod tests {
    use super::{Role, Roles};
    use crate::book::{Book, CellWrite, RowId, RowWrite, Value};
    use crate::domain::standard::shelf::Standard;
    use crate::domain::standard::{edition, shipped};
    use crate::domain::{KINDS, customer::customer, team};

    fn row(kind: u16) -> RowWrite {
        RowWrite { kind, id: RowId::default(), cells: Vec::new() }
    }

    #[test]
    fn everybody_but_viewers_does_the_daily_work() {
        let may: Vec<_> = Role::GIVEN.into_iter().filter(|role| role.may(&row(customer::ID))).collect();
        assert_eq!(may, [Role::Owner, Role::Keeper, Role::Manager, Role::Staff]);
        assert!(!Role::Staff.may(&row(edition::ID)) && Role::Manager.may(&row(edition::ID)));
        assert!(Role::Keeper.may(&row(team::entry::ID)) && !Role::Keeper.may(&row(team::settings::ID)));
        // A kind of a newer version.
        assert!(Role::Staff.may(&row(9_999)) && !Role::Viewer.may(&row(9_999)));
    }

    #[test]
    fn whoever_checks_may_freeze_a_text_and_nothing_else_of_a_standard() {
        let book = Book::default();
        let standard = Standard::find(&book, shipped::id(shipped::RECEPTION)).expect("it is shipped");
        let frozen = standard.current.expect("it has a text").freeze(&book).expect("it is not there yet");
        let may: Vec<_> = Role::GIVEN.into_iter().filter(|role| role.may(&frozen)).collect();
        assert_eq!(may, [Role::Owner, Role::Keeper, Role::Manager, Role::Staff]);
        // Another text under its name, or a moment that makes it the published one.
        let mut altered = frozen.clone();
        for cell in &mut altered.cells {
            if cell.field == edition::TEXT.field {
                cell.value = Value::Text("{}".to_owned());
            }
        }
        let mut dated = frozen.clone();
        dated.cells.push(CellWrite { field: edition::AT.field, elem: None, value: Value::Int(1), bases: Vec::new() });
        let part = RowWrite { cells: frozen.cells[..1].to_vec(), ..frozen };
        for row in [altered, dated, part] {
            assert!(!Role::Staff.may(&row) && Role::Manager.may(&row));
        }
    }

    #[test]
    fn an_owner_may_everything_and_a_removed_device_nothing() {
        for kind in KINDS {
            assert!(Role::Owner.may_write(kind.writers) && !Role::Removed.may_write(kind.writers), "{}", kind.key);
            assert!(!Role::Viewer.may_write(kind.writers), "{}", kind.key);
        }
        for role in Role::GIVEN {
            assert_eq!(role.may_vouch(), KINDS.iter().all(|kind| role.may_write(kind.writers)), "{role:?}");
        }
        assert!(Role::Owner.may_invite(Role::Owner) && !Role::Manager.may_invite(Role::Manager));
        assert!(!Role::Staff.may_invite(Role::Staff) && !Role::Removed.may_invite(Role::Viewer));
        assert!(Role::Owner.may_write(Roles::HOUSE));
    }
}

//! The named checks: what must hold, and which invariant of `docs/protocol.md` §1 it belongs to.

use std::fmt;

macro_rules! checks {
    ($($(#[doc = $doc:literal])* $name:ident = $invariant:literal,)*) => {
        /// Something that must hold.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Check { $($(#[doc = $doc])* $name,)* }

        impl Check {
            /// Every check, with the number of its invariant and what it says.
            pub const ALL: &[(Self, u8, &'static str)] = &[$((Self::$name, $invariant, concat!($($doc),*)),)*];
        }
    };
}

checks! {
    /// A store opens again after anything.
    Opens = 1,
    /// What was shown as saved is in the store and in the book.
    Saved = 1,
    /// An acknowledged edit reaches every live device.
    Reaches = 1,
    /// Equal frontiers give equal books.
    SameBook = 2,
    /// Every write is shown, kept, or superseded by one that saw it.
    Kept = 3,
    /// An edit names as seen what its author saw.
    Informed = 3,
    /// A conflict is shown exactly where two different values stand.
    Conflict = 3,
    /// Nothing is taken in twice.
    Once = 4,
    /// (device, number) never has two accepted contents.
    OneContent = 5,
    /// What is accepted of a device is one history.
    OneHistory = 5,
    /// A head never promises what was not put.
    Promised = 6,
    /// A photo that a record names can be seen by everybody, as it was taken.
    Pictured = 1,
    /// What was taken in stays.
    NothingDisappears = 7,
    /// A photo is let go of only when it can be fetched again.
    LetGo = 7,
    /// An emptied bucket is filled again only when somebody asks for it, and then it is.
    AskedFirst = 7,
    /// What is wrong with one device delays no other.
    Isolated = 8,
    /// A clock never keeps anybody from writing or sharing.
    ClockFree = 9,
    /// A wrong clock stays with its device.
    ClockSpread = 9,
    /// Nothing readable leaves the device.
    Secret = 10,
    /// Nothing is taken in that nobody wrote, or that breaks a rule.
    Refused = 11,
    /// What is refused or missing is told.
    Reported = 11,
    /// It is told for what it is.
    Reason = 11,
    /// Nothing is told that is not so.
    FalseAlarm = 11,
    /// Two tabs never use the same number.
    TabsApart = 13,
    /// No more requests than the budget.
    Budget = 14,
    /// What an owner says of a role holds from then on, whatever the clocks say.
    LastWord = 9,
    /// What was erased is gone where somebody says so, and what is taken out is erased.
    Gone = 17,
    /// A removed device's later operations are applied by nobody.
    ShutOut = 15,
    /// What is sealed after a removal opens with no key of the removed device.
    KeyChanged = 15,
    /// What a role does not allow is applied by nobody, and what it allows by everybody.
    Allowed = 16,
    /// All who have read the same entries give everybody the same role.
    Roles = 16,
    /// Who joins at rest gets the book that all have.
    Joiner = 2,
    /// A link that is shown opens the vault.
    LinkOpens = 1,
    /// The run comes to an end.
    Ends = 8,
}

impl Check {
    /// The number of its invariant.
    pub fn invariant(self) -> u8 {
        Self::ALL.iter().find(|(check, ..)| *check == self).map_or(0, |(_, invariant, _)| *invariant)
    }

    /// What it says.
    pub fn says(self) -> &'static str {
        Self::ALL.iter().find(|(check, ..)| *check == self).map_or("", |(.., says)| says.trim())
    }
}

/// A check that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Which.
    pub check: Check,
    /// How.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { check, what } = self;
        write!(f, "invariant {}, {check:?}: {} — {what}", check.invariant(), check.says())
    }
}

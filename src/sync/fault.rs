//! Why an object of another device is not applied.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why an object is held back. The codes are stored and shown, and never change their meaning.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(into = "u8", try_from = "u8")]
        #[repr(u8)]
        pub enum Fault { $($(#[$doc])* $name = $code,)* }

        impl Fault {
            /// Every fault there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

faults! {
    /// The bytes do not begin as an object does.
    Foreign = 1,
    /// A format, suite or feature that this version does not know: update the app.
    Newer = 2,
    /// Larger than an object may be, sealed or inflated.
    TooLarge = 3,
    /// Fewer or more bytes than the header says.
    Truncated = 4,
    /// The object says that it belongs somewhere else: swapped, pasted, or of another vault.
    Misplaced = 5,
    /// The signature is not its author's.
    BadSignature = 6,
    /// Sealed with a key that this device does not have.
    UnknownEpoch = 7,
    /// The seal is broken.
    BadSeal = 8,
    /// Signed and sealed well, but what is inside cannot be read.
    Malformed = 9,
    /// It does not continue the chain that was read before.
    BrokenChain = 10,
    /// Two different objects with one number.
    Fork = 11,
    /// Older than what was read before.
    RolledBack = 12,
    /// Operation numbers are missing or belong to another device.
    Gap = 13,
    /// A stamp not later than the one before it.
    StampReused = 14,
    /// Its author has not enrolled, or the invitation has not been seen yet.
    UnknownMember = 15,
    /// An enrolment whose proof is false.
    BadEnrolment = 16,
    /// Promised but not there yet.
    NotVisible = 17,
    /// The bucket refused to hand it out.
    Refused = 18,
    /// A control entry of a kind that this version does not know; it is kept and the chain goes on.
    UnknownEntry = 19,
    /// A snapshot that does not hold what it says that it holds.
    FalseSnapshot = 20,
    /// Written after its author was taken out of the vault, or came into it in a way that does not count.
    Removed = 21,
    /// It holds operations that the role of its author does not allow; they are left out and the chain goes on.
    NotAllowed = 22,
}

impl Fault {
    /// The stable number of the fault.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Whether it may go away without its author doing anything, so that the next round tries again.
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::UnknownEpoch | Self::UnknownMember | Self::NotVisible | Self::Refused)
    }
}

impl From<Fault> for u8 {
    fn from(fault: Fault) -> Self {
        fault.code()
    }
}

impl TryFrom<u8> for Fault {
    type Error = &'static str;

    fn try_from(code: u8) -> Result<Self, Self::Error> {
        Self::ALL.iter().copied().find(|fault| fault.code() == code).ok_or("unknown fault")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} ({})", self.code())
    }
}

impl std::error::Error for Fault {}

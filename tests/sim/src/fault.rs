//! What may go wrong in a run.

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// Something that goes wrong.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Trouble { $($(#[doc = $doc])* $name,)* }

        impl Trouble {
            /// Everything that may go wrong, with what it is.
            pub const ALL: &[(Self, &'static str)] = &[$((Self::$name, concat!($($doc),*)),)*];
        }
    };
}

faults! {
    /// A tab is killed between two effects.
    Kill,
    /// The power fails: what nobody was told was saved may be gone.
    PowerCut,
    /// The disk is full.
    Full,
    /// The disk does not answer.
    Broken,
    /// A request is lost.
    Lost,
    /// The service answers 503.
    Status,
    /// A request is done and its answer is lost.
    Unanswered,
    /// A request is done long after its sender gave it up.
    Late,
    /// A request is done twice, the second time much later.
    Twice,
    /// An answer is cut off.
    Cut,
    /// A bit of an answer flips.
    Flip,
    /// LIST or GET shows an older state, LIST without order.
    Stale,
    /// A bit flips in what is stored.
    Spoiled,
    /// A clock is wrong, by seconds to years.
    ClockWrong,
    /// The service refuses requests signed at a wrong time.
    Skew,
    /// The service does not tell the time.
    NoTime,
    /// The browser hides entity tags.
    NoTags,
    /// Conditions are ignored.
    NoConditions,
    /// Listings come in small pages.
    Paged,
    /// A second tab works and synchronises.
    SecondTab,
    /// A tab sleeps while another works, shares and tidies up.
    Sleeper,
    /// Texts are so long that pages of the book are split.
    Long,
    /// A profile is copied and both go on.
    Copied,
    /// A profile is put back to an earlier state.
    Restored,
    /// Stored objects are flipped, cut, lengthened, swapped or of another vault.
    Damage,
    /// An object is gone.
    Missing,
    /// A head is an older one.
    HeadBack,
    /// The bucket is put back to an earlier state.
    BucketBack,
    /// The bucket is emptied.
    Emptied,
    /// One device is shown an older state than the others.
    View,
    /// A member with all keys breaks the rules.
    Liar,
    /// A device gets another role.
    Granted,
    /// A device is taken out.
    TakenOut,
    /// Two owners take each other out at the same moment.
    Duel,
    /// A changed app writes what its role does not allow, also after it was taken out.
    Rebel,
    /// An invitation is taken back.
    TakenBack,
    /// Somebody comes with the copy of an invitation that was taken back, or was given out by who is out.
    Friend,
    /// A copied profile becomes a device of its own.
    Heir,
    /// Somebody is erased for good.
    Erased,
    /// Weeks pass.
    Weeks,
    /// Snapshots and packs are due soon.
    Brisk,
    /// People take photos and look at them.
    Photos,
}

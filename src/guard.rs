//! The checks that the protocol rests on, each with a name, so that it can be shown what it is for.
//!
//! The simulator switches one off and must then find a vault that goes wrong: a check whose absence nobody notices is
//! either superfluous or untested. Only builds with the feature `guards` have the switch, and the app never does: in
//! all others [`Guard::stands`] is the constant `true` and leaves no trace in the program.

macro_rules! guards {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// A check that the protocol rests on.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Guard { $($(#[doc = $doc])* $name,)* }

        impl Guard {
            /// Every guard there is, with what it does.
            pub const ALL: &[(Self, &'static str)] = &[$((Self::$name, concat!($($doc),*)),)*];
        }
    };
}

guards! {
    /// Our own head in the listing must be the one that we put last.
    OwnHead,
    /// An object names the hash of the one before it.
    PreviousHash,
    /// The last object of a chain has the hash that the head names.
    PromisedHash,
    /// The header says the place where the object lies.
    Place,
    /// The author's signature.
    Signature,
    /// The padding is zero.
    Padding,
    /// What heads promise and have seen is remembered.
    Evidence,
    /// A write supersedes what its author saw, and nothing else.
    Bases,
    /// A write that is superseded before it has come is noted.
    Ghosts,
    /// A stamp from the future is not absorbed into our own clock.
    StampLimit,
    /// A stamp is later than the one before, whatever the clock says.
    Monotonic,
    /// Operation numbers have no gap.
    Gapless,
    /// A segment holds operations of its own device.
    Author,
    /// The stamps of a chain grow.
    StampReused,
    /// Operations that are known are not taken in again.
    Repeats,
    /// A commit applies to the revision that it was decided on.
    Revision,
    /// What lies under a name that was taken is compared with our own log.
    Occupied,
    /// The tail keeps own operations until a segment holds them.
    TailKept,
    /// Nothing is put before it is durable.
    Durable,
    /// The head is put after everything it promises.
    HeadLast,
    /// A head older than the one read before is held.
    RolledBack,
    /// A second history under known numbers is held.
    Fork,
    /// An enrolment carries the invitation's signature.
    Invited,
    /// Whoever enrols without an invitation is the founder.
    Founder,
    /// An emptied bucket is filled again only when somebody asks for it.
    EmptyBucket,
    /// The tag that is remembered is that of the head which was read.
    ReadTag,
    /// A fault stops its own chain only.
    Isolation,
    /// An invitation's bundle is read back before its link is shown.
    ReadBack,
    /// A tab applies the tail in the store's order.
    TailOrder,
    /// A tab that slept through a checkpoint reads the book anew.
    TailGap,
    /// Only what owners say about roles counts.
    OwnersOnly,
    /// Operations that their author's role does not allow are left out.
    RoleCheck,
    /// What a removed device writes after its removal is held.
    Removal,
    /// A book that holds what does not count any more is read anew.
    ReadAnew,
    /// After a removal new objects are sealed with a key that the removed device does not get.
    NewEpoch,
    /// What is written to an erased row after it was erased is dropped.
    Erased,
    /// A log is cut only where a snapshot stands for it that has nothing of what was erased.
    Clean,
    /// A photo has the hash that the record names.
    PhotoHash,
    /// A photo that is owed to the bucket, or in a form, stays.
    PhotoMarks,
    /// Photos are let go of only if no mark was put on one meanwhile.
    PhotoMarked,
    /// A photo is sent when the book names it.
    PhotoSent,
    /// A photo that the book names is not cleared away.
    PhotoNamed,
    /// What arrives in a round may name photos, so that nothing is cleared away in it.
    PhotoLater,
    /// Photos are put again when the bucket has less than we put.
    PhotoAgain,
    /// What was fetched is kept only while a record names it.
    PhotoKept,
}

#[cfg(feature = "guards")]
mod switch {
    use std::cell::Cell;

    use super::Guard;

    thread_local! {
        static OFF: Cell<Option<Guard>> = const { Cell::new(None) };
    }

    impl Guard {
        /// Whether the check is made.
        pub fn stands(self) -> bool {
            OFF.get() != Some(self)
        }

        /// Runs something on this thread without the check.
        pub fn without<T>(guard: Option<Self>, run: impl FnOnce() -> T) -> T {
            let before = OFF.replace(guard);
            let result = run();
            OFF.set(before);
            result
        }
    }
}

#[cfg(not(feature = "guards"))]
impl Guard {
    /// Whether the check is made: always.
    #[inline]
    #[must_use]
    pub const fn stands(self) -> bool {
        true
    }
}

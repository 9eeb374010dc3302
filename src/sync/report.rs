//! What people are told after a round. Data only: the screens put it into words.

use super::fault::Fault;
use super::name::InviteId;
use super::wire::Role;
use crate::book::{DevId, Stamp};
use crate::remote::RemoteError;
use crate::store::StoreError;

/// What one round came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Everything that could be read was read, and everything of our own is in the bucket.
    pub finished: bool,
    /// When a round last finished, in milliseconds since 1970 by the corrected clock; none in this session yet.
    pub last_ok_ms: Option<u64>,
    /// Own operations that the bucket does not have.
    pub waiting_ops: u64,
    /// Photos that saved records name and the bucket does not have; the loop that sends them tells.
    pub waiting_photos: usize,
    /// Operations of others applied in this round: they are in the tail.
    pub pulled_ops: u64,
    /// The book was read anew, because something in it does not count any more.
    pub read_anew: bool,
    /// Something was erased, and a snapshot without it waits for a checkpoint of the book: call
    /// [`Session::checkpoint`](crate::session::Session::checkpoint), then run another round.
    pub wants_checkpoint: bool,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
    /// Objects of others that are held back.
    pub held: Vec<Held>,
    /// The devices of the vault.
    pub members: Vec<Member>,
    /// What this device may do.
    pub role: Role,
    /// Devices whose book held something else than ours after the very same operations. One of the two books is
    /// wrong, and neither is changed for it: a person has to compare them.
    pub diverged: Vec<DevId>,
    /// Devices that came with an invitation after it was taken back: somebody kept its secret. They are members all the
    /// same, as others may have read them before the withdrawal.
    pub latecomers: Vec<DevId>,
}

/// Something that a person should know or do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// A copy of this device writes under its identity: this one has stopped pushing, pulling goes on.
    Cloned,
    /// The bucket was emptied. Nothing is lost here; `Engine::reseed` fills it again.
    BucketEmpty,
    /// Our own head was gone or older than it was, as after a restore of the bucket; what was missing is put again.
    BucketBehind,
    /// A name of ours holds bytes that are not ours.
    Occupied {
        /// The name.
        name: String,
    },
    /// An object that we must have is missing or unreadable in the store of this device.
    LocalDamage {
        /// What.
        what: String,
    },
    /// The store of this device refused.
    Store(StoreError),
    /// Something was erased, and the bucket does not delete an object of ours that holds it.
    Undeleted {
        /// Its name.
        name: String,
    },
    /// One operation is larger than an object may be.
    OpTooLarge {
        /// Its number.
        opn: u64,
    },
    /// The bucket did not answer or refused.
    Remote(RemoteError),
    /// Two histories of one device exist.
    Fork {
        /// The device.
        dev: DevId,
        /// The number at which they differ.
        seq: u64,
        /// Who saw the other one.
        witness: DevId,
    },
    /// What a device promised, or others saw, stays away round after round.
    Withheld {
        /// The device.
        dev: DevId,
        /// The last segment that is promised.
        seq: u64,
        /// Who said so.
        witness: DevId,
    },
    /// Operations of a device carry times in the future: they count, but are marked.
    ClockAhead {
        /// The device.
        dev: DevId,
        /// How far, in milliseconds.
        by_ms: u64,
    },
    /// This device's clock is wrong by so many milliseconds; it is corrected for everything we write.
    OwnClock {
        /// What has to be added to it.
        offset_ms: i64,
    },
    /// More devices came with an invitation than it allows.
    Overused {
        /// The invitation.
        invite: InviteId,
        /// How many came.
        used: u32,
        /// How many were allowed.
        uses: u32,
    },
}

/// An object that is held back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// Whose it is.
    pub dev: DevId,
    /// Its name in the bucket.
    pub name: String,
    /// Why.
    pub fault: Fault,
    /// For how many rounds of this session.
    pub rounds: u32,
}

/// A device of the vault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Device.
    pub dev: DevId,
    /// Whether it is this one.
    pub own: bool,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Stamp of its last operation known here.
    pub stamp: Stamp,
    /// Its last segment known here.
    pub seq: u64,
    /// Version of its app, empty if not known.
    pub app: String,
    /// Its last operation known here lies in the future.
    pub clock_ahead: bool,
    /// Whether it has nothing any more of what was erased, as its head says; none while nothing was.
    pub at_rest: Option<bool>,
}

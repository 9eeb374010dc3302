//! The engine of synchronisation: what to do next. It owns no clock, no randomness, no connection and no store.
//!
//! A round is `start`, then in any order `poll` for effects and `feed` with what came of them, until `is_done`:
//!
//! ```text
//! Listing   LIST of the heads, page by page
//! Pulling   changed heads, missing entries → a snapshot, if it saves requests → segments, six at a time; each segment
//!           is committed with its cursor, a snapshot with the cursors of all
//! Pushing   seal what is new (one commit) → PUT objects → PUT head → commit what the bucket has confirmed → a snapshot
//!           for others, if it is due and our turn
//! Ended
//! ```
//!
//! A stage ends when nothing is under way. The engine works on its own copy of [`Sync`]; every change leaves as a
//! [`Commit`], one at a time and in order, and nothing is PUT before the commit that it rests on is durable. If the
//! store and the copy ever part (another tab synchronised, the round was dropped half-way), the revision shows it
//! and the engine is opened again from the store.

mod adopt;
mod check;
mod commit;
mod erase;
mod grant;
mod heir;
mod invite;
mod late;
mod listing;
mod pack;
mod pull;
mod push;
mod read;
mod reporting;
mod round;
mod seal;
mod snapshot;
mod standing;
mod update;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub use commit::{Commit, Rebuilt};
pub use erase::CLEAN_MS;
pub use invite::{Draft, Terms};
pub use pack::{GRACE_MS, PACK_SEGMENTS, PACK_SHARE, PACK_TARGET};
pub use snapshot::{AGAIN_MS, DUE_OPS, DUE_SHARE, LEAST_OPS, MAX_PARTS, PART_TARGET};

use self::pull::Chain;
use self::round::Work;
use super::fault::Fault;
use super::keys::{Identity, Vault};
use super::member::{META_IDENTITY, META_ROSTER, META_VAULT};
use super::report::Report;
use super::rights::Rights;
use super::roster::Roster;
use super::state::{Hash, State, Sync};
use super::wire::Reach;
use crate::book::erase::Erased;
use crate::book::{DevId, PhotoId, PhotoRef, Standing};
use crate::domain::role::Role;
use crate::remote::{Object, Page, RemoteError};
use crate::store::{Loaded, StoreError};

/// Requests for objects under way at one time.
pub const IN_FLIGHT: usize = 6;
/// A correction of the clock smaller than this is not worth making, in milliseconds (protocol §4).
pub const CLOCK_SLACK_MS: u64 = 30_000;
/// A received stamp further ahead than this is applied and marked, but not absorbed, in milliseconds.
pub const CLOCK_AHEAD_MS: u64 = 600_000;
/// Something promised that stays away for so many rounds is reported as withheld.
pub const WITHHELD_ROUNDS: u32 = 5;
/// What was read travels with the next push; alone only when the last head is older, in milliseconds.
pub const SEEN_MS: u64 = 12 * 3_600_000;
/// A device that wrote nothing for so long does not take part in what the devices do for each other, in milliseconds.
pub const ACTIVE_MS: u64 = 90 * 86_400_000;
/// A segment is cut so that it comes to about this size at most.
pub const SEGMENT_TARGET: usize = 1 << 20;

/// When a device does housekeeping for the others. The default is what ships; who plays a long history in a short time
/// takes smaller ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// A snapshot is due when so many operations came since the last one,
    pub due_ops: u64,
    /// or when they are large, but not before so many.
    pub least_ops: u64,
    /// A pack is due when so many segments lie alone.
    pub pack_segments: u64,
    /// Between the beginnings of a snapshot and of one without what was erased since, in milliseconds.
    pub clean_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { due_ops: DUE_OPS, least_ops: LEAST_OPS, pack_segments: PACK_SEGMENTS, clean_ms: CLEAN_MS }
    }
}

/// What a round begins with.
#[derive(Clone, Debug)]
pub struct Round {
    /// The device's clock, uncorrected, in milliseconds since 1970.
    pub now_ms: u64,
    /// Fresh random bytes, from which the round's nonces follow.
    pub entropy: [u8; 32],
    /// The state as it is in the store now.
    pub state: State,
    /// Which bucket it runs against; see [`Bucket::place`](crate::remote::Bucket::place).
    pub place: String,
}

/// Something to be done outside. Every effect is answered by exactly one [`Input`] of the same name.
#[derive(Clone, Debug)]
pub enum Effect {
    /// List names.
    List {
        /// Their common beginning.
        prefix: String,
        /// Token of the page, for all but the first.
        next: Option<String>,
    },
    /// Read an object.
    Get {
        /// Name.
        name: String,
    },
    /// Write an object.
    Put {
        /// Name.
        name: String,
        /// Content.
        bytes: Vec<u8>,
        /// Ask the bucket to refuse if the name is taken.
        if_absent: bool,
    },
    /// Read an own object from the store's log.
    ReadLog {
        /// Name.
        name: String,
    },
    /// Read the tail after a place.
    ReadTail {
        /// The place.
        after: u64,
    },
    /// Read the checkpoint: [`Store::load`](crate::store::Store::load).
    ReadPages,
    /// Delete an own object.
    Delete {
        /// Name.
        name: String,
    },
    /// Let others have a turn before the next slice of long work: [`Store::rest`](crate::store::Store::rest).
    Rest,
    /// Write to the store in one transaction.
    Commit(Box<Commit>),
}

/// What came of an effect.
#[derive(Clone, Debug)]
pub enum Input {
    /// Of [`Effect::List`].
    Listed(Result<Page, RemoteError>),
    /// Of [`Effect::Get`].
    Got {
        /// Name.
        name: String,
        /// Its content.
        result: Result<Object, RemoteError>,
    },
    /// Of [`Effect::Put`].
    Put {
        /// Name.
        name: String,
        /// Its entity tag, empty if the bucket did not tell.
        result: Result<String, RemoteError>,
    },
    /// Of [`Effect::ReadLog`].
    Log {
        /// Name.
        name: String,
        /// Its content.
        result: Result<Option<Vec<u8>>, StoreError>,
    },
    /// Of [`Effect::ReadTail`].
    Tail(Result<Vec<(u64, Vec<u8>)>, StoreError>),
    /// Of [`Effect::ReadPages`].
    Pages(Result<Box<Loaded>, StoreError>),
    /// Of [`Effect::Delete`]. What cannot be deleted stays.
    Deleted,
    /// Of [`Effect::Rest`].
    Rested,
    /// Of [`Effect::Commit`]: the state after it, and whether it was written.
    Committed(Result<(Box<State>, bool), StoreError>),
}

/// The engine of one device in one vault.
#[derive(Debug)]
pub struct Engine {
    identity: Identity,
    dev: DevId,
    vault: Vault,
    roster: Roster,
    /// What follows from it.
    rights: Rights,
    /// Working copy, ahead of the store by the commits that are queued.
    sync: Sync,
    /// Last own operation, as the store last told.
    opn: u64,
    /// Last place of the tail, as the store last told.
    lsn: u64,
    /// Our own role, as the store last told.
    role: Role,
    /// How far the pages of the checkpoint reach, as the store last told.
    covered: BTreeMap<DevId, Reach>,
    /// Chains of other devices that are being read, or could not be read to their end.
    chains: BTreeMap<DevId, Chain>,
    /// Objects in the store's drawer of held ones.
    held: BTreeMap<String, Fault>,
    /// Entries whose type an earlier version did not know.
    kept: Vec<update::Kept>,
    /// Rounds for which something promised has been missing.
    missing: BTreeMap<DevId, u32>,
    /// Listed tags under which a head was read, and for how many rounds: the bucket did not tell the tag of what it
    /// handed out, so the listed one may be that of a head still to come.
    doubts: BTreeMap<DevId, (String, u32)>,
    /// Own objects that the next head may carry whole; empty where one is too large.
    recent: BTreeMap<String, Vec<u8>>,
    /// Where our book stood lately, the latest last.
    standings: VecDeque<Standing>,
    /// What is erased in our book, as we were last told.
    erased: Erased,
    /// The photos that our book names, by whose name they lie under; of no use while nothing is erased.
    photos: BTreeMap<DevId, BTreeMap<PhotoId, PhotoRef>>,
    /// What this device has nothing of any more at rest, as the store last told.
    rested: erase::Mark,
    /// Devices, this one or removed ones, whose names were looked at in this session and hold nothing that is erased: a
    /// bucket may have been set back while nobody looked.
    looked: BTreeSet<DevId>,
    /// How far snapshots reach whose manifests were looked at, by their hashes.
    frontiers: BTreeMap<Hash, BTreeMap<DevId, Reach>>,
    /// Snapshots for which the book was to be read anew.
    anew: BTreeSet<Hash>,
    limits: Limits,
    reseed: bool,
    /// The store did not take a commit.
    parted: bool,
    last_ok_ms: Option<u64>,
    work: Work,
}

impl Engine {
    /// Opens the engine from what the store holds; none if the device has no vault yet. `held` is the store's
    /// drawer of held objects.
    pub fn open(loaded: &Loaded, held: &[(String, Vec<u8>)]) -> Result<Option<Self>, StoreError> {
        let meta = |name: &str| loaded.meta.iter().find(|(key, _)| key == name).map(|(_, bytes)| bytes.as_slice());
        let damaged = |what: &str| StoreError::Damaged(what.to_owned());
        let (Some(identity), Some(vault)) = (meta(META_IDENTITY), meta(META_VAULT)) else { return Ok(None) };
        let identity: Identity = minicbor_serde::from_slice(identity).map_err(|_| damaged(META_IDENTITY))?;
        let vault = minicbor_serde::from_slice(vault).map_err(|_| damaged(META_VAULT))?;
        let roster: Roster =
            minicbor_serde::from_slice(meta(META_ROSTER).unwrap_or_default()).map_err(|_| damaged(META_ROSTER))?;
        let kept = update::kept(held);
        let held = held.iter().filter_map(|(name, record)| Some((name.clone(), pull::held_fault(record)?))).collect();
        Ok(Some(Self {
            dev: identity.dev(),
            identity,
            vault,
            rights: Rights::of(&roster),
            roster,
            role: loaded.state.role,
            sync: loaded.state.sync()?,
            opn: loaded.state.opn,
            lsn: loaded.state.lsn,
            covered: loaded.state.covered()?,
            chains: BTreeMap::new(),
            held,
            kept,
            missing: BTreeMap::new(),
            doubts: BTreeMap::new(),
            recent: BTreeMap::new(),
            standings: VecDeque::new(),
            erased: Erased::default(),
            photos: BTreeMap::new(),
            rested: loaded.state.rested,
            looked: BTreeSet::new(),
            frontiers: BTreeMap::new(),
            anew: BTreeSet::new(),
            limits: Limits::default(),
            reseed: false,
            parted: false,
            last_ok_ms: None,
            work: Work::default(),
        }))
    }

    /// This device.
    pub fn dev(&self) -> DevId {
        self.dev
    }

    /// The vault.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Members and invitations as far as they are known here.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Who may do what, as far as it is known here.
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// Whether the book holds something that does not count any more: it has to be read anew.
    pub fn is_stale(&self) -> bool {
        self.sync.stale
    }

    /// How often everything of ours had to be put again.
    pub fn refills(&self) -> u64 {
        self.sync.refills
    }

    /// Milliseconds to add to the device's clock.
    pub fn clock_offset(&self) -> i64 {
        self.sync.clock_offset
    }

    /// Whether the engine's copy is that of this state; if not, it has to be opened again.
    pub fn is_current(&self, state: &State) -> bool {
        !self.parted && self.sync.revision == state.revision
    }

    /// Does housekeeping at other limits from now on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Fills the bucket again with everything of our own in the next round. It is what [`Trouble::BucketEmpty`]
    /// offers; deletions never follow from an empty bucket.
    ///
    /// [`Trouble::BucketEmpty`]: super::report::Trouble::BucketEmpty
    pub fn reseed(&mut self) {
        self.reseed = true;
    }

    /// Whether the store refused a commit because another tab synchronised: the round has to begin again.
    pub fn has_parted(&self) -> bool {
        self.parted
    }

    /// Takes the place of an engine that has parted from the store, keeping what belongs to the session.
    pub fn replace(&mut self, opened: Self) {
        let Self { limits, reseed, last_ok_ms, .. } = *self;
        let (standings, erased) = (std::mem::take(&mut self.standings), std::mem::take(&mut self.erased));
        let photos = std::mem::take(&mut self.photos);
        *self = Self { standings, erased, photos, limits, reseed, last_ok_ms, ..opened };
    }

    /// What the last round came to, or how things stand without one.
    pub fn report(&self) -> Report {
        self.make_report()
    }
}

//! The course of a round: queues of effects, stages, and the end.

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};

use super::{
    Commit, Effect, Engine, IN_FLIGHT, Input, Rebuilt, Round,
    adopt::Choice,
    erase::Clearing,
    pack::Packing,
    push::{Confirmed, Push},
    seal::Unsealed,
    snapshot::Writing,
};
use crate::book::{Batch, DevId, Stamp};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::remote::{Entry, RemoteError};
use crate::store::{Change, StoreError};
use crate::sync::keys::derive;
use crate::sync::name::Name;
use crate::sync::report::Trouble;
use crate::sync::state::{Pushed, State};

/// The version of this app, as heads tell it.
pub(super) const OWN_APP: &str = env!("CARGO_PKG_VERSION");

/// Where a round is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Stage {
    Listing,
    Pulling,
    Pushing(Push),
    #[default]
    Ended,
}

/// What is under way.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts of one round that do not depend on each other")]
pub(super) struct Work {
    pub(super) now_ms: u64,
    pub(super) entropy: [u8; 32],
    drawn: u64,
    pub(super) stage: Stage,
    /// Only seal; there is no bucket.
    pub(super) local: bool,
    /// Effects that may go out at once, beside requests for objects.
    pub(super) out: VecDeque<Effect>,
    /// Names to GET.
    pub(super) gets: VecDeque<String>,
    /// Names to PUT, their bytes in `fresh` or in the store's log.
    pub(super) puts: VecDeque<String>,
    pub(super) fresh: BTreeMap<String, Vec<u8>>,
    /// Names to DELETE.
    pub(super) deletes: VecDeque<String>,
    commits: VecDeque<Commit>,
    committing: bool,
    /// Effects that went out and were not answered, other than commits; requests for objects among them.
    under_way: usize,
    requests: usize,
    /// What the next commit writes, with the latest stamp to absorb.
    pub(super) change: Change,
    pub(super) batches: Vec<Batch>,
    pub(super) absorb: Stamp,
    pub(super) rebuilt: Option<Rebuilt>,
    /// Our own role, if it changed.
    pub(super) role: Option<Role>,
    /// Only read; nothing of our own is looked at or put.
    pub(super) reading: bool,
    /// Seals what is not sealed and a head, to be carried by hand.
    pub(super) packs_up: bool,
    /// Reads what was carried by hand.
    pub(super) unpacks: bool,
    pub(super) dirty: bool,
    /// Whether to begin from a snapshot.
    pub(super) choice: Choice,
    pub(super) packing: Packing,
    pub(super) writing: Writing,
    pub(super) clearing: Clearing,
    pub(super) snapshot_tried: bool,
    pub(super) listed: Vec<Entry>,
    pub(super) own_etag: String,
    /// Our own head could not be read and was asked for once more.
    pub(super) own_again: bool,
    /// The listing showed no head at all.
    pub(super) alone: bool,
    pub(super) corrected: bool,
    pub(super) seals: u8,
    pub(super) unsealed: Unsealed,
    pub(super) confirmed: Confirmed,
    /// Pushing is off for this round.
    pub(super) halted: bool,
    /// The round ran to its end, pushing included.
    pub(super) complete: bool,
    /// Chains that are read on after a rest.
    pub(super) unread: Vec<DevId>,
    pub(super) pulled: u64,
    pub(super) troubles: Vec<Trouble>,
}

impl Engine {
    /// Begins a round. The state must be the engine's: see [`is_current`](Self::is_current).
    pub fn start(&mut self, round: Round) {
        let place = Sha256::new().chain_update(self.vault.id.0).chain_update(&round.place).finalize().into();
        self.begin(round, false);
        self.read_kept();
        self.compare_standings();
        self.flush();
        if self.sync.binding != Some(place) || self.reseed {
            // What was pushed elsewhere was not pushed here; how far others were applied stays true.
            self.sync.binding = Some(place);
            self.put_again(Pushed::default());
            self.sync.snapshots.named = None;
            self.sync.snapshots.lying.clear();
            self.sync.cleared = None;
            self.forget_packs();
            for cursor in self.sync.cursors.values_mut() {
                cursor.etag.clear();
            }
            self.chains.clear();
            self.touch();
            self.flush();
        }
        self.work.stage = Stage::Listing;
        self.list(None);
    }

    /// Begins a round that only seals what is not sealed, so that a checkpoint may drop it from the tail. It
    /// needs no bucket.
    pub fn start_sealing(&mut self, round: Round) {
        self.begin(round, true);
        self.work.stage = Stage::Pushing(Push::Start);
    }

    /// Begins a round that seals everything of ours and a head that promises it, and puts nothing: it is carried by hand.
    pub fn start_packing(&mut self, round: Round) {
        self.begin(round, true);
        self.work.packs_up = true;
        self.work.stage = Stage::Pushing(Push::Start);
    }

    /// Begins a round that reads what was carried by hand, and remembers nothing of it as being in the bucket.
    pub fn start_unpacking(&mut self, round: Round) {
        self.begin(round, false);
        (self.work.unpacks, self.work.halted) = (true, true);
        // Whatever stopped a chain, and what came before with a damaged file, is forgotten: this one may be whole.
        self.chains.clear();
        self.work.stage = Stage::Listing;
        self.list(None);
    }

    /// Begins a round that only reads: for a book that is read anew beside the one in use.
    pub fn start_reading(&mut self, round: Round) {
        self.begin(round, false);
        (self.work.reading, self.work.halted) = (true, true);
        self.work.stage = Stage::Listing;
        self.list(None);
    }

    fn begin(&mut self, round: Round, local: bool) {
        let Round { now_ms, entropy, state, .. } = round;
        self.opn = state.opn;
        self.lsn = state.lsn;
        self.role = state.role;
        self.sync.sealed_lsn = state.sealed_lsn;
        self.rested = state.rested;
        self.work = Work { now_ms, entropy, local, ..Work::default() };
        match state.covered() {
            Ok(covered) => self.covered = covered,
            Err(error) => self.work.troubles.push(Trouble::Store(error)),
        }
    }

    /// The next effect; none until something is fed, or for good once [`is_done`](Self::is_done).
    pub fn poll(&mut self) -> Option<Effect> {
        loop {
            let work = &mut self.work;
            if !work.committing
                && let Some(commit) = work.commits.pop_front()
            {
                work.committing = true;
                return Some(Effect::Commit(Box::new(commit)));
            }
            if work.stage == Stage::Ended {
                return None;
            }
            let durable = (!work.committing && work.commits.is_empty()) || !Guard::Durable.stands();
            if let Some(effect) = work.out.pop_front() {
                work.under_way += 1;
                return Some(effect);
            }
            if work.requests < IN_FLIGHT
                && let Some(name) = work.gets.pop_front()
            {
                work.requests += 1;
                work.under_way += 1;
                return Some(Effect::Get { name });
            }
            if durable
                && work.requests < IN_FLIGHT
                && let Some(name) = work.puts.pop_front()
            {
                work.requests += 1;
                work.under_way += 1;
                return Some(match work.fresh.remove(&name) {
                    Some(bytes) => put(&name, bytes),
                    None => Effect::ReadLog { name },
                });
            }
            if durable
                && work.requests < IN_FLIGHT
                && let Some(name) = work.deletes.pop_front()
            {
                work.requests += 1;
                work.under_way += 1;
                return Some(Effect::Delete { name });
            }
            if work.under_way > 0 || !durable {
                return None;
            }
            self.turn();
        }
    }

    /// Nothing is under way: the next stage, or the next step of it.
    fn turn(&mut self) {
        match self.work.stage {
            Stage::Listing => self.begin_pull(),
            Stage::Pulling if !self.work.choice.made => self.choose(),
            Stage::Pulling => {
                self.end_pull();
                self.follow_rights();
                self.work.stage = Stage::Pushing(Push::Start);
            }
            Stage::Pushing(step) => self.push(step),
            Stage::Ended => {}
        }
    }

    /// Takes in what came of an effect.
    pub fn feed(&mut self, input: Input) {
        match &input {
            Input::Committed(_) => {}
            Input::Got { .. } | Input::Put { .. } | Input::Deleted => {
                self.work.requests = self.work.requests.saturating_sub(1);
                self.work.under_way = self.work.under_way.saturating_sub(1);
            }
            Input::Log { .. } | Input::Listed(_) | Input::Tail(_) | Input::Pages(_) | Input::Rested => {
                self.work.under_way = self.work.under_way.saturating_sub(1);
            }
        }
        match input {
            Input::Committed(result) => self.committed(result),
            _ if self.work.stage == Stage::Ended => {}
            Input::Listed(result) if self.work.stage == Stage::Pushing(Push::Cleared) => self.listed_own(result),
            Input::Listed(result) => self.listed(result),
            Input::Got { name, result } => self.got(&name, result),
            Input::Put { name, result } => self.was_put(name, result),
            Input::Log { name, result } => self.read_log(name, result),
            Input::Tail(result) => self.read_tail(result),
            Input::Pages(result) => self.read_pages(result),
            Input::Deleted => {}
            Input::Rested => self.go_on(),
        }
    }

    /// The next slice of what was put off by [`rest`](Self::rest).
    fn go_on(&mut self) {
        for dev in std::mem::take(&mut self.work.unread) {
            self.read_on(dev);
        }
        self.check_trial();
        self.check_pages();
    }

    /// Puts the next slice of long work off, so that others have a turn.
    pub(super) fn rest(&mut self) {
        self.work.out.push_back(Effect::Rest);
    }

    /// Whether the round is over and everything decided in it is written.
    pub fn is_done(&self) -> bool {
        self.work.stage == Stage::Ended && !self.work.committing && self.work.commits.is_empty()
    }

    fn committed(&mut self, result: Result<(Box<State>, bool), StoreError>) {
        self.work.committing = false;
        match result {
            Ok((state, true)) => {
                (self.opn, self.lsn) = (state.opn, state.lsn);
                self.sync.sealed_lsn = self.sync.sealed_lsn.max(state.sealed_lsn);
            }
            Ok((_, false)) => {
                self.parted = true;
                self.give_up(None);
            }
            Err(error) => self.give_up(Some(Trouble::Store(error))),
        }
    }

    /// The store did not take a commit: the engine's copy is no longer true, the later commits are void.
    fn give_up(&mut self, trouble: Option<Trouble>) {
        self.work.commits.clear();
        // What was found was found on a state that is no more, or that could not be confirmed.
        self.work.troubles.clear();
        // No state in the store has this revision, so the next round opens the engine again.
        self.sync.revision = 0;
        self.stop(trouble);
    }

    /// Ends the round early.
    pub(super) fn stop(&mut self, trouble: Option<Trouble>) {
        self.work.troubles.extend(trouble);
        self.work.stage = Stage::Ended;
    }

    /// A bucket error that ends the round.
    pub(super) fn stop_remote(&mut self, error: RemoteError) {
        self.stop(Some(Trouble::Remote(error)));
    }

    /// Ends the round.
    pub(super) fn end(&mut self) {
        self.work.stage = Stage::Ended;
        self.work.complete = !self.work.halted && !self.work.local;
        if self.work.complete {
            self.last_ok_ms = Some(self.now());
        }
    }

    /// The time that this device believes in.
    pub(super) fn now(&self) -> u64 {
        self.work.now_ms.saturating_add_signed(self.sync.clock_offset)
    }

    /// A nonce that was never used: it follows from the round's random bytes.
    pub(super) fn nonce(&mut self) -> [u8; 24] {
        self.work.drawn += 1;
        let bytes = derive(&self.work.entropy, &[b"dianbu nonce", &self.work.drawn.to_be_bytes()]);
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&bytes[..24]);
        nonce
    }

    /// The working copy has changed and must be written with the next commit.
    pub(super) fn touch(&mut self) {
        self.work.dirty = true;
    }

    /// Queues everything that changed since the last commit as one commit.
    pub(super) fn flush(&mut self) {
        if !std::mem::take(&mut self.work.dirty) {
            return;
        }
        self.sync.revision += 1;
        let change = std::mem::take(&mut self.work.change);
        let batches = std::mem::take(&mut self.work.batches);
        let absorb = std::mem::take(&mut self.work.absorb);
        let rebuilt = self.work.rebuilt.take();
        let role = self.work.role.take();
        self.work.commits.push_back(Commit { sync: self.sync.clone(), absorb, role, rebuilt, change, batches });
    }
}

/// An own object on its way. All but heads are written once, and the bucket is asked to see to it.
pub(super) fn put(name: &str, bytes: Vec<u8>) -> Effect {
    let if_absent = !matches!(Name::parse(name), Some(Name::Head(..)));
    Effect::Put { name: name.to_owned(), bytes, if_absent }
}

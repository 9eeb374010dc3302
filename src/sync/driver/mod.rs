//! Runs the engine's effects on a store and a bucket. The browser, the tests and the command line share it.

mod anew;
pub mod carry;
mod late;
pub mod photos;

use std::collections::BTreeMap;

pub use late::{HeldWork, held_work, taken_over};

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::engine::{Commit, Effect, Engine, Input, Round, Terms};
use super::fault::Fault;
use super::invite::Invitation;
use super::keys::{Random, draw};
use super::member::{JoinError, Welcome};
use super::name::{InviteId, Name};
use super::report::{Report, Trouble};
use super::state::State;
use crate::book::{Batch, DevId, Op};
use crate::domain::role::Role;
use crate::guard::Guard;
use crate::remote::{Bucket, Connection, RemoteError};
use crate::store::{Loaded, Store, StoreError};

/// How often a round begins again because another tab synchronised in between.
const TRIES: u8 = 3;

/// When a round runs, and the random bytes it may use.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The device's clock, uncorrected, in milliseconds since 1970.
    pub now_ms: u64,
    /// Fresh random bytes.
    pub entropy: [u8; 32],
}

impl Moment {
    /// The moment by this clock, with bytes from this source.
    pub fn new(now_ms: u64, random: Random<'_>) -> Self {
        Self { now_ms, entropy: draw(random) }
    }
}

/// Who wants to know what a round writes, while it goes on.
pub trait Follow {
    /// These batches were put at the end of the tail; the state is that after it.
    fn follow(&self, state: &State, batches: &[Batch]) -> impl Future<Output = ()>;
}

/// Nobody.
impl Follow for () {
    async fn follow(&self, _: &State, _: &[Batch]) {}
}

/// Opens the engine from the store; none if the device has no vault yet.
pub async fn open<S: Store>(store: &S) -> Result<Option<Engine>, StoreError> {
    Engine::open(&store.load_named().await?, &store.held().await?)
}

/// Pulls what is new and pushes what is ours. Only one tab of a device may run rounds at a time; should two do so,
/// the later one notices and begins again.
pub async fn round<S: Store, B: Bucket>(engine: &mut Engine, store: &S, bucket: &B, moment: Moment) -> Report {
    round_followed(engine, store, bucket, moment, &()).await
}

/// The same while somebody follows what is written into the store.
pub async fn round_followed<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    moment: Moment,
    follower: &impl Follow,
) -> Report {
    let mut report = run(engine, store, bucket, moment, Engine::start, follower).await;
    if engine.is_stale() && report.finished {
        match anew::read_anew(engine, store, bucket, moment).await {
            Ok(done) => report.read_anew = done,
            Err(error) => report.troubles.push(Trouble::Store(error)),
        }
    }
    report
}

/// Seals what is not sealed, so that the tail may be dropped up to [`State::droppable`]. It needs no network; a
/// device without a bucket calls it before a checkpoint.
///
pub async fn seal<S: Store>(engine: &mut Engine, store: &S, moment: Moment) -> Report {
    run(engine, store, &crate::remote::memory::Memory::default(), moment, Engine::start_sealing, &()).await
}

async fn run<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    moment: Moment,
    start: fn(&mut Engine, Round),
    follower: &impl Follow,
) -> Report {
    for _ in 0..TRIES {
        if let Err(error) = begin(engine, store, bucket, moment, start).await {
            let mut report = engine.report();
            report.finished = false;
            report.troubles.push(Trouble::Store(error));
            return report;
        }
        finish(engine, store, bucket, follower).await;
        if !engine.has_parted() {
            break;
        }
    }
    engine.report()
}

async fn begin<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    moment: Moment,
    start: fn(&mut Engine, Round),
) -> Result<(), StoreError> {
    let (mut state, _) = store.transact(|_| None).await?;
    if !engine.is_current(&state) {
        let loaded = store.load_named().await?;
        let opened = Engine::open(&loaded, &store.held().await?)?;
        engine.replace(opened.ok_or_else(|| StoreError::Damaged("vault".to_owned()))?);
        state = loaded.state;
    }
    let Moment { now_ms, entropy } = moment;
    start(engine, Round { now_ms, entropy, state, place: bucket.place() });
    Ok(())
}

async fn finish<S: Store, B: Bucket>(engine: &mut Engine, store: &S, bucket: &B, follower: &impl Follow) {
    let mut under_way = FuturesUnordered::new();
    while !engine.is_done() {
        while let Some(effect) = engine.poll() {
            bucket.set_clock_offset(engine.clock_offset());
            under_way.push(perform(store, bucket, effect, follower));
        }
        if engine.is_done() {
            break;
        }
        match under_way.next().await {
            Some(input) => engine.feed(input),
            None => break,
        }
    }
}

async fn perform<S: Store, B: Bucket>(store: &S, bucket: &B, effect: Effect, follower: &impl Follow) -> Input {
    match effect {
        Effect::List { prefix, next } => Input::Listed(bucket.list(&prefix, next.as_deref()).await),
        Effect::Get { name } => {
            let result = bucket.get(&name).await;
            Input::Got { name, result }
        }
        Effect::Put { name, bytes, if_absent } => {
            let result = bucket.put(&name, bytes, if_absent).await;
            Input::Put { name, result }
        }
        Effect::ReadLog { name } => {
            let result = store.log(&name).await;
            Input::Log { name, result }
        }
        Effect::ReadTail { after } => Input::Tail(store.tail_after(after).await),
        Effect::ReadPages => Input::Pages(store.load().await.map(Box::new)),
        Effect::Delete { name } => {
            // Housekeeping: what could not be deleted stays, and harms nobody.
            let _ = bucket.delete(&name).await;
            Input::Deleted
        }
        Effect::Rest => {
            store.rest().await;
            Input::Rested
        }
        Effect::Commit(commit) => {
            let result = store.transact(|state| commit.apply(state)).await;
            if let Ok((state, true)) = &result {
                follower.follow(state, &commit.batches).await;
            }
            Input::Committed(result.map(|(state, written)| (Box::new(state), written)))
        }
    }
}

/// Why an invitation was not given out. Nothing was shown; what is already in the bucket does no harm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InviteError {
    /// It could not be sealed.
    Fault(Fault),
    /// The bundle could not be put and read back.
    Remote(RemoteError),
    /// The bundle that came back is another one.
    Altered,
    /// The store refused.
    Store(StoreError),
    /// The round that should have shared it did not.
    NotShared(Box<Report>),
    /// This device's role does not allow it.
    NotAllowed,
}

/// Makes an invitation: the bundle is put and read back, the entry is stored and pushed, and only then is there
/// something to show.
pub async fn invite<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    connection: Connection,
    terms: Terms,
    now_ms: u64,
    random: Random<'_>,
) -> Result<Invitation, InviteError> {
    // First a round: the frontier is fresh, and the bucket is known to work.
    let report = round(engine, store, bucket, Moment::new(now_ms, random)).await;
    if !report.finished {
        return Err(InviteError::NotShared(Box::new(report)));
    }
    if !engine.rights().role(engine.dev()).may_invite(terms.role) {
        return Err(InviteError::NotAllowed);
    }
    let draft = engine.draft_invite(connection, terms, random).map_err(InviteError::Fault)?;
    let name = draft.name.to_string();
    bucket.put(&name, draft.bundle.clone(), true).await.map_err(InviteError::Remote)?;
    let there = bucket.get(&name).await.map_err(InviteError::Remote)?.bytes;
    if there != draft.bundle && Guard::ReadBack.stands() {
        return Err(InviteError::Altered);
    }
    record(engine, store, |engine| engine.record_invite(&draft, random).map(Some)).await?;
    let report = round(engine, store, bucket, Moment::new(now_ms, random)).await;
    if report.finished && engine.control_is_pushed() {
        Ok(draft.invitation)
    } else {
        Err(InviteError::NotShared(Box::new(report)))
    }
}

/// Takes an invitation back: after a look at who has come, the bundle is deleted, so that nobody new can read it, then
/// the entry is stored and pushed. False if that is not this device's to do.
pub async fn withdraw<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    invite: InviteId,
    now_ms: u64,
    random: Random<'_>,
) -> Result<bool, InviteError> {
    let report = round(engine, store, bucket, Moment::new(now_ms, random)).await;
    if !report.finished {
        return Err(InviteError::NotShared(Box::new(report)));
    }
    if !engine.may_withdraw(invite) {
        return Ok(false);
    }
    bucket.delete(&Name::Invite(engine.vault().id, invite).to_string()).await.map_err(InviteError::Remote)?;
    record(engine, store, |engine| engine.record_withdrawal(invite, random)).await?;
    let report = round(engine, store, bucket, Moment::new(now_ms, random)).await;
    if report.finished && engine.control_is_pushed() { Ok(true) } else { Err(InviteError::NotShared(Box::new(report))) }
}

/// Gives a device another role, or takes it out: after a look at how far everybody is, the entry is stored and pushed.
/// Whoever is taken out may have seen the invitations that are open, so these are taken back first, and the round that
/// pushes the entry begins a new key epoch as well. Fails with [`InviteError::NotAllowed`] if it is not this device's to do.
pub async fn grant<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    (dev, role): (DevId, Role),
    now_ms: u64,
    random: Random<'_>,
) -> Result<(), InviteError> {
    let report = round(engine, store, bucket, Moment::new(now_ms, random)).await;
    if !report.finished {
        return Err(InviteError::NotShared(Box::new(report)));
    }
    if !engine.may_grant(dev) {
        return Err(InviteError::NotAllowed);
    }
    if role == Role::Removed {
        for invite in engine.open_invites(dev) {
            let name = Name::Invite(engine.vault().id, invite).to_string();
            bucket.delete(&name).await.map_err(InviteError::Remote)?;
            record(engine, store, |engine| engine.record_withdrawal(invite, random)).await?;
        }
    }
    record(engine, store, |engine| engine.record_grant(dev, role, now_ms, random)).await?;
    let report = round(engine, store, bucket, Moment::new(now_ms, random)).await;
    if report.finished && engine.control_is_pushed() { Ok(()) } else { Err(InviteError::NotShared(Box::new(report))) }
}

/// Stores an entry of our control chain, unless there is none to store.
async fn record<S: Store>(
    engine: &mut Engine,
    store: &S,
    mut make: impl FnMut(&mut Engine) -> Result<Option<Commit>, Fault>,
) -> Result<(), InviteError> {
    for _ in 0..TRIES {
        let Some(commit) = make(engine).map_err(InviteError::Fault)? else { return Ok(()) };
        let (_, written) = store.transact(|state| commit.apply(state)).await.map_err(InviteError::Store)?;
        if written {
            return Ok(());
        }
        if let Some(opened) = open(store).await.map_err(InviteError::Store)? {
            engine.replace(opened);
        }
    }
    Err(InviteError::Store(StoreError::Other("another tab keeps synchronising".to_owned())))
}

/// Why an invitation could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WelcomeError {
    /// The bucket did not answer or refused; [`RemoteError::NotFound`] is an invitation that was withdrawn.
    Remote(RemoteError),
    /// What it gave is not in order.
    Join(JoinError),
}

/// Fetches and checks what an invitation promises; `now_ms` is the device's clock. [`Welcome::join`] then says what to
/// store.
///
/// A device whose clock is so wrong that the bucket refuses it goes by the bucket's: it has to be able to join as well.
pub async fn welcome<B: Bucket>(bucket: &B, invitation: &Invitation, now_ms: u64) -> Result<Welcome, WelcomeError> {
    let name = Name::Vault(invitation.vault).to_string();
    let (vault, now_ms) = match bucket.get(&name).await {
        Err(RemoteError::Skew { server_ms: Some(server_ms) }) => {
            bucket.set_clock_offset(server_ms.cast_signed() - now_ms.cast_signed());
            (bucket.get(&name).await, server_ms)
        }
        vault => (vault, now_ms),
    };
    let vault = vault.map_err(WelcomeError::Remote)?;
    let bundle = bucket.get(&invitation.name().to_string()).await.map_err(WelcomeError::Remote)?;
    Welcome::read(invitation, vault.bytes, &bundle.bytes, now_ms).map_err(WelcomeError::Join)
}

/// Why a copied profile could not become a device of its own. Everything is as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeirError {
    /// Own work that nobody else has cannot be read: what, and why.
    Damaged(String),
    /// It could not be sealed.
    Fault(Fault),
    /// The store refused.
    Store(StoreError),
}

/// Makes a device of its own out of a copied or restored profile, which is what [`Trouble::Cloned`] asks for. Its
/// operations that no head in the bucket promises come along; the rest is read from the bucket in the next round.
/// Every open [`Session`](crate::session::Session) of the device has to be opened anew after it.
pub async fn succeed<S: Store>(store: &S, name: String, now_ms: u64, random: Random<'_>) -> Result<DevId, HeirError> {
    for _ in 0..TRIES {
        let loaded = store.load().await.map_err(HeirError::Store)?;
        let held = store.held().await.map_err(HeirError::Store)?;
        let engine = Engine::open(&loaded, &held).map_err(HeirError::Store)?;
        let engine = engine.ok_or_else(|| HeirError::Damaged("vault".to_owned()))?;
        let unsent = unsent(store, &engine, &loaded).await?;
        let heir = engine.heir(&loaded.state, unsent, name.clone(), now_ms, random).map_err(HeirError::Fault)?;
        if store.transact(|state| heir.apply(state)).await.map_err(HeirError::Store)?.1 {
            return Ok(heir.dev());
        }
    }
    Err(HeirError::Store(StoreError::Other("other tabs keep writing".to_owned())))
}

/// Own operations that no head in the bucket promises, without a gap: the sealed ones from the log, as the tail may
/// have let them go, and the others from the tail.
async fn unsent<S: Store>(store: &S, engine: &Engine, loaded: &Loaded) -> Result<Vec<Op>, HeirError> {
    let (state, dev) = (&loaded.state, engine.dev());
    let (sync, mut ops) = (state.sync().map_err(HeirError::Store)?, BTreeMap::new());
    // What was before the beginning of the log is in a snapshot that others have.
    let pushed_opn = state.pushed_opn.max(sync.start.opn);
    for seq in engine.own_segments().rev() {
        if state.sealed_opn <= pushed_opn || ops.contains_key(&(pushed_opn + 1)) {
            break;
        }
        let name = engine.own_segment(seq).to_string();
        let object = store.log(&name).await.map_err(HeirError::Store)?;
        let object = object.ok_or_else(|| HeirError::Damaged(name.clone()))?;
        let opened = engine.open_own_segment(seq, &object);
        let opened = opened.map_err(|fault| HeirError::Damaged(format!("{name}: {fault}")))?;
        ops.extend(opened.into_iter().map(|op| (op.opn, op)));
    }
    // All of it: what the pages cover already may still be unsealed.
    for (lsn, bytes) in &store.tail_after(0).await.map_err(HeirError::Store)? {
        let batch = Batch::decode(bytes).map_err(|error| HeirError::Damaged(format!("tail {lsn}: {error}")))?;
        if batch.dev == dev {
            ops.extend(batch.ops.into_iter().map(|op| (op.opn, op)));
        }
    }
    ops.retain(|opn, _| *opn > pushed_opn);
    match (pushed_opn + 1..=state.opn).find(|opn| !ops.contains_key(opn)) {
        Some(missing) => Err(HeirError::Damaged(format!("operation {missing}"))),
        None => Ok(ops.into_values().collect()),
    }
}

//! Everything, with an invitation: the app's own engine joins in memory and reads every chain from its beginning; then
//! every object is opened by itself, packs are compared with segments, and snapshots with what the log gives.

use dianbu::book::{Batch, Book, DevId};
use dianbu::domain::KINDS;
use dianbu::remote::{Bucket, RemoteError};
use dianbu::session::Session;
use dianbu::store::memory::Memory;
use dianbu::store::{META_BASE, Store as _, StoreError};
use dianbu::sync::driver::{self, Moment};
use dianbu::sync::engine::{Engine, WITHHELD_ROUNDS};
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::Identity;
use dianbu::sync::member::{JoinError, Welcome};
use dianbu::sync::name::Name;
use dianbu::sync::report::{Report, Trouble};
use dianbu::sync::state::State;
use dianbu::words::words;

use super::VaultError;
use super::contents::Contents;
use super::finding::Outcome;
use super::opened::Opened;
use super::place::{Place, ReadOnly, clock};

/// Snapshots lie under names with this in them. The engine would begin from one; here it is to read the log.
const SNAPSHOTS: &str = "/n/";

/// Reads all of the invitation's vault.
pub(super) async fn check(
    place: &Place,
    contents: &Contents,
    (invitation, find): (&Invitation, Option<&str>),
    outcome: &mut Outcome,
) -> Result<(), VaultError> {
    let welcome = welcome(place, invitation).await?;
    let store = Memory::default();
    let mut engine = join(&welcome, &store).await?;
    let mut report = rounds(&mut engine, &store, place, Some(SNAPSHOTS)).await?;
    let mut store = store;
    if engine.must_begin() {
        // Logs are cut, so that only a snapshot leads to their beginning.
        store = Memory::default();
        engine = join(&welcome, &store).await?;
        report = rounds(&mut engine, &store, place, None).await?;
    }
    tell(&report, outcome);
    let log = Log::read(&store, &engine).await?;
    log.count(&engine, outcome);
    let mut objects = Opened::looking_for(find);
    let (heads, others) = contents.split();
    for (name, entry) in heads.into_iter().chain(others).filter(|(name, _)| name.vault() == invitation.vault) {
        // What cannot be read was told when the outsides were.
        let Some(Ok(bytes)) = contents.read(place, entry).await? else { continue };
        if let Err(fault) = objects.open(&engine, invitation, name, &bytes) {
            outcome.fault(name, fault);
        }
    }
    objects.compare(&log, outcome);
    outcome.unchecked.retain(|text| !text.to_string().contains("--link"));
    Ok(())
}

/// What the invitation opens. One that has run out opens a vault for reading as well as before.
async fn welcome(place: &Place, invitation: &Invitation) -> Result<Welcome, VaultError> {
    let vault = match place.get(&Name::Vault(invitation.vault).to_string()).await {
        Err(RemoteError::NotFound) => return Err(VaultError::OtherVault),
        vault => vault?.bytes,
    };
    let bundle = match place.get(&invitation.name().to_string()).await {
        Err(RemoteError::NotFound) => return Err(VaultError::Withdrawn),
        bundle => bundle?.bytes,
    };
    Welcome::read(invitation, vault, &bundle, 0).map_err(|error| {
        VaultError::Invitation(match error {
            JoinError::ForeignVault(_) => "vault",
            JoinError::BadBundle(_) => "bundle",
            JoinError::Expired { .. } => "expired",
            JoinError::Bound => "bound",
        })
    })
}

fn damaged(_: StoreError) -> VaultError {
    VaultError::Invitation("memory")
}

/// Random bytes of the operating system.
fn random(bytes: &mut [u8]) {
    // Nothing that follows from them leaves this process.
    let _ = getrandom::fill(bytes);
}

/// A device that exists in memory alone, and that nobody hears of.
async fn join(welcome: &Welcome, store: &Memory) -> Result<Engine, VaultError> {
    let identity = Identity::new(&mut random);
    let commit = welcome.join(&State::default(), &identity, "verify".to_owned(), clock(), &mut random);
    let commit = commit.map_err(|_| VaultError::Invitation("join"))?;
    store.transact(|state| commit.apply(state)).await.map_err(damaged)?;
    driver::open(store).await.map_err(damaged)?.ok_or(VaultError::Invitation("join"))
}

/// As many rounds as it takes to call something withheld. Only the first one reads; of the others each is one listing.
async fn rounds(
    engine: &mut Engine,
    store: &Memory,
    place: &Place,
    hidden: Option<&'static str>,
) -> Result<Report, VaultError> {
    let bucket = ReadOnly { place, hidden };
    let mut report = Report::default();
    for _ in 0..=WITHHELD_ROUNDS {
        report = driver::round(engine, store, &bucket, Moment::new(clock(), &mut random)).await;
        let session = Session::open(store, engine.dev(), &store.load().await.map_err(damaged)?).map_err(damaged)?;
        session.with(|book| engine.note_book(book));
    }
    Ok(report)
}

/// What the engine held back or wondered about.
fn tell(report: &Report, outcome: &mut Outcome) {
    for held in report.held.iter().filter(|held| !held.name.contains(SNAPSHOTS)) {
        match held.fault {
            Fault::UnknownEntry => outcome.left(
                words(
                    "{} 由更新的版本写入，本工具不懂其内容",
                    "{} was written by a newer version; its content is unknown here",
                ),
                &[&held.name],
            ),
            // Every device leaves it out, and nothing is wrong with that.
            Fault::Removed => outcome.left(
                words(
                    "{} 是在设备移出以后写的，大家都不采用",
                    "{} was written after its author was removed; nobody applies it",
                ),
                &[&held.name],
            ),
            Fault::NotAllowed => outcome.left(
                words(
                    "{} 里有超出作者角色的操作，大家都不采用",
                    "{} holds operations beyond its author's role; nobody applies them",
                ),
                &[&held.name],
            ),
            fault => outcome.fault(&held.name, fault),
        }
    }
    for dev in &report.latecomers {
        outcome.left(
            words("{} 用一个已撤回的邀请加入", "{} came with an invitation that had been taken back"),
            &[&dev.to_string()],
        );
    }
    for trouble in &report.troubles {
        match trouble {
            Trouble::Fork { dev, seq, witness } => outcome.wrong(
                format!("{dev} {seq}"),
                words(
                    "这台设备有两份不同的历史；另一份由 {} 看到",
                    "two histories of this device exist; {} saw the other",
                ),
                &[&witness.to_string()],
            ),
            Trouble::Withheld { dev, seq, witness } => outcome.wrong(
                dev,
                words(
                    "这台设备写到第 {} 段的内容不在这里；{} 见过",
                    "what this device wrote up to segment {} is not here; {} has seen it",
                ),
                &[&seq.to_string(), &witness.to_string()],
            ),
            Trouble::ClockAhead { dev, by_ms } => outcome.left(
                words("{} 的时钟快了 {} 秒，内容有效", "the clock of {} is {} seconds ahead; what it wrote counts"),
                &[&dev.to_string(), &(by_ms / 1000).to_string()],
            ),
            Trouble::Overused { invite, used, uses } => outcome.left(
                words("邀请 {} 用了 {} 次，限 {} 次", "the invitation {} was used {} times of {} allowed"),
                &[&invite.to_string(), &used.to_string(), &uses.to_string()],
            ),
            // The joiner may not write: that is how it is meant.
            Trouble::Remote(RemoteError::Denied(_)) | Trouble::OwnClock { .. } => {}
            other => outcome.wrong("-", words("同步时出错：{}", "while reading: {}"), &[&format!("{other:?}")]),
        }
    }
    for dev in &report.diverged {
        outcome.wrong(
            dev,
            words(
                "这台设备的账簿在同样的操作之后内容不同",
                "after the same operations this device's book holds something else",
            ),
            &[],
        );
    }
}

/// Every operation that the chains gave, in an order in which they can be applied, and the snapshot that they go on from
/// where logs are cut.
pub(super) struct Log {
    base: Option<Vec<u8>>,
    pages: Vec<(u32, Vec<u8>)>,
    batches: Vec<Batch>,
}

impl Log {
    async fn read(store: &Memory, engine: &Engine) -> Result<Self, VaultError> {
        let tail = store.tail_after(0).await.map_err(damaged)?;
        let batches = tail.iter().filter_map(|(_, bytes)| Batch::decode(bytes).ok());
        let batches = batches.filter(|batch| batch.dev != engine.dev()).collect();
        let loaded = store.load().await.map_err(damaged)?;
        let base = loaded.meta.into_iter().find(|(name, _)| name == META_BASE).map(|(_, base)| base);
        Ok(Self { base, pages: loaded.pages, batches })
    }

    /// The book after the operations of each device up to a number, or up to the snapshot that it begins with.
    pub(super) fn book(&self, last: impl Fn(DevId) -> u64) -> Book {
        let begun = self.base.as_ref().and_then(|base| Book::open(base, &self.pages).ok());
        let mut book = begun.map_or_else(Book::default, |(book, _)| book);
        for batch in &self.batches {
            let upto = last(batch.dev);
            let ops = batch.ops.iter().filter(|op| op.opn <= upto).cloned().collect();
            book.apply(&Batch { dev: batch.dev, ops });
        }
        book
    }

    fn count(&self, engine: &Engine, outcome: &mut Outcome) {
        let book = self.book(|_| u64::MAX);
        let ops: u64 = book.frontier().values().map(|reached| reached.opn).sum();
        let rows: usize = KINDS.iter().map(|kind| book.count(kind.id)).sum();
        outcome.fact(
            words("已读“{}”的 {} 个成员、{} 次操作、{} 条记录", "read of “{}”: {} members, {} operations, {} records"),
            &[
                &engine.vault().name,
                // Without the one that reads.
                &engine.roster().members.len().saturating_sub(1).to_string(),
                &ops.to_string(),
                &rows.to_string(),
            ],
        );
        if book.count_digest() != Some(book.digest()) {
            outcome.fault("-", Fault::FalseSnapshot);
        }
    }
}

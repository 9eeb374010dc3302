//! A book that holds what does not count any more is read anew, beside the one in use, and then takes its place.
//!
//! When an owner takes a device out, others may have read further of it already than the owner had. What they took in
//! cannot be taken out of the rows, so the whole book is made again under the rights that are known now: our own
//! operations from the log, everybody else's from the bucket, a snapshot first where one serves.

use std::collections::BTreeMap;

use super::{Moment, finish};
use crate::book::{Batch, Book};
use crate::remote::Bucket;
use crate::store::memory::Memory;
use crate::store::{Change, META_BASE, Store, StoreError};
use crate::sync::engine::{Engine, Round};
use crate::sync::member::{META_IDENTITY, META_ROSTER, META_VAULT};
use crate::sync::state::State;

/// Reads the book anew. False if that has to wait: something of ours is not shared yet or was written meanwhile, or not
/// everything that is applied here could be read.
pub(super) async fn read_anew<S: Store, B: Bucket>(
    engine: &mut Engine,
    store: &S,
    bucket: &B,
    moment: Moment,
) -> Result<bool, StoreError> {
    let loaded = store.load_named().await?;
    if loaded.state.opn > loaded.state.sealed_opn || !engine.is_current(&loaded.state) {
        return Ok(false);
    }
    let beside = Memory::default();
    let who =
        loaded.meta.into_iter().filter(|(name, _)| [META_IDENTITY, META_VAULT, META_ROSTER].contains(&name.as_str()));
    let meta = who.map(|(name, value)| (name, Some(value))).collect();
    let change = Change { meta, tail: own_operations(engine, store).await?, ..Change::default() };
    beside
        .transact(|state| {
            *state = engine.at_the_beginning(&loaded.state);
            Some(change.clone())
        })
        .await?;
    let Some(mut reader) = super::open(&beside).await? else { return Ok(false) };
    let (state, _) = beside.transact(|_| None).await?;
    let Moment { now_ms, entropy } = moment;
    reader.start_reading(Round { now_ms, entropy, state, place: bucket.place() });
    finish(&mut reader, &beside, bucket, &()).await;
    let (pages, book) = read(&beside).await?;
    let Some(commit) = engine.put_in_place(&reader, pages, book.base(loaded.state.lsn), beside.held().await?) else {
        return Ok(false);
    };
    let (lsn, opn) = (loaded.state.lsn, loaded.state.opn);
    let replace = |state: &mut State| (state.lsn == lsn && state.opn == opn).then(|| commit.apply(state)).flatten();
    let (_, written) = store.transact(replace).await?;
    if let Some(opened) = super::open(store).await? {
        engine.replace(opened);
    }
    Ok(written)
}

/// Everything that this device wrote, as tail entries, without what its role did not allow.
async fn own_operations<S: Store>(engine: &Engine, store: &S) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut entries = Vec::new();
    for seq in engine.own_segments() {
        let name = engine.own_segment(seq).to_string();
        let object = store.log(&name).await?.ok_or_else(|| StoreError::Damaged(name.clone()))?;
        let ops =
            engine.open_own_segment(seq, &object).map_err(|fault| StoreError::Damaged(format!("{name}: {fault}")))?;
        let mut batch = Batch { dev: engine.dev(), ops };
        engine.leave_out(seq, &mut batch);
        entries.push(batch.encode());
    }
    Ok(entries)
}

/// The book that lies in a store, all of it in pages.
async fn read(store: &Memory) -> Result<(BTreeMap<u32, Vec<u8>>, Book), StoreError> {
    let loaded = store.load().await?;
    let mut pages: BTreeMap<u32, Vec<u8>> = loaded.pages.iter().cloned().collect();
    let damaged = |_| StoreError::Damaged("pages".to_owned());
    let (mut book, base) = match loaded.meta.iter().find(|(name, _)| name == META_BASE) {
        Some((_, base)) if !pages.is_empty() => Book::start(base, loaded.pages).map_err(damaged)?,
        _ => (Book::default(), 0),
    };
    for (lsn, bytes) in loaded.tail.iter().filter(|(lsn, _)| *lsn > base) {
        let batch = Batch::decode(bytes).map_err(|_| StoreError::Damaged(format!("place {lsn} of the tail")))?;
        book.apply(&batch);
    }
    let checkpoint = book.checkpoint(0);
    pages.extend(checkpoint.pages.iter().map(|(page, bytes)| (*page, bytes.clone())));
    book.checkpointed(checkpoint);
    Ok((pages, book))
}

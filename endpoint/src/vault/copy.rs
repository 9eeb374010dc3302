//! Moving vaults. Objects are written once and heads last, so whatever breaks off half-way is gone on with later, and no
//! head ever promises what is not there.

use std::collections::{BTreeMap, BTreeSet};

use dianbu::book::DevId;
use dianbu::remote::{Bucket, Entry, RemoteError};
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed};
use dianbu::words::words;

use super::VaultError;
use super::contents::Contents;
use super::finding::Outcome;
use super::outside;
use super::place::{Place, list_all};

/// What was copied.
#[derive(Default)]
struct Copied {
    objects: u64,
    bytes: usize,
    there: u64,
}

impl Copied {
    async fn put(&mut self, to: &Place, name: Name, bytes: Vec<u8>, new: bool) -> Result<(), VaultError> {
        self.bytes += bytes.len();
        self.objects += 1;
        match to.put(&name.to_string(), bytes, new).await {
            Err(RemoteError::Conflict) => Err(VaultError::Taken(vec![name.to_string()])),
            put => Ok(put.map(drop)?),
        }
    }

    fn tell(&self, outcome: &mut Outcome) {
        outcome.fact(
            words("复制了 {} 个对象，{} KiB；{} 个已在", "copied {} objects, {} KiB; {} were there"),
            &[&self.objects.to_string(), &(self.bytes / 1024).to_string(), &self.there.to_string()],
        );
    }
}

/// What is new goes into the backup. Nothing in it is ever replaced but a head by a later one.
pub(super) async fn backup(from: &Place, to: &Place) -> Result<Outcome, VaultError> {
    let (mut outcome, mut copied) = (Outcome::default(), Copied::default());
    let contents = Contents::list(from).await?;
    let there: BTreeMap<_, _> = list_all(to, "").await?.into_iter().map(|entry| (entry.name, entry.size)).collect();
    let (heads, others) = contents.split();
    for (name, entry) in others {
        match there.get(&entry.name) {
            Some(size) if *size == entry.size => copied.there += 1,
            Some(_) => outcome.wrong(
                name,
                words("与备份中的不同；备份保持原样", "differs from what the backup holds, which stays as it is"),
                &[],
            ),
            None => match contents.read(from, entry).await?.map(|read| read.and_then(|bytes| whole(name, bytes))) {
                Some(Ok(bytes)) => copied.put(to, name, bytes, true).await?,
                Some(Err(fault)) => outcome.fault(name, fault),
                None => {}
            },
        }
    }
    for (name, entry) in heads {
        let head = match contents.read(from, entry).await? {
            Some(Ok(head)) => head,
            Some(Err(fault)) => {
                outcome.fault(name, fault);
                continue;
            }
            None => continue,
        };
        let before = match to.get(&name.to_string()).await {
            Err(RemoteError::NotFound) => None,
            before => Some(before?.bytes),
        };
        match newer(name, before.as_deref(), &head) {
            Ok(true) => copied.put(to, name, head, false).await?,
            Ok(false) => copied.there += 1,
            Err(fault) => outcome.fault(name, fault),
        }
    }
    copied.tell(&mut outcome);
    Ok(outcome)
}

/// The object, if its outside is in order.
fn whole(name: Name, object: Vec<u8>) -> Result<Vec<u8>, Fault> {
    Sealed::read(&object, name).map(drop)?;
    Ok(object)
}

/// Whether a head is later than the one that is there. An earlier one, or another of the same number, is not taken.
fn newer(name: Name, before: Option<&[u8]>, head: &[u8]) -> Result<bool, Fault> {
    let number = |head| Sealed::read(head, name).map(|sealed| sealed.place.seq);
    let seq = number(head)?;
    match before {
        Some(before) if before == head => Ok(false),
        Some(before) => match number(before) {
            Ok(last) if last == seq => Err(Fault::Fork),
            Ok(last) if last > seq => Err(Fault::RolledBack),
            _ => Ok(true),
        },
        None => Ok(true),
    }
}

/// A backup goes where nothing else is. What is damaged in it is left out, and so are the heads of its authors: their
/// devices put everything again as soon as they find their heads missing.
pub(super) async fn restore(from: &Place, to: &Place) -> Result<Outcome, VaultError> {
    let contents = Contents::list(from).await?;
    let mut outcome = outside::check(from, &contents).await?;
    let bad: BTreeSet<Name> = outcome.findings.iter().filter_map(|finding| Name::parse(&finding.name)).collect();
    let authors: BTreeSet<DevId> =
        bad.iter().filter(|name| name.kind() != Kind::Photo).filter_map(|name| name.dev()).collect();
    let there = there(from, to, &contents.entries).await?;
    let mut copied = Copied { there: there.len() as u64, ..Copied::default() };
    let (heads, others) = contents.split();
    for (name, entry) in others.into_iter().chain(heads) {
        let held = matches!(name, Name::Head(..)) && name.dev().is_some_and(|dev| authors.contains(&dev));
        if held {
            outcome.wrong(
                name,
                words(
                    "没有恢复：这台设备的内容不完整；它下次同步时会重新放入",
                    "not restored, as what this device wrote is not whole; it puts everything again when it next syncs",
                ),
                &[],
            );
        } else if !there.contains(&entry.name) && !bad.contains(&name) {
            let Some(Ok(bytes)) = contents.read(from, entry).await? else { continue };
            copied.put(to, name, bytes, true).await?;
        }
    }
    copied.tell(&mut outcome);
    Ok(outcome)
}

/// The names that the target has already, with the same bytes. Anything else there refuses the whole.
async fn there(from: &Place, to: &Place, entries: &[Entry]) -> Result<BTreeSet<String>, VaultError> {
    let names: BTreeSet<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
    let (mut same, mut other) = (BTreeSet::new(), Vec::new());
    for entry in list_all(to, "").await? {
        if !names.contains(entry.name.as_str()) {
            continue;
        }
        if to.get(&entry.name).await?.bytes == from.get(&entry.name).await?.bytes {
            same.insert(entry.name);
        } else {
            other.push(entry.name);
        }
    }
    if other.is_empty() { Ok(same) } else { Err(VaultError::Taken(other)) }
}

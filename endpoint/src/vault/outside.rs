//! What can be checked without keys: names, outsides, the founder's signatures, and what clear headers say of chains.

use std::collections::{BTreeMap, BTreeSet};

use dianbu::book::{DevId, VaultId};
use dianbu::remote::Entry;
use dianbu::sync::fault::Fault;
use dianbu::sync::keys::PublicKeys;
use dianbu::sync::member::check_vault;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed};
use dianbu::sync::state::Hash;
use dianbu::words::words;

use super::VaultError;
use super::contents::Contents;
use super::finding::Outcome;
use super::place::Place;

/// An object by its header: the hash of the one before it, and its own.
#[derive(Clone, Copy)]
struct Seen {
    prev: Hash,
    hash: Hash,
}

/// What one device has.
#[derive(Default)]
struct Device {
    head: Option<Seen>,
    controls: BTreeMap<u64, Seen>,
    segments: BTreeMap<u64, Seen>,
    packs: BTreeMap<u64, (u64, Seen)>,
    manifests: BTreeSet<u64>,
    parts: BTreeMap<u64, BTreeSet<u16>>,
    photos: usize,
}

/// What one vault has.
#[derive(Default)]
struct Vault {
    founder: Option<PublicKeys>,
    devices: BTreeMap<DevId, Device>,
    /// Objects whose signature could not be checked.
    unsigned: u64,
}

/// Reads every object once.
pub(super) async fn check(place: &Place, contents: &Contents) -> Result<Outcome, VaultError> {
    let mut outcome = Outcome::default();
    let mut vaults: BTreeMap<VaultId, Vault> = BTreeMap::new();
    let (heads, others) = contents.split();
    let count = heads.len() + others.len();
    // Vault objects first: they name the founders.
    let (first, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(|(name, _)| matches!(name, Name::Vault(_)));
    let mut bytes = 0;
    for (name, entry) in first.into_iter().chain(heads).chain(rest) {
        bytes += entry.size;
        let vault = vaults.entry(name.vault()).or_default();
        match contents.read(place, entry).await? {
            Some(Ok(object)) => vault.take(name, &object, &mut outcome),
            Some(Err(fault)) => outcome.fault(name, fault),
            None => {}
        }
    }
    if vaults.is_empty() {
        return Err(VaultError::NoVault(other_prefixes(&contents.entries)));
    }
    outcome.fact(
        words("{} 本账簿，{} 个对象，{} KiB", "{} vaults, {} objects, {} KiB"),
        &[&vaults.len().to_string(), &count.to_string(), &(bytes / 1024).to_string()],
    );
    for (id, vault) in &vaults {
        vault.judge(*id, &mut outcome);
    }
    let foreign = contents.entries.len() - count;
    if foreign > 0 {
        outcome.left(
            words("{} 个名字不属于账簿，未检查", "{} names belong to no vault and were left alone"),
            &[&foreign.to_string()],
        );
    }
    Ok(outcome)
}

/// Prefixes under which vaults lie, where none lies under ours.
fn other_prefixes(entries: &[Entry]) -> Vec<String> {
    let prefix = |entry: &Entry| {
        let (prefix, vault) = entry.name.strip_suffix("/vault")?.rsplit_once('/')?;
        VaultId::parse(vault).map(|_| prefix.to_owned())
    };
    entries.iter().filter_map(prefix).collect::<BTreeSet<_>>().into_iter().collect()
}

impl Vault {
    fn take(&mut self, name: Name, object: &[u8], outcome: &mut Outcome) {
        if let Name::Vault(id) = name {
            match check_vault(id, object) {
                Ok(body) => self.founder = Some(body.owner),
                Err(fault) => outcome.fault(name, fault),
            }
            return;
        }
        let sealed = match Sealed::read(object, name) {
            Ok(sealed) => sealed,
            Err(fault) => return outcome.fault(name, fault),
        };
        let place = sealed.place;
        // The key that signs a photo follows from a secret in the record.
        match self.founder.filter(|founder| founder.dev() == place.dev && name.kind() != Kind::Photo) {
            Some(founder) => {
                if let Err(fault) = sealed.verify(&founder.sign) {
                    return outcome.fault(name, fault);
                }
            }
            None => self.unsigned += 1,
        }
        let seen = Seen { prev: place.prev, hash: sealed.hash() };
        let device = self.devices.entry(place.dev).or_default();
        match name {
            Name::Head(..) => device.head = Some(seen),
            Name::Control(_, _, seq) => _ = device.controls.insert(seq, seen),
            Name::Segment(_, _, seq) => _ = device.segments.insert(seq, seen),
            Name::Pack(_, _, from, to, half) => {
                if seen.hash.starts_with(&half) {
                    device.packs.insert(from, (to, seen));
                } else {
                    outcome.fault(name, Fault::BrokenChain);
                }
            }
            Name::Manifest(_, _, seq) => _ = device.manifests.insert(seq),
            Name::Part(_, _, seq, part) => _ = device.parts.entry(seq).or_default().insert(part),
            Name::Photo(..) => device.photos += 1,
            Name::Vault(_) | Name::Invite(..) => {}
        }
    }

    fn judge(&self, id: VaultId, outcome: &mut Outcome) {
        if self.founder.is_none() {
            outcome.fault(Name::Vault(id), Fault::NotVisible);
        }
        for (dev, device) in &self.devices {
            device.judge(id, *dev, outcome);
        }
        let count = |of: fn(&Device) -> usize| self.devices.values().map(of).sum::<usize>().to_string();
        outcome.fact(
            words(
                "{}：{} 台设备，{} 条名册记录，{} 段，{} 包，{} 个快照，{} 张照片",
                "{}: {} devices, {} control entries, {} segments, {} packs, {} snapshots, {} photos",
            ),
            &[
                &id.to_string(),
                &count(|device| usize::from(device.head.is_some())),
                &count(|device| device.controls.len()),
                &count(|device| device.segments.len()),
                &count(|device| device.packs.len()),
                &count(|device| device.manifests.len()),
                &count(|device| device.photos),
            ],
        );
        if self.unsigned > 0 {
            outcome.left(
                words(
                    "{} 个对象由其他设备签名；它们的钥匙在封好的记录里，签名和内容要用邀请链接（--link）才能检查",
                    "{} objects are signed by other devices, whose keys stand inside sealed entries: their signatures, and \
                     all contents, take an invitation (--link) to check",
                ),
                &[&self.unsigned.to_string()],
            );
        }
    }
}

impl Device {
    fn judge(&self, vault: VaultId, dev: DevId, outcome: &mut Outcome) {
        let control = |seq| Name::Control(vault, dev, seq);
        let segment = |seq| Name::Segment(vault, dev, seq);
        if self.writes() && self.head.is_none() {
            outcome.wrong(
                Name::Head(vault, dev),
                words("缺失：这台设备写的内容谁也看不到", "missing: nobody sees what this device wrote"),
                &[],
            );
        }
        if self.head.is_some() && self.controls.is_empty() {
            outcome.fault(control(1), Fault::NotVisible);
        }
        chain(&self.controls, control, |_| false, outcome);
        let packed = self.packs.keys().copied();
        let first = self.segments.keys().copied().chain(packed).min();
        // Where nothing is left the head still names the last segment.
        let first = first.unwrap_or(if self.promises() { 2 } else { 1 });
        chain(&self.segments, segment, |seq| seq < first || self.is_packed(seq), outcome);
        if first > 1 {
            outcome.left(
                words(
                    "设备 {} 最早的段不在这里：已为抹去而删除，或者缺失；要用邀请链接（--link）才能判断",
                    "the first segments of {} are not here: gone for an erasure, or missing; it takes an invitation \
                     (--link) to tell",
                ),
                &[&dev.to_string()],
            );
        }
        for (from, (to, seen)) in &self.packs {
            let before = from.checked_sub(1).and_then(|before| self.segments.get(&before)).map(|before| before.hash);
            let same = self.segments.get(from).map(|first| first.prev);
            if before.or(same).is_some_and(|prev| prev != seen.prev) {
                let mut half = [0; 16];
                half.copy_from_slice(&seen.hash[..16]);
                outcome.fault(Name::Pack(vault, dev, *from, *to, half), Fault::BrokenChain);
            }
        }
        self.judge_head(vault, dev, outcome);
        for seq in &self.manifests {
            let parts = self.parts.get(seq).map_or(0, BTreeSet::len);
            let last = self.parts.get(seq).and_then(BTreeSet::last).copied().unwrap_or_default();
            if parts == 0 || usize::from(last) != parts {
                let missing =
                    (1..=last.max(1)).find(|part| !self.parts.get(seq).is_some_and(|parts| parts.contains(part)));
                outcome.fault(Name::Part(vault, dev, *seq, missing.unwrap_or(1)), Fault::NotVisible);
            }
        }
    }

    /// Whether it shares anything; an inviter's bundle alone is none of its chains.
    fn writes(&self) -> bool {
        !(self.controls.is_empty() && self.segments.is_empty() && self.packs.is_empty() && self.manifests.is_empty())
    }

    fn is_packed(&self, seq: u64) -> bool {
        self.packs.iter().any(|(from, (to, _))| *from <= seq && seq <= *to)
    }

    /// Whether its head names a segment.
    fn promises(&self) -> bool {
        self.head.is_some_and(|head| head.prev != [0; 32])
    }

    /// The last segment must be the one whose hash stands in the head.
    fn judge_head(&self, vault: VaultId, dev: DevId, outcome: &mut Outcome) {
        let Some(head) = self.head.filter(|_| self.promises()) else { return };
        if self.segments.is_empty() && self.packs.is_empty() {
            return;
        }
        let last = self.segments.last_key_value().map_or(0, |(seq, _)| *seq);
        let promised = self.segments.values().any(|segment| segment.hash == head.prev);
        let packed = self.packs.values().any(|(to, _)| *to >= last);
        if !promised && !packed {
            // A segment that is there and is not the one which was promised says more than one that is missing.
            let next = Name::Segment(vault, dev, last + 1);
            let told =
                outcome.findings.iter().any(|finding| Name::parse(&finding.name).and_then(Name::dev) == Some(dev));
            if !told {
                outcome.fault(next, Fault::NotVisible);
            }
        }
    }
}

/// A chain begins with 1, has no gap, and each object names the one before it.
fn chain(
    objects: &BTreeMap<u64, Seen>,
    name: impl Fn(u64) -> Name,
    may_be_gone: impl Fn(u64) -> bool,
    outcome: &mut Outcome,
) {
    let mut next = 1;
    let mut before = Some([0; 32]);
    for (seq, seen) in objects {
        while next < *seq {
            if may_be_gone(next) {
                next += 1;
            } else {
                // Told once for a whole gap.
                outcome.fault(name(next), Fault::NotVisible);
                next = *seq;
            }
            before = None;
        }
        if before.is_some_and(|before| before != seen.prev) {
            outcome.fault(name(*seq), Fault::BrokenChain);
        }
        before = Some(seen.hash);
        next = seq + 1;
    }
}

//! Every object by itself, with all keys: signature, seal, body; packs beside segments, heads beside what they name,
//! snapshots beside what the log gives.

use std::collections::BTreeMap;

use dianbu::book::{Batch, Book};
use dianbu::sync::engine::Engine;
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::InviteKeys;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed, hash};
use dianbu::sync::photo;
use dianbu::sync::wire::{self, Bundle, Control, HeadBody, Manifest, Objects, Pages};

use dianbu::words::words;

use super::finding::Outcome;
use super::inside::Log;

/// What was opened and is to be compared with others.
#[derive(Default)]
pub(super) struct Opened {
    segments: BTreeMap<Name, Vec<u8>>,
    packs: Vec<(Name, Vec<Vec<u8>>)>,
    heads: BTreeMap<Name, HeadBody>,
    manifests: BTreeMap<Name, (Manifest, [u8; 32])>,
    parts: BTreeMap<Name, ([u8; 32], Vec<Vec<u8>>)>,
    photos: BTreeMap<Name, Vec<u8>>,
    /// A text that somebody looks for.
    find: Option<String>,
    found: Vec<Name>,
}

impl Opened {
    /// Nothing opened yet; every object that holds this text will be named.
    pub(super) fn looking_for(find: Option<&str>) -> Self {
        Self { find: find.map(str::to_owned), ..Self::default() }
    }

    /// Opens one object by itself: signature, seal, body.
    pub(super) fn open(
        &mut self,
        engine: &Engine,
        invitation: &Invitation,
        name: Name,
        object: &[u8],
    ) -> Result<(), Fault> {
        let sealed = Sealed::read(object, name)?;
        let place = sealed.place;
        if let Name::Vault(_) = name {
            return Ok(());
        }
        if let Name::Photo(..) = name {
            // It opens with what a record says.
            self.photos.insert(name, object.to_vec());
            return Ok(());
        }
        let keys = engine.roster().keys(place.dev).ok_or(Fault::UnknownMember)?;
        sealed.verify(&keys.sign)?;
        if let Name::Invite(..) = name {
            // Other invitations open with their own secrets.
            if name == invitation.name() {
                wire::from_bytes::<Bundle>(&sealed.open(&InviteKeys::new(&invitation.secret).seal)?)?;
            }
            return Ok(());
        }
        let keys = engine.vault().object_keys(place.epoch, place.kind, place.dev, place.seq);
        let body = sealed.open_with(keys)?;
        if self.find.as_ref().is_some_and(|text| holds(engine, name, &body, text.as_bytes())) {
            self.found.push(name);
        }
        match name.kind() {
            Kind::Control => drop(wire::from_bytes::<Control>(&body)?),
            Kind::Head => {
                let mut head: HeadBody = wire::from_bytes(&body)?;
                // Of a removed device an owner says it.
                head.start = engine.rights().cut(place.dev).or(head.start);
                self.heads.insert(name, head);
            }
            Kind::Segment => {
                let batch = Batch::decode(&body).map_err(|_| Fault::Malformed)?;
                if batch.dev != place.dev {
                    return Err(Fault::Gap);
                }
                self.segments.insert(name, object.to_vec());
            }
            Kind::Pack => {
                let Objects(objects) = wire::from_bytes(&body)?;
                self.packs.push((name, objects.into_iter().map(Vec::from).collect()));
            }
            Kind::Manifest => _ = self.manifests.insert(name, (wire::from_bytes(&body)?, hash(object))),
            Kind::Part => {
                let Pages(pages) = wire::from_bytes(&body)?;
                self.parts.insert(name, (hash(object), pages.into_iter().map(Vec::from).collect()));
            }
            Kind::Vault | Kind::Invite | Kind::Photo => {}
        }
        Ok(())
    }

    pub(super) fn compare(&self, log: &Log, outcome: &mut Outcome) {
        if let Some(text) = &self.find {
            for name in &self.found {
                outcome.wrong(name, words("里面有“{}”", "holds “{}”"), &[text]);
            }
            let count = self.found.len().to_string();
            outcome.fact(words("有“{}”的对象：{} 个", "objects that hold “{}”: {}"), &[text, &count]);
        }
        for (name, objects) in &self.packs {
            if let Err(fault) = self.pack(*name, objects) {
                outcome.fault(name, fault);
            }
        }
        for (name, head) in &self.heads {
            self.head(*name, head, outcome);
        }
        for (name, (manifest, _)) in &self.manifests {
            if let Err((name, fault)) = self.snapshot(*name, manifest, log) {
                outcome.fault(name, fault);
            }
        }
        self.photos(log, outcome);
    }

    /// A photo is what the record says that names it.
    fn photos(&self, log: &Log, outcome: &mut Outcome) {
        let book = log.book(|_| u64::MAX);
        let mut named = BTreeMap::new();
        for (vault, dev) in self.heads.keys().filter_map(|name| Some((name.vault(), name.dev()?))) {
            named.extend(book.photos_of(dev).into_values().map(|photo| (photo::name(vault, &photo), photo)));
        }
        let mut unnamed = 0_usize;
        for (name, object) in &self.photos {
            match named.remove(name) {
                Some(photo) => {
                    if let Err(fault) = photo::opened(name.vault(), &photo, object) {
                        outcome.fault(name, fault);
                    }
                }
                None => unnamed += 1,
            }
        }
        if unnamed > 0 {
            outcome.left(
                words("{} 张照片没有记录提到，未检查", "{} photos are named by no record and were not opened"),
                &[&unnamed.to_string()],
            );
        }
        if !named.is_empty() {
            outcome.left(
                words("{} 张照片还没有传到，或者缺失", "{} photos are still on their way, or missing"),
                &[&named.len().to_string()],
            );
        }
    }

    /// A pack holds its segments as they were put.
    fn pack(&self, name: Name, objects: &[Vec<u8>]) -> Result<(), Fault> {
        let Name::Pack(vault, dev, from, to, _) = name else { return Ok(()) };
        if objects.len() as u64 != to.saturating_sub(from).saturating_add(1) {
            return Err(Fault::Malformed);
        }
        let mut before: Option<[u8; 32]> = None;
        for (seq, object) in (from..).zip(objects) {
            let segment = Name::Segment(vault, dev, seq);
            let prev = Sealed::read(object, segment)?.place.prev;
            let alone = self.segments.get(&segment).is_none_or(|alone| alone == object);
            if !alone || before.is_some_and(|before| before != prev) {
                return Err(Fault::BrokenChain);
            }
            before = Some(hash(object));
        }
        Ok(())
    }

    /// What a head names is there.
    fn head(&self, name: Name, head: &HeadBody, outcome: &mut Outcome) {
        let Name::Head(vault, dev) = name else { return };
        for pack in &head.packs {
            let name = pack.name(vault, dev);
            if !self.packs.iter().any(|(there, _)| *there == name) {
                outcome.fault(name, Fault::NotVisible);
            }
        }
        // The last segment may lie in the head as well, so that nobody would miss it yet.
        let (last, first) = (head.segment.seq, head.start.map_or(1, |start| start.segment.seq + 1));
        let packed = head.packs.iter().any(|pack| pack.from <= last && last <= pack.to);
        let segment = Name::Segment(vault, dev, last);
        if last >= first && !packed && !self.segments.contains_key(&segment) {
            outcome.fault(segment, Fault::NotVisible);
        }
        let Some(offer) = head.snapshot else { return };
        let manifest = Name::Manifest(vault, dev, offer.manifest.seq);
        match self.manifests.get(&manifest) {
            Some((_, hash)) if *hash == offer.manifest.hash => {}
            Some(_) => outcome.fault(manifest, Fault::BrokenChain),
            None => outcome.fault(manifest, Fault::NotVisible),
        }
    }

    /// A snapshot has all of its parts, opens, holds what it says, and is what the log gives.
    fn snapshot(&self, name: Name, manifest: &Manifest, log: &Log) -> Result<(), (Name, Fault)> {
        let Name::Manifest(vault, dev, seq) = name else { return Ok(()) };
        let mut pages = Vec::new();
        for (part, wanted) in (1..).zip(&manifest.parts) {
            let part = Name::Part(vault, dev, seq, part);
            let (hash, held) = self.parts.get(&part).ok_or((part, Fault::NotVisible))?;
            if *hash != wanted.0 {
                return Err((part, Fault::BrokenChain));
            }
            pages.extend(held.iter().cloned());
        }
        let book = Book::start(&manifest.base, (0..).zip(pages).collect()).map_err(|_| (name, Fault::Malformed))?.0;
        let reached = book.frontier().iter().map(|(dev, reached)| (*dev, reached.opn, reached.stamp));
        let said = manifest.frontier.iter().map(|(dev, reach)| (*dev, reach.opn, reach.stamp));
        let whole = book.count_digest() == Some(book.digest()) && book.standing() == manifest.standing;
        if !reached.eq(said) || !whole {
            return Err((name, Fault::FalseSnapshot));
        }
        let replayed = log.book(|dev| manifest.frontier.get(&dev).map_or(0, |reach| reach.opn));
        // Where the log itself is not whole, that is told already, and there is nothing to compare with.
        let complete = manifest.frontier.iter().all(|(dev, reach)| replayed.reached(*dev).opn == reach.opn);
        if complete && replayed.standing() != manifest.standing { Err((name, Fault::FalseSnapshot)) } else { Ok(()) }
    }
}

/// Whether a body holds a text, in the objects that it carries whole as well.
fn holds(engine: &Engine, name: Name, body: &[u8], text: &[u8]) -> bool {
    let segment = |seq: u64, object: &[u8]| {
        let name = Name::Segment(name.vault(), name.dev().unwrap_or_default(), seq);
        let Ok(sealed) = Sealed::read(object, name) else { return false };
        let place = sealed.place;
        let keys = engine.vault().object_keys(place.epoch, place.kind, place.dev, place.seq);
        sealed.open_with(keys).is_ok_and(|body| holds(engine, name, &body, text))
    };
    let carried = match name {
        Name::Pack(_, _, from, ..) => wire::from_bytes(body)
            .is_ok_and(|Objects(objects)| (from..).zip(objects).any(|(seq, object)| segment(seq, &object))),
        Name::Head(..) => wire::from_bytes(body)
            .is_ok_and(|head: HeadBody| head.inline.as_ref().is_some_and(|object| segment(head.segment.seq, object))),
        _ => false,
    };
    carried || (!text.is_empty() && body.windows(text.len()).any(|window| window == text))
}

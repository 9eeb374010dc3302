//! A member who holds all keys and does not keep the rules, and strangers who know too much.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use dianbu::book::{Batch, CellWrite, DevId, Op, RowId, RowWrite, Stamp, Value};
use dianbu::domain::customer::customer;
use dianbu::sync::fault::Fault;
use dianbu::sync::keys::{Identity, InviteKeys, Vault};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Place, hash, seal};
use dianbu::sync::report::Trouble as Told;
use dianbu::sync::state::Link;
use dianbu::sync::wire::{self, Control, Enrol, HeadBody};
use ed25519_dalek::Signer;

use crate::chance::Chance;
use crate::check::Check;
use crate::fault::Trouble;
use crate::tamper::Trio;
use crate::world::{Kind as ProfileKind, World};

/// The member and the true end of its chains.
#[derive(Clone, Debug)]
pub struct Liar {
    /// Its profile, which no longer does anything by itself.
    pub profile: usize,
    identity: Identity,
    vault: Vault,
    segment: Link,
    control: Link,
    op: Option<Op>,
    head: u64,
}

/// A way to break the rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lie {
    Gap,
    Foreign,
    Empty,
    OldStamp,
    OtherPast,
    OtherHash,
    OtherEpoch,
    Unreadable,
    Padded,
    OtherNumber,
    InNameOfAnother,
    Older,
    SecondHistory,
    Again,
    Seen,
    Uninvited,
    SelfFounder,
}

const LIES: [Lie; 17] = [
    Lie::Gap,
    Lie::Foreign,
    Lie::Empty,
    Lie::OldStamp,
    Lie::OtherPast,
    Lie::OtherHash,
    Lie::OtherEpoch,
    Lie::Unreadable,
    Lie::Padded,
    Lie::OtherNumber,
    Lie::InNameOfAnother,
    Lie::Older,
    Lie::SecondHistory,
    Lie::Again,
    Lie::Seen,
    Lie::Uninvited,
    Lie::SelfFounder,
];

impl Liar {
    fn dev(&self) -> DevId {
        self.identity.dev()
    }

    fn place(&self, kind: Kind, seq: u64, prev: [u8; 32]) -> Place {
        Place { kind, vault: self.vault.id, dev: self.dev(), seq, prev, epoch: self.vault.epoch_of(kind) }
    }

    fn name(&self, kind: Kind, seq: u64) -> String {
        let (vault, dev) = (self.vault.id, self.dev());
        match kind {
            Kind::Head => Name::Head(vault, dev),
            _ => Name::Segment(vault, dev, seq),
        }
        .to_string()
    }

    fn seal(&self, place: &Place, body: &[u8], signer: &Identity) -> Vec<u8> {
        let epoch = self.vault.epoch_of(place.kind);
        let key = self.vault.object_key(epoch, place.kind, place.dev, place.seq).unwrap_or_default();
        seal(place, body, Some(&key), [9; 24], &signer.signer()).unwrap_or_default()
    }

    /// A segment whose padding is not zero, as no honest device would seal it.
    fn seal_padded(&self, place: &Place, body: &[u8]) -> Vec<u8> {
        let key = self.vault.object_key(place.epoch, place.kind, place.dev, place.seq).unwrap_or_default();
        let deflated = miniz_oxide::deflate::compress_to_vec(body, 6);
        let mut plain = u32::try_from(deflated.len()).unwrap_or_default().to_be_bytes().to_vec();
        plain.extend_from_slice(&deflated);
        plain.extend_from_slice(&[7; 5]);
        // The header is that of an honest object; only its length is another.
        let mut object = self.seal(place, body, &self.identity);
        object.truncate(dianbu::sync::object::HEADER);
        let length = u32::try_from(plain.len() + 16).unwrap_or_default();
        object.splice(112..116, length.to_be_bytes());
        let payload = Payload { msg: &plain, aad: &object };
        let cipher = XChaCha20Poly1305::new((&key).into());
        let sealed = cipher.encrypt(&[9; 24].into(), payload).unwrap_or_default();
        object.extend_from_slice(&sealed);
        let signature = self.identity.signer().sign(&object);
        object.extend_from_slice(&signature.to_bytes());
        object
    }

    fn head(&self, seq: u64, segment: Link, seen: BTreeMap<DevId, Link>) -> Vec<u8> {
        let opn = self.op.as_ref().map_or(0, |op| op.opn);
        let body = HeadBody { segment, opn, control: self.control, seen, app: "x".into(), ..HeadBody::default() };
        self.seal(&self.place(Kind::Head, seq, segment.hash), &wire::to_bytes(&body), &self.identity)
    }

    /// The next operation, or one that is wrong by so much.
    fn next(&self, further: u64, later: bool) -> Op {
        let (opn, stamp) = self.op.as_ref().map_or((0, Stamp::at(1)), |op| (op.opn, op.stamp));
        let value = Value::Text(format!("by hand {opn}"));
        let cells = vec![CellWrite { field: customer::NAME.field, elem: None, value, bases: Vec::new() }];
        let rows = vec![RowWrite { kind: customer::ID, id: RowId([1; 16]), cells }];
        let stamp = if later { Stamp(stamp.0 + (1 << 16)) } else { stamp };
        Op { opn: opn + 1 + further, stamp, by: None, batch: None, rows }
    }
}

impl World {
    /// From now on the owner of this profile does not keep the rules.
    pub fn become_liar(&mut self, profile: usize) {
        self.publish(profile);
        self.round_now(profile);
        let (sync, record) = (self.profiles[profile].disk.sync(), self.profiles[profile].disk.record());
        let (Some(identity), Some(vault)) = (self.identity(profile), self.ledger.borrow().vault.clone()) else {
            return;
        };
        let dev = identity.dev();
        let (segment, control, head) = (sync.segment, sync.control, sync.head.seq);
        let op = record.last(dev).map(|op| (**op).clone());
        self.profiles[profile].kind = ProfileKind::Liar;
        self.ledger.borrow_mut().liars.insert(dev);
        self.liar = Some(Liar { profile, identity, vault, segment, control, op, head });
        for profile in self.honest() {
            self.round_now(profile);
        }
    }

    /// Breaks a rule, and sees to it that it is refused and told.
    pub fn forge(&mut self, trio: Trio) {
        let Some(liar) = self.liar.clone() else { return };
        if self.cloud.object(&liar.name(Kind::Head, 0)).is_none() {
            return; // the bucket was emptied, and nobody fills it for a liar
        }
        if !self.may_work(liar.dev()) {
            return; // what it says does not count anyway
        }
        if self.has(Trouble::Photos) && self.chance.percent(40) && self.other_picture(trio) {
            return;
        }
        let Some(lie) = self.chance.pick(&LIES) else { return };
        self.tell(&|| format!("the liar: {lie:?}"));
        match lie {
            Lie::Again => self.again(liar, trio),
            Lie::Seen => self.seen_lie(liar, trio),
            Lie::Uninvited | Lie::SelfFounder => self.stranger(&liar, lie, trio),
            Lie::InNameOfAnother => self.in_name_of_another(&liar, trio),
            Lie::Older | Lie::SecondHistory => self.other_head(&liar, lie, trio),
            _ => self.other_segment(&liar, lie, trio),
        }
    }

    fn expect_held(&mut self, trio: Trio, dev: DevId, fault: Fault, what: &str) {
        let Some(report) = self.tried(trio) else { return };
        let held = report.held.iter().find(|held| held.dev == dev).map(|held| held.fault);
        let mut ledger = self.ledger.borrow_mut();
        ledger.expect(held.is_some(), Check::Reported, || format!("{what} passes"));
        ledger.expect(held == Some(fault), Check::Reason, || format!("{what}: {held:?} instead of {fault:?}"));
        drop(ledger);
        self.cloud.heal();
        self.round_now(trio.reader);
        self.round_now(trio.reader);
    }

    fn other_segment(&mut self, liar: &Liar, lie: Lie, trio: Trio) {
        let seq = liar.segment.seq + 1;
        let (mut place, mut fault) = (liar.place(Kind::Segment, seq, liar.segment.hash), Fault::Gap);
        let mut batch = Batch { dev: liar.dev(), ops: vec![liar.next(0, true)] };
        match lie {
            Lie::Gap => batch.ops = vec![liar.next(1, true)],
            Lie::Foreign => batch.dev = self.profiles[trio.author].dev,
            Lie::Empty => batch.ops.clear(),
            Lie::OldStamp => (batch.ops, fault) = (vec![liar.next(0, false)], Fault::StampReused),
            Lie::OtherPast => (place.prev, fault) = ([1; 32], Fault::BrokenChain),
            Lie::OtherEpoch => (place.epoch, fault) = (place.epoch + 1, Fault::UnknownEpoch),
            Lie::OtherNumber => (place.seq, fault) = (seq + 99, Fault::Misplaced),
            Lie::OtherHash => fault = Fault::BrokenChain,
            _ => fault = Fault::Malformed,
        }
        let body = if lie == Lie::Unreadable { vec![1, 2, 3] } else { batch.encode() };
        let object = match lie {
            Lie::Padded => liar.seal_padded(&place, &body),
            _ => liar.seal(&place, &body, &liar.identity),
        };
        let promised = match lie {
            Lie::OtherHash => Link { seq, hash: [5; 32] },
            // One more than there is, so that this one need not be the last.
            Lie::OtherNumber => Link { seq: seq + 1, hash: [5; 32] },
            _ => Link { seq, hash: hash(&object) },
        };
        self.cloud.tamper(&liar.name(Kind::Segment, seq), Some(object));
        self.cloud.tamper(&liar.name(Kind::Head, 0), Some(liar.head(liar.head + 1, promised, BTreeMap::new())));
        self.expect_held(trio, liar.dev(), fault, &format!("{lie:?}"));
    }

    /// A head that is older, or that names another last segment than the one that was read.
    fn other_head(&mut self, liar: &Liar, lie: Lie, trio: Trio) {
        let (seq, segment, fault) = match lie {
            Lie::Older => (liar.head.saturating_sub(1), liar.segment, Fault::RolledBack),
            _ => (liar.head + 1, Link { hash: [7; 32], ..liar.segment }, Fault::Fork),
        };
        self.cloud.tamper(&liar.name(Kind::Head, 0), Some(liar.head(seq, segment, BTreeMap::new())));
        self.expect_held(trio, liar.dev(), fault, &format!("{lie:?}"));
    }

    /// A head of the author, signed by the liar.
    fn in_name_of_another(&mut self, liar: &Liar, trio: Trio) {
        let (dev, sync) = (self.profiles[trio.author].dev, self.profiles[trio.author].disk.sync());
        let (segment, control) = (sync.segment, sync.control);
        let body = HeadBody { segment, control, app: "x".into(), ..HeadBody::default() };
        let place = Place { dev, ..liar.place(Kind::Head, sync.head.seq + 1, segment.hash) };
        let head = liar.seal(&place, &wire::to_bytes(&body), &liar.identity);
        self.cloud.tamper(&self.head_name(trio.author), Some(head));
        self.expect_held(trio, dev, Fault::BadSignature, "a head that somebody else signed");
    }

    /// A segment that holds a known operation once more, and a new one. It is in order; the known one does nothing.
    fn again(&mut self, mut liar: Liar, trio: Trio) {
        let Some(known) = liar.op.clone() else { return };
        let new = liar.next(0, true);
        let body = Batch { dev: liar.dev(), ops: vec![known, new.clone()] }.encode();
        let seq = liar.segment.seq + 1;
        let object = liar.seal(&liar.place(Kind::Segment, seq, liar.segment.hash), &body, &liar.identity);
        self.ledger.borrow_mut().write_by_hand(liar.dev(), new.clone(), &object);
        (liar.segment, liar.op, liar.head) = (Link { seq, hash: hash(&object) }, Some(new), liar.head + 1);
        self.cloud.place(&liar.name(Kind::Segment, seq), object);
        self.cloud.place(&liar.name(Kind::Head, 0), liar.head(liar.head, liar.segment, BTreeMap::new()));
        let dev = liar.dev();
        self.liar = Some(liar);
        let Some(report) = self.tried(trio) else { return };
        let held = report.held.iter().find(|held| held.dev == dev).map(|held| held.fault);
        self.ledger.borrow_mut().expect(held.is_none(), Check::FalseAlarm, || format!("in order, and held: {held:?}"));
    }

    /// A head that claims to have seen more of the author than there is.
    fn seen_lie(&mut self, mut liar: Liar, trio: Trio) {
        let author = self.profiles[trio.author].dev;
        let seq = self.profiles[trio.author].disk.sync().segment.seq + 3;
        liar.head += 1;
        let head = liar.head(liar.head, liar.segment, [(author, Link { seq, hash: [3; 32] })].into());
        self.cloud.place(&liar.name(Kind::Head, 0), head);
        let witness = liar.dev();
        self.liar = Some(liar);
        self.tried(trio);
        let mut told = false;
        for _ in 0..6 {
            let Some(report) = self.round_now(trio.reader) else { return };
            told = report.troubles.iter().any(|told| match told {
                Told::Withheld { dev, witness: by, .. } => *dev == author && *by == witness,
                _ => false,
            });
        }
        self.ledger.borrow_mut().expect(told, Check::Reported, || "a claim is not told with its witness".to_owned());
    }

    /// Somebody who knows the vault's key, but was never invited.
    fn stranger(&mut self, liar: &Liar, lie: Lie, trio: Trio) {
        let mut chance = Chance::new(self.chance.draw());
        let identity = Identity::new(&mut |bytes: &mut [u8]| chance.fill(bytes));
        let (dev, keys) = (identity.dev(), identity.public());
        let link = self.links.first().map(|link| &link.invitation).filter(|_| lie == Lie::Uninvited);
        let invite = link.map(|link| InviteKeys::new(&link.secret).public());
        let (inviter, proof) = (link.map(|link| link.inviter), (lie == Lie::Uninvited).then_some([1; 64]));
        let enrol = Enrol { keys, name: "陌生人".into(), invite, inviter, proof, at_ms: 1, heir_of: None };
        let place = Place { dev, ..liar.place(Kind::Control, 1, [0; 32]) };
        let entry = liar.seal(&place, &wire::to_bytes(&Control::Enrol(enrol)), &identity);
        let control = Link { seq: 1, hash: hash(&entry) };
        let body = HeadBody { control, control_inline: vec![entry.into()], ..HeadBody::default() };
        let place = Place { dev, ..liar.place(Kind::Head, 1, [0; 32]) };
        let head = liar.seal(&place, &wire::to_bytes(&body), &identity);
        self.cloud.tamper(&Name::Head(liar.vault.id, dev).to_string(), Some(head));
        self.expect_held(trio, dev, Fault::BadEnrolment, &format!("{lie:?}"));
        let member = self.profiles[trio.reader].tabs[0].engine.as_ref().is_some_and(|e| e.roster().keys(dev).is_some());
        self.ledger.borrow_mut().expect(!member, Check::Refused, || format!("{lie:?} became a member"));
    }

    /// An object that belongs into another vault, whole and well signed there.
    pub fn foreign(&mut self, head: bool) -> Option<Vec<u8>> {
        let mut chance = Chance::new(self.chance.draw());
        let identity = Identity::new(&mut |bytes: &mut [u8]| chance.fill(bytes));
        let (mut id, mut key) = ([0; 16], [0; 32]);
        chance.fill(&mut id);
        chance.fill(&mut key);
        let vault = Vault::new(
            dianbu::book::VaultId(id),
            "别家".into(),
            identity.public(),
            [(0, [key].into()), (1, [key].into())].into(),
        );
        let kind = if head { Kind::Head } else { Kind::Segment };
        let epoch = vault.epoch_of(kind);
        let place = Place { kind, vault: vault.id, dev: identity.dev(), seq: 1, prev: [0; 32], epoch };
        let key = vault.object_key(epoch, kind, place.dev, 1)?;
        let body = Batch { dev: identity.dev(), ops: Vec::new() }.encode();
        seal(&place, &body, Some(&key), [1; 24], &identity.signer()).ok()
    }
}

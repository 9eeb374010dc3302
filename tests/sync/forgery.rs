//! Members who hold the vault's keys and do not keep the rules.

use dianbu::book::{Batch, DevId, Op, Stamp};
use dianbu::remote::memory::Memory as Bucket;
use dianbu::store::Store as _;
use dianbu::sync::driver::WelcomeError;
use dianbu::sync::fault::Fault;
use dianbu::sync::keys::{Identity, InviteKeys};
use dianbu::sync::member::JoinError;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Place, hash, seal};
use dianbu::sync::report::Trouble;
use dianbu::sync::state::Link;
use dianbu::sync::wire::{self, Control, Enrol, HeadBody, VaultBody};

use crate::kit::{Device, NOON, now};

/// What the second of two members puts into the bucket, by hand.
struct Forger {
    bucket: Bucket,
    team: Vec<Device>,
    signer: Identity,
    dev: DevId,
}

impl Forger {
    fn new() -> Self {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 2);
        team[1].write("honest");
        team[1].round(&bucket);
        team[0].round(&bucket);
        let (signer, dev) = (team[1].identity(), team[1].dev());
        Self { bucket, team, signer, dev }
    }

    fn seal(&self, kind: Kind, seq: u64, prev: [u8; 32], epoch: u32, body: &[u8]) -> Vec<u8> {
        let vault = self.team[0].engine.vault();
        let place = Place { kind, vault: vault.id, dev: self.dev, seq, prev, epoch };
        let key = vault.object_key(vault.epoch_of(kind), kind, self.dev, seq).unwrap();
        seal(&place, body, Some(&key), [9; 24], &self.signer.signer()).unwrap()
    }

    fn put_head(&self, seq: u64, segment: Link, opn: u64) {
        let control = self.team[1].sync().control;
        let body = HeadBody { segment, opn, control, app: "x".into(), ..HeadBody::default() };
        let head = self.seal(Kind::Head, seq, segment.hash, 0, &wire::to_bytes(&body));
        let name = Name::Head(self.team[0].engine.vault().id, self.dev).to_string();
        self.bucket.with_objects(|objects| objects.insert(name, head));
    }

    /// Continues the chain with this body, in every respect but the one that is wrong.
    fn publish(&mut self, prev: Option<[u8; 32]>, epoch: u32, body: &[u8]) -> Option<Fault> {
        let last = self.team[1].sync().segment;
        let object = self.seal(Kind::Segment, last.seq + 1, prev.unwrap_or(last.hash), epoch, body);
        let link = Link { seq: last.seq + 1, hash: hash(&object) };
        let name = Name::Segment(self.team[0].engine.vault().id, self.dev, link.seq).to_string();
        self.bucket.with_objects(|objects| objects.insert(name, object));
        self.put_head(9, link, 2);
        self.verdict()
    }

    /// What the founder says; the third member is read and shared with whatever happens.
    fn verdict(&mut self) -> Option<Fault> {
        let before = self.team[0].ops();
        self.team[2].write("honest too");
        self.team[2].round(&self.bucket);
        let report = self.team[0].round(&self.bucket);
        assert!(report.finished);
        assert!(report.pulled_ops > 0, "the third member's work arrives");
        assert!(self.team[0].ops().is_superset(&before));
        report.held.first().map(|held| held.fault)
    }

    fn batch(dev: DevId, opn: u64, ms: u64) -> Vec<u8> {
        let rows = vec![dianbu::book::RowWrite {
            kind: 1,
            id: dianbu::book::RowId::default(),
            cells: vec![dianbu::book::CellWrite {
                field: 1,
                elem: None,
                value: dianbu::book::Value::Text("forged".into()),
                bases: vec![],
            }],
        }];
        Batch { dev, ops: vec![Op { opn, stamp: Stamp::at(ms), by: None, batch: None, rows }] }.encode()
    }
}

#[test]
fn an_honest_segment_made_by_hand_is_applied() {
    let mut forger = Forger::new();
    let body = Forger::batch(forger.dev, 2, NOON + 9);
    assert_eq!(forger.publish(None, 1, &body), None);
}

#[test]
fn what_breaks_a_rule_is_held_with_the_reason() {
    type Wrong = fn(&Forger) -> (Option<[u8; 32]>, u32, Vec<u8>);
    let wrongs: [(Fault, Wrong); 8] = [
        (Fault::Gap, |f| (None, 1, Forger::batch(f.dev, 3, NOON + 9))),
        (Fault::Gap, |f| (None, 1, Forger::batch(f.team[2].dev(), 2, NOON + 9))),
        (Fault::Gap, |f| (None, 1, Batch { dev: f.dev, ops: vec![] }.encode())),
        (Fault::StampReused, |f| (None, 1, Forger::batch(f.dev, 2, NOON - 9))),
        (Fault::BrokenChain, |f| (Some([1; 32]), 1, Forger::batch(f.dev, 2, NOON + 9))),
        (Fault::UnknownEpoch, |f| (None, 2, Forger::batch(f.dev, 2, NOON + 9))),
        (Fault::Malformed, |_| (None, 1, vec![1, 2, 3])),
        (Fault::BadSignature, |f| (None, 1, Forger::batch(f.dev, 2, NOON + 9))),
    ];
    for (fault, wrong) in wrongs {
        let mut forger = Forger::new();
        if fault == Fault::BadSignature {
            // The third member writes in the name of the second.
            forger.signer = forger.team[2].identity();
        }
        let (prev, epoch, body) = wrong(&forger);
        assert_eq!(forger.publish(prev, epoch, &body), Some(fault));
    }
}

#[test]
fn a_head_that_another_member_signed_or_that_is_older_is_held() {
    let mut forger = Forger::new();
    let last = forger.team[1].sync().segment;
    forger.signer = forger.team[2].identity();
    forger.put_head(99, last, 1);
    assert_eq!(forger.verdict(), Some(Fault::BadSignature));
    let mut forger = Forger::new();
    forger.put_head(9, last, 1);
    assert_eq!(forger.verdict(), None);
    forger.put_head(8, last, 1);
    assert_eq!(forger.verdict(), Some(Fault::RolledBack), "with the same segments");
}

#[test]
fn a_head_that_names_another_hash_for_its_last_segment_is_held() {
    let mut forger = Forger::new();
    let last = forger.team[1].sync().segment;
    let body = Forger::batch(forger.dev, 2, NOON + 9);
    let object = forger.seal(Kind::Segment, last.seq + 1, last.hash, 1, &body);
    let name = Name::Segment(forger.team[0].engine.vault().id, forger.dev, last.seq + 1).to_string();
    forger.bucket.with_objects(|objects| objects.insert(name, object));
    forger.put_head(9, Link { seq: last.seq + 1, hash: [5; 32] }, 2);
    assert_eq!(forger.verdict(), Some(Fault::BrokenChain));
}

#[test]
fn an_enrolment_without_the_invitations_signature_is_refused() {
    for proof in [Some([0; 64]), None] {
        let mut forger = Forger::new();
        // A stranger who knows the keys and the invitation's public key, but not its secret.
        forger.signer = Identity::new(&mut crate::kit::seeded(500));
        forger.dev = forger.signer.dev();
        let invite = forger.team[1].engine.draft_invite(crate::kit::connection(), crate::kit::TERMS, &mut |_| ());
        let public = InviteKeys::new(&invite.unwrap().invitation.secret).public();
        let draft =
            forger.team[1].engine.draft_invite(crate::kit::connection(), crate::kit::TERMS, &mut |_| ()).unwrap();
        let commit = forger.team[1].engine.record_invite(&draft, &mut |_| ()).unwrap();
        now(forger.team[1].store.transact(|state| commit.apply(state))).unwrap();
        forger.team[1].round(&forger.bucket);
        let enrol = Enrol {
            keys: forger.signer.public(),
            name: "x".into(),
            invite: Some(public),
            inviter: Some(forger.team[1].dev()),
            proof,
            at_ms: NOON,
            heir_of: None,
        };
        let entry = wire::to_bytes(&Control::Enrol(enrol));
        let entry = forger.seal(Kind::Control, 1, [0; 32], 0, &entry);
        let control = Link { seq: 1, hash: hash(&entry) };
        let body = HeadBody { control, control_inline: vec![entry.into()], ..HeadBody::default() };
        let head = forger.seal(Kind::Head, 1, [0; 32], 0, &wire::to_bytes(&body));
        let name = Name::Head(forger.team[0].engine.vault().id, forger.dev).to_string();
        forger.bucket.with_objects(|objects| objects.insert(name, head));
        assert_eq!(forger.verdict(), Some(Fault::BadEnrolment));
        assert_eq!(forger.team[0].engine.report().members.len(), 3);
    }
}

#[test]
fn a_vault_object_that_somebody_else_signed_for_the_same_id_is_refused() {
    let bucket = Bucket::default();
    let mut founder = Device::founder(1);
    let invitation = founder.invite(&bucket, 1).unwrap();
    let stranger = Identity::new(&mut crate::kit::seeded(501));
    let owner = stranger.public();
    let body = VaultBody { owner, salt: [3; 16], created_ms: NOON, format: 1 };
    let vault = invitation.vault;
    let place = Place { kind: Kind::Vault, vault, dev: owner.dev(), seq: 1, prev: [0; 32], epoch: 0 };
    let object = seal(&place, &wire::to_bytes(&body), None, [0; 24], &stranger.signer()).unwrap();
    bucket.with_objects(|objects| objects.insert(Name::Vault(vault).to_string(), object));
    let refused = now(dianbu::sync::driver::welcome(&bucket, &invitation, NOON)).err();
    assert_eq!(refused, Some(WelcomeError::Join(JoinError::ForeignVault(Fault::Misplaced))));
}

#[test]
fn a_second_history_under_known_numbers_is_a_fork() {
    let mut forger = Forger::new();
    forger.put_head(9, Link { seq: 1, hash: [7; 32] }, 1);
    assert_eq!(forger.verdict(), Some(Fault::Fork));
    // Known to one, told by another: a fork that only comparing shows.
    let mut forger = Forger::new();
    let (victim, link) = (forger.team[2].dev(), Link { seq: 1, hash: [7; 32] });
    forger.verdict();
    let last = forger.team[1].sync();
    let body = HeadBody {
        segment: last.segment,
        opn: 1,
        control: last.control,
        seen: [(victim, link)].into(),
        ..HeadBody::default()
    };
    let head = forger.seal(Kind::Head, 9, last.segment.hash, 0, &wire::to_bytes(&body));
    let name = forger.team[1].head();
    forger.bucket.with_objects(|objects| objects.insert(name, head));
    let report = forger.team[0].round(&forger.bucket);
    assert!(report.troubles.contains(&Trouble::Fork { dev: victim, seq: 1, witness: forger.dev }), "{report:?}");
    assert!(report.finished, "what somebody says stops nobody");
}

#[test]
fn operations_that_are_known_already_are_not_applied_again() {
    let mut forger = Forger::new();
    let mut ops = Batch::decode(&Forger::batch(forger.dev, 1, NOON + 8)).unwrap().ops;
    ops.extend(Batch::decode(&Forger::batch(forger.dev, 2, NOON + 9)).unwrap().ops);
    let body = Batch { dev: forger.dev, ops }.encode();
    assert_eq!(forger.publish(None, 1, &body), None);
    let texts: Vec<_> = forger.team[0].ops().into_iter().filter(|(dev, ..)| *dev == forger.dev).collect();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0].2, "honest");
}

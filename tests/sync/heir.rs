//! A copied profile becomes a device of its own and loses nothing.

use dianbu::book::{Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::session::{Act, Session};
use dianbu::store::{Change, Store as _, StoreError};
use dianbu::sync::driver::{self, HeirError};
use dianbu::sync::fault::Fault;
use dianbu::sync::keys::{Identity, heir_message};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Place, hash, seal};
use dianbu::sync::report::Trouble;
use dianbu::sync::state::Link;
use dianbu::sync::wire::{self, Control, Enrol, HeadBody, Role};
use ed25519_dalek::Signer as _;

use crate::faults::copy_of;
use crate::kit::{Device, NOON, now, settle};
use crate::snapshot::meanwhile::Interrupted;

/// A copy of a device, as a copied profile folder is one.
pub fn copy(device: &Device) -> Device {
    let copied = now(device.store.load()).unwrap();
    let mut clone = Device::founder(60);
    clone.store = copy_of(device, copied);
    clone.restart();
    clone
}

pub fn succeed(device: &mut Device) -> Result<dianbu::book::DevId, HeirError> {
    let done = now(driver::succeed(&device.store, "副本".into(), NOON, &mut *device.random));
    device.restart();
    done
}

/// Sets a customer's name in the book of a device, having seen what stands there.
fn rename(device: &Device, name: &str) {
    let session = device.session();
    let mut draft = session.with(|book| Draft::open(book, customer::ID, RowId([4; 16])));
    draft.set(customer::NAME, &name.to_owned());
    now(session.save(&[draft.write().unwrap()], Act { now_ms: device.clock, ..Act::default() })).unwrap();
}

fn shown(device: &Device) -> (String, usize) {
    device.session().with(|book| {
        let row = book.row(customer::ID, RowId([4; 16])).unwrap();
        (row.text(customer::NAME).to_owned(), row.conflicts().count())
    })
}

#[test]
fn both_copies_go_on_and_nobody_loses_anything() {
    for sealed in [false, true] {
        for copied in [0, 1] {
            let bucket = Bucket::default();
            let mut team = Device::team(&bucket, 1);
            rename(&team[copied], "单雄信");
            settle(&bucket, &mut team);
            let mut clone = copy(&team[copied]);
            let (old, role) = (team[copied].dev(), team[copied].engine.roster().members[&team[copied].dev()].role);
            // The original goes on; the copy writes twice into the same field before it notices.
            team[copied].write("by the original");
            team[copied].round(&bucket);
            rename(&clone, "秦琼");
            if sealed {
                let moment = clone.moment();
                now(driver::seal(&mut clone.engine, &clone.store, moment));
            }
            rename(&clone, "秦叔宝");
            clone.write("by the copy");
            assert!(clone.round(&bucket).troubles.contains(&Trouble::Cloned));
            let dev = succeed(&mut clone).unwrap();
            assert!(dev != old && clone.dev() == dev);
            team.push(clone);
            settle(&bucket, &mut team);
            for device in &mut team {
                let report = device.round(&bucket);
                assert!(report.finished && report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
                assert_eq!(report.waiting_ops, 0);
                assert_eq!(shown(device), ("秦叔宝".into(), 0), "the last of what the copy wrote, and no conflict");
                let heir = report.members.iter().find(|member| member.dev == dev).unwrap();
                assert_eq!((heir.role, heir.name.as_str()), (role, "副本"));
            }
            assert!(team.iter().all(|device| device.standing() == team[0].standing()));
            team[copied].write("the original still writes");
            team[2].write("and so does the copy");
            settle(&bucket, &mut team);
            assert!(team.iter().all(|device| device.standing() == team[0].standing()));
        }
    }
}

#[test]
fn work_that_is_sealed_and_gone_from_the_tail_comes_along() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[1].write("shared");
    settle(&bucket, &mut team);
    for n in 0..3 {
        team[1].write(&format!("alone {n}"));
        let device = &mut team[1];
        let moment = device.moment();
        now(driver::seal(&mut device.engine, &device.store, moment));
        now(device.session().checkpoint()).unwrap();
    }
    let state = team[1].state();
    now(team[1].store.transact(|_| Some(Change { drop_tail: Some(state.lsn), ..Change::default() }))).unwrap();
    succeed(&mut team[1]).unwrap();
    settle(&bucket, &mut team);
    assert_eq!(team[0].standing(), team[1].standing());
    let texts: Vec<_> = team[0].ops().into_iter().filter(|(dev, ..)| *dev == team[1].dev()).map(|op| op.2).collect();
    assert_eq!(texts, ["alone 0", "alone 1", "alone 2"]);
}

#[test]
fn work_that_cannot_be_read_leaves_everything_as_it_is() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    team[0].write("sealed");
    let device = &mut team[0];
    let moment = device.moment();
    now(driver::seal(&mut device.engine, &device.store, moment));
    let (name, before) = (device.segment(2), device.state());
    now(device.store.transact(|state| {
        Some(Change { drop_tail: Some(state.lsn), log: vec![(name.clone(), Some(vec![1; 300]))], ..Change::default() })
    }))
    .unwrap();
    assert!(matches!(succeed(device), Err(HeirError::Damaged(_))));
    assert_eq!(device.state(), before);
}

#[test]
fn a_tab_that_knows_the_device_by_its_old_name_writes_nothing_more() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let mut clone = copy(&team[0]);
    let loaded = now(clone.store.load()).unwrap();
    let tab = Session::open(&clone.store, clone.engine.dev(), &loaded).unwrap();
    now(driver::succeed(&clone.store, "副本".into(), NOON, &mut *clone.random)).unwrap();
    let mut draft = Draft::new(customer::ID, RowId([5; 16]));
    draft.set(customer::NAME, &"甲".to_owned());
    let refused = now(tab.save(&[draft.write().unwrap()], Act::default()));
    assert_eq!(refused.err(), Some(StoreError::Closed));
    assert_eq!(now(tab.catch_up()).err(), Some(StoreError::Closed));
    assert_eq!(now(tab.checkpoint()).err(), Some(StoreError::Closed));
    drop(tab);
    clone.restart();
    team.push(clone);
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.standing() == team[0].standing()));
}

#[test]
fn what_a_tab_writes_at_that_very_moment_comes_along() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let mut clone = copy(&team[0]);
    clone.write("before");
    let (dev, store) = (clone.dev(), &clone.store);
    let busy = Interrupted::new(store, false, 0, || crate::kit::write(store, dev, NOON, "at that very moment"));
    now(driver::succeed(&busy, "副本".into(), NOON, &mut *clone.random)).unwrap();
    clone.restart();
    team.push(clone);
    settle(&bucket, &mut team);
    let texts: Vec<_> = team[1].ops().into_iter().filter(|(dev, ..)| *dev == team[2].dev()).map(|op| op.2).collect();
    assert_eq!(texts, ["before", "at that very moment"]);
}

#[test]
fn nobody_becomes_the_heir_of_another() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let stranger = Identity::new(&mut crate::kit::seeded(500));
    let vault = team[0].engine.vault().clone();
    let (owner, member) = (team[0].dev(), team[1].identity());
    let message = heir_message(vault.id, stranger.dev());
    // Signed by a member who is not the one, by itself, for another device, and by none.
    let proofs = [
        (owner, Some(member.signer().sign(&message).to_bytes())),
        (owner, Some(stranger.signer().sign(&message).to_bytes())),
        (member.dev(), Some(member.signer().sign(&heir_message(vault.id, owner)).to_bytes())),
        (owner, None),
    ];
    for (old, proof) in proofs {
        let report = enrol(&bucket, &mut team, &stranger, old, proof);
        assert_eq!(report.held.first().map(|held| held.fault), Some(Fault::BadEnrolment));
        assert_eq!(report.members.len(), 2);
    }
    let unknown = enrol(&bucket, &mut team, &stranger, stranger.dev(), Some([1; 64]));
    assert_eq!(unknown.held.first().map(|held| held.fault), Some(Fault::UnknownMember));
    let good = Some(member.signer().sign(&message).to_bytes());
    let report = enrol(&bucket, &mut team, &stranger, member.dev(), good);
    assert!(report.held.is_empty());
    assert_eq!(report.members.iter().find(|m| m.dev == stranger.dev()).map(|m| m.role), Some(Role::Manager));
}

/// A head with an enrolment, by hand; what the founder says of it.
fn enrol(
    bucket: &Bucket,
    team: &mut [Device],
    who: &Identity,
    old: dianbu::book::DevId,
    proof: Option<[u8; 64]>,
) -> dianbu::sync::report::Report {
    let (vault, dev) = (team[0].engine.vault().clone(), who.dev());
    let make = |kind, prev, body: &[u8]| {
        let epoch = vault.epoch_of(kind);
        let key = vault.object_key(epoch, kind, dev, 1);
        let place = Place { kind, vault: vault.id, dev, seq: 1, prev, epoch };
        seal(&place, body, key.as_ref(), [6; 24], &who.signer()).unwrap()
    };
    let enrol = Enrol {
        keys: who.public(),
        name: "x".into(),
        invite: None,
        inviter: None,
        proof,
        at_ms: NOON,
        heir_of: Some(old),
    };
    let entry = make(Kind::Control, [0; 32], &wire::to_bytes(&Control::Enrol(enrol)));
    let control = Link { seq: 1, hash: hash(&entry) };
    let body = HeadBody { control, control_inline: vec![entry.into()], ..HeadBody::default() };
    let head = make(Kind::Head, [0; 32], &wire::to_bytes(&body));
    bucket.with_objects(|objects| objects.insert(Name::Head(vault.id, dev).to_string(), head));
    team[0].round(bucket)
}

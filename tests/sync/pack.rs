//! Packs, and the deletion of what they hold: nothing that anybody needs ever goes.

mod deleting;

use dianbu::remote::memory::{Memory as Bucket, Request};
use dianbu::sync::engine::PACK_SEGMENTS;
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::object::{Kind, Place, hash, seal};
use dianbu::sync::state::Packs;
use dianbu::sync::wire::{self, Objects, Packed};

use crate::kit::{Device, assert_equal, edits, gets, names, object, settle};

/// A team whose first device has packed its segments, with an invitation.
fn packed(bucket: &Bucket, others: u64) -> (Vec<Device>, Invitation) {
    let mut team = Device::team(bucket, others);
    let invitation = team[0].invite(bucket, 9).unwrap();
    settle(bucket, &mut team);
    // The first segment of the team is there already.
    edits(&mut team[0], bucket, PACK_SEGMENTS - 1);
    (team, invitation)
}

fn packs(device: &Device) -> Packs {
    device.sync().packs
}

fn join(bucket: &Bucket, invitation: &Invitation) -> (Device, Vec<Request>, Vec<Fault>) {
    let seed = 90 + bucket.with_objects(|objects| objects.len() as u64);
    let mut joiner = Device::joiner(seed, invitation, bucket);
    bucket.requests();
    let report = joiner.round(bucket);
    assert!(report.finished, "{report:?}");
    (joiner, bucket.requests(), report.held.iter().map(|held| held.fault).collect())
}

#[test]
fn many_segments_are_read_with_one_request() {
    let bucket = Bucket::default();
    let (mut team, invitation) = packed(&bucket, 1);
    assert_eq!(names(&bucket, "/p/").len(), 1);
    assert_eq!(packs(&team[0]).list[0].to, PACK_SEGMENTS);
    // Who is one segment behind reads that, not all of the pack.
    bucket.requests();
    edits(&mut team[0], &bucket, 3);
    settle(&bucket, &mut team);
    let (joiner, requests, faults) = join(&bucket, &invitation);
    assert!(faults.is_empty());
    assert_eq!((gets(&requests, "/p/"), gets(&requests, "/s/")), (1, 2), "the pack, and what came after it");
    team.push(joiner);
    settle(&bucket, &mut team);
    assert_equal(&team);
}

#[test]
fn who_was_in_the_middle_reads_on_from_there() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    for (behind, edited) in [(1, 20), (2, 42)] {
        edits(&mut team[0], &bucket, edited);
        team[behind].round(&bucket);
    }
    edits(&mut team[0], &bucket, 1);
    assert_eq!(packs(&team[0]).list.len(), 1);
    bucket.requests();
    // One has 43 of the pack still to read, the other a single one, which the head carries.
    team[1].round(&bucket);
    assert_eq!(gets(&bucket.requests(), "/p/"), 1);
    team[2].round(&bucket);
    let requests = bucket.requests();
    assert_eq!((gets(&requests, "/p/"), gets(&requests, "/s/")), (0, 0));
    assert_equal(&team);
}

#[test]
fn a_pack_that_is_not_whole_is_passed_over_and_reported() {
    type Tamper = fn(&mut Vec<u8>);
    let tampers: [(Option<Tamper>, Fault); 4] = [
        (Some(|pack| pack[200] ^= 1), Fault::BadSignature),
        (Some(|pack| pack.truncate(400)), Fault::Truncated),
        (Some(|pack| pack[30] ^= 1), Fault::Misplaced),
        (None, Fault::NotVisible),
    ];
    for (tamper, fault) in tampers {
        let bucket = Bucket::default();
        let (team, invitation) = packed(&bucket, 0);
        let name = names(&bucket, "/p/").remove(0);
        bucket.with_objects(|objects| match tamper {
            Some(tamper) => tamper(objects.get_mut(&name).unwrap()),
            None => _ = objects.remove(&name),
        });
        let (joiner, requests, faults) = join(&bucket, &invitation);
        assert_eq!(faults, [fault]);
        assert_eq!(gets(&requests, "/s/") as u64, PACK_SEGMENTS - 1, "the head carries the last");
        assert_equal(&[joiner, team.into_iter().next().unwrap()]);
    }
}

/// Puts another pack in the place of the first, signed by its author, and a head that names it.
fn forge(bucket: &Bucket, author: &mut Device, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let (packed, forged) = forged(bucket, author, change);
    let (vault, dev) = (author.engine.vault().id, author.dev());
    bucket.with_objects(|objects| objects.insert(packed.name(vault, dev).to_string(), forged));
    let written = crate::kit::now(dianbu::store::Store::transact(&author.store, |state| {
        let mut sync = state.sync().unwrap();
        sync.revision += 1;
        sync.packs.list[0] = packed;
        sync.head.packs = 0;
        state.set_sync(&sync);
        Some(dianbu::store::Change::default())
    }));
    assert!(written.unwrap().1);
    author.restart();
    assert!(author.round(bucket).finished);
}

fn forged(bucket: &Bucket, author: &Device, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> (Packed, Vec<u8>) {
    let Packed { from, to, .. } = packs(author).list[0];
    let mut segments: Vec<Vec<u8>> = (from..=to).map(|seq| object(bucket, &author.segment(seq))).collect();
    change(&mut segments);
    let body = wire::to_bytes(&Objects(segments.into_iter().map(Into::into).collect()));
    let (vault, dev) = (author.engine.vault().clone(), author.dev());
    let place = Place { kind: Kind::Pack, vault: vault.id, dev, seq: from, prev: [0; 32], epoch: 1 };
    let key = vault.object_key(1, Kind::Pack, dev, from);
    let forged = seal(&place, &body, key.as_ref(), [7; 24], &author.identity().signer()).unwrap();
    (Packed { from, to, hash: hash(&forged) }, forged)
}

#[test]
fn another_pack_of_the_same_author_is_not_taken_for_the_one_that_the_head_names() {
    let bucket = Bucket::default();
    let (team, invitation) = packed(&bucket, 0);
    let (_, other) = forged(&bucket, &team[0], |_| ());
    let name = names(&bucket, "/p/").remove(0);
    bucket.with_objects(|objects| objects.insert(name, other));
    assert_eq!(join(&bucket, &invitation).2, [Fault::BrokenChain]);
}

#[test]
fn a_pack_that_holds_something_else_than_the_segments_is_found_out_by_the_chain() {
    type Lie = fn(&mut Vec<Vec<u8>>);
    let lies: [(Lie, Fault); 4] = [
        (|segments| segments.swap(3, 4), Fault::Misplaced),
        (|segments| _ = segments.pop(), Fault::Malformed),
        (|segments| segments[5].truncate(90), Fault::Truncated),
        (|segments| segments[9][150] ^= 1, Fault::BadSignature),
    ];
    for (lie, fault) in lies {
        let bucket = Bucket::default();
        let (mut team, invitation) = packed(&bucket, 0);
        forge(&bucket, &mut team[0], lie);
        let (joiner, _, faults) = join(&bucket, &invitation);
        assert_eq!(faults, [fault]);
        assert_equal(&[joiner, team.remove(0)]);
    }
}

//! The two phases of deletion: nothing goes that anybody needs.

use dianbu::remote::RemoteError;
use dianbu::remote::memory::Fate;
use dianbu::sync::engine::{ACTIVE_MS, GRACE_MS};

use super::*;
use crate::kit::counts;

const HOUR: u64 = 3_600_000;

/// Days pass, with everybody's app open now and then.
fn pass(bucket: &Bucket, team: &mut [Device], ms: u64) {
    for device in &mut *team {
        device.clock += ms;
    }
    for _ in 0..2 {
        for device in &mut *team {
            // Heads that tell what was read are hours apart.
            device.clock += 13 * HOUR;
            assert!(device.round(bucket).finished);
        }
    }
}

#[test]
fn segments_go_two_weeks_after_everybody_has_read_them() {
    let bucket = Bucket::default();
    let (mut team, invitation) = packed(&bucket, 2);
    let own = format!("{}/s/", team[0].dev());
    assert_eq!(packs(&team[0]).floor, None, "nobody has read them");
    // One of the two has.
    team[1].round(&bucket);
    team[1].clock += 13 * HOUR;
    team[1].round(&bucket);
    team[0].clock += GRACE_MS * 3;
    team[0].round(&bucket);
    assert_eq!(packs(&team[0]).floor, None, "one has not read them");
    team[0].clock -= GRACE_MS * 3;
    pass(&bucket, &mut team, 0);
    let floor = packs(&team[0]).floor.unwrap();
    assert_eq!(floor.seq, PACK_SEGMENTS);
    pass(&bucket, &mut team, GRACE_MS - 40 * HOUR);
    assert_eq!(names(&bucket, &own).len() as u64, PACK_SEGMENTS, "not before two weeks");
    pass(&bucket, &mut team, 40 * HOUR);
    assert_eq!(names(&bucket, &own).len(), 0);
    assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS);
    let others: Vec<_> = names(&bucket, "/s/");
    assert_eq!(others.len() as u64, team[1].sync().segment.seq + team[2].sync().segment.seq);
    for device in &mut team {
        bucket.requests();
        device.round(&bucket);
        assert_eq!(counts(&bucket.requests()), (1, 0, 0), "an idle poll stays one LIST");
    }
    // Joining is possible as before.
    edits(&mut team[0], &bucket, 2);
    settle(&bucket, &mut team);
    let (joiner, _, faults) = join(&bucket, &invitation);
    assert!(faults.is_empty());
    team.push(joiner);
    assert_equal(&team);
}

#[test]
fn a_device_that_is_silent_for_ninety_days_holds_nothing_up_and_still_gets_everything() {
    let bucket = Bucket::default();
    let (mut team, _) = packed(&bucket, 2);
    let mut sleeper = team.pop().unwrap();
    pass(&bucket, &mut team, 0);
    pass(&bucket, &mut team, ACTIVE_MS - 60 * HOUR);
    assert_eq!(packs(&team[0]).floor, None, "it may still come");
    pass(&bucket, &mut team, 61 * HOUR);
    assert!(packs(&team[0]).floor.is_some());
    pass(&bucket, &mut team, GRACE_MS);
    assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS);
    sleeper.write("kept through all of it");
    bucket.requests();
    let report = sleeper.round(&bucket);
    assert!(report.finished && report.held.is_empty() && report.troubles.is_empty(), "{report:?}");
    team.push(sleeper);
    settle(&bucket, &mut team);
    assert_equal(&team);
}

#[test]
fn a_pack_that_was_damaged_in_the_bucket_is_made_anew_and_nothing_is_deleted_for_it() {
    let bucket = Bucket::default();
    let (mut team, _) = packed(&bucket, 1);
    let name = names(&bucket, "/p/").remove(0);
    bucket.with_objects(|objects| objects.get_mut(&name).unwrap()[500] ^= 1);
    team[1].round(&bucket);
    team[1].clock += 13 * HOUR;
    team[1].round(&bucket);
    let report = team[0].round(&bucket);
    assert!(report.held.iter().any(|held| held.name == name && held.fault == Fault::BrokenChain), "{report:?}");
    assert_eq!((packs(&team[0]).list.len(), packs(&team[0]).floor), (0, None));
    bucket.requests();
    team[0].round(&bucket);
    assert_eq!(counts(&bucket.requests()), (1, 0, 0), "not again at once");
    pass(&bucket, &mut team, HOUR);
    pass(&bucket, &mut team, HOUR);
    let again = packs(&team[0]);
    assert_eq!((again.list.len(), again.verified), (1, PACK_SEGMENTS));
    assert!(names(&bucket, "/p/").len() == 2 && again.floor.is_some());
    pass(&bucket, &mut team, GRACE_MS);
    assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS);
    assert_equal(&team);
}

#[test]
fn an_emptied_bucket_is_filled_from_the_log_with_what_was_deleted_too() {
    let bucket = Bucket::default();
    let (mut team, _) = packed(&bucket, 0);
    pass(&bucket, &mut team, 0);
    pass(&bucket, &mut team, GRACE_MS);
    assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS);
    bucket.with_objects(std::collections::BTreeMap::clear);
    team[0].round(&bucket);
    team[0].engine.reseed();
    bucket.requests();
    assert!(team[0].round(&bucket).finished);
    // One that names no pack, one when there is a pack again, and one with the floor.
    let head = Request::Put(team[0].head());
    assert_eq!(bucket.requests().into_iter().filter(|request| *request == head).count(), 3);
    assert_eq!(names(&bucket, "/s/").len() as u64, PACK_SEGMENTS);
    let bundle = team[0].invite(&bucket, 9).unwrap();
    let (joiner, _, faults) = join(&bucket, &bundle);
    assert!(faults.is_empty());
    team.push(joiner);
    assert_equal(&team);
}

#[test]
fn a_bucket_that_was_set_back_gets_everything_again() {
    let bucket = Bucket::default();
    let (mut team, _) = packed(&bucket, 1);
    let own = format!("{}/s/", team[0].dev());
    let packed = bucket.with_objects(|objects| objects.clone());
    pass(&bucket, &mut team, 0);
    pass(&bucket, &mut team, GRACE_MS);
    assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS);
    let deleted = bucket.with_objects(|objects| objects.clone());
    for before in [packed, deleted] {
        edits(&mut team[0], &bucket, 1);
        bucket.with_objects(|objects| *objects = before.clone());
        team[0].round(&bucket);
        assert_eq!(names(&bucket, &own).len() as u64, team[0].sync().segment.seq);
        settle(&bucket, &mut team);
        assert_equal(&team);
        // Until they are deleted again.
        pass(&bucket, &mut team, HOUR);
        pass(&bucket, &mut team, GRACE_MS);
        assert_eq!(packs(&team[0]).deleted, packs(&team[0]).list[0].to);
    }
}

#[test]
fn two_weeks_begin_when_the_announcement_is_in_the_bucket() {
    let bucket = Bucket::default();
    // A bucket that does not take the head which would announce it.
    let mut team = Device::team(&bucket, 0);
    edits(&mut team[0], &bucket, PACK_SEGMENTS - 2);
    team[0].write("the one that makes a pack due");
    let head = team[0].head();
    let mut heads = 0;
    bucket.judge(move |request| {
        heads += u32::from(*request == Request::Put(head.clone()));
        if heads > 2 { Fate::Lost(RemoteError::Offline) } else { Fate::Done }
    });
    assert!(!team[0].round(&bucket).finished);
    assert!(packs(&team[0]).floor.is_some());
    bucket.behave();
    team[0].clock += GRACE_MS * 2;
    for _ in 0..2 {
        team[0].round(&bucket);
        assert_eq!(packs(&team[0]).deleted, 0, "it was announced only now");
    }
    team[0].clock += GRACE_MS;
    team[0].round(&bucket);
    assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS);
}

#[test]
fn killed_at_every_effect_while_packing_and_deleting_nothing_is_lost() {
    for effects in 0.. {
        let bucket = Bucket::default();
        let mut team = Device::team(&bucket, 1);
        let invitation = team[0].invite(&bucket, 9).unwrap();
        edits(&mut team[0], &bucket, PACK_SEGMENTS - 2);
        team[0].write("the one that makes a pack due");
        let packing = crate::crash::short_life(&mut team[0], &bucket, effects);
        team[0].restart();
        settle(&bucket, &mut team);
        pass(&bucket, &mut team, HOUR);
        team[0].clock += GRACE_MS;
        let deleting = crate::crash::short_life(&mut team[0], &bucket, effects);
        team[0].restart();
        let (joiner, _, faults) = join(&bucket, &invitation);
        assert!(faults.is_empty(), "after {effects} effects");
        team.push(joiner);
        // Where it was killed before a floor was announced, the two weeks begin now.
        pass(&bucket, &mut team, HOUR);
        pass(&bucket, &mut team, GRACE_MS);
        assert_eq!(packs(&team[0]).deleted, PACK_SEGMENTS, "after {effects} effects");
        settle(&bucket, &mut team);
        assert_equal(&team);
        if packing && deleting {
            assert!(effects > 12);
            break;
        }
    }
}

#[test]
fn a_bucket_that_deletes_nothing_is_not_asked_again_and_again() {
    let bucket = Bucket::default();
    let (mut team, _) = packed(&bucket, 0);
    pass(&bucket, &mut team, 0);
    bucket.judge(|request| match request {
        Request::Delete(_) => Fate::Lost(RemoteError::Denied("AccessDenied".into())),
        _ => Fate::Done,
    });
    pass(&bucket, &mut team, GRACE_MS);
    bucket.requests();
    assert!(team[0].round(&bucket).finished);
    assert!(bucket.requests().iter().all(|request| !matches!(request, Request::Delete(_))));
}

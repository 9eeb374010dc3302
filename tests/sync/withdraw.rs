//! Invitations that are taken back.

use std::collections::BTreeSet;

use dianbu::remote::RemoteError;
use dianbu::remote::memory::{Fate, Memory as Bucket, Request};
use dianbu::store::Store as _;
use dianbu::sync::driver::{self, InviteError, WelcomeError};
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::Identity;
use dianbu::sync::member::Welcome;
use dianbu::sync::name::{InviteId, Name};
use dianbu::sync::rights::Rights;
use dianbu::sync::state::State;
use dianbu::sync::wire::Role;

use crate::kit::{Device, NOON, names, now, settle};

fn id(invitation: &Invitation) -> InviteId {
    invitation.id()
}

fn withdraw(device: &mut Device, bucket: &Bucket, invitation: &Invitation) -> Result<bool, InviteError> {
    let Device { engine, store, clock, random } = device;
    now(driver::withdraw(engine, store, bucket, id(invitation), *clock, random))
}

/// Joins with what was read of an invitation, maybe long ago.
fn join(welcome: &Welcome, seed: u64, bucket: &Bucket) -> Device {
    let mut random = Box::new(crate::kit::seeded(seed));
    let identity = Identity::new(&mut *random);
    let commit = welcome.join(&State::default(), &identity, "x".into(), NOON, &mut *random).unwrap();
    let store = dianbu::store::memory::Memory::default();
    assert!(now(store.transact(|state| commit.apply(state))).unwrap().1);
    let engine = now(driver::open(&store)).unwrap().unwrap();
    let mut device = Device { store, engine, clock: NOON, random };
    assert!(device.round(bucket).finished);
    device
}

#[test]
fn nobody_new_gets_in_and_who_came_before_stays() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let invitation = team[0].invite(&bucket, 9).unwrap();
    team.push(Device::joiner(70, &invitation, &bucket));
    // It comes just before, and the founder has not heard of it yet.
    team[2].round(&bucket);
    assert_eq!(withdraw(&mut team[0], &bucket, &invitation), Ok(true));
    assert!(!names(&bucket, "/i/").contains(&invitation.name().to_string()));
    let refused = now(driver::welcome(&bucket, &invitation, NOON)).err();
    assert_eq!(refused, Some(WelcomeError::Remote(RemoteError::NotFound)));
    settle(&bucket, &mut team);
    for device in &mut team {
        let report = device.round(&bucket);
        assert!(report.latecomers.is_empty() && report.held.is_empty(), "{report:?}");
        let came = device.engine.roster().withdrawn(device.engine.rights(), id(&invitation));
        assert_eq!(came, Some(BTreeSet::from([device.engine.roster().came(id(&invitation)).next().unwrap()])));
    }
    // Its own work is shared as before.
    team[2].write("still in");
    team[2].round(&bucket);
    settle(&bucket, &mut team);
    assert!(team.iter().all(|device| device.standing() == team[0].standing()));
}

#[test]
fn who_kept_the_secret_and_comes_late_is_named_to_everybody() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let invitation = team[0].invite(&bucket, 9).unwrap();
    let kept = now(driver::welcome(&bucket, &invitation, NOON)).unwrap();
    assert_eq!(withdraw(&mut team[0], &bucket, &invitation), Ok(true));
    let late = join(&kept, 71, &bucket);
    let dev = late.dev();
    team.push(late);
    settle(&bucket, &mut team);
    for device in &mut team {
        assert_eq!(device.round(&bucket).latecomers, [dev]);
        device.restart();
        assert_eq!(device.round(&bucket).latecomers, [dev], "after a restart too");
    }
}

#[test]
fn only_who_gave_it_out_or_an_owner_takes_it_back() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let second_owner = team[0].invite_as(&bucket, Role::Owner, 9);
    team.push(Device::joiner(72, &second_owner, &bucket));
    settle(&bucket, &mut team);
    let invitation = team[1].invite(&bucket, 9).unwrap();
    settle(&bucket, &mut team);
    assert_eq!(withdraw(&mut team[2], &bucket, &invitation), Ok(false));
    assert!(names(&bucket, "/i/").contains(&invitation.name().to_string()), "nothing is deleted for it");
    // By an owner who did not give it out, read before the invitation itself is.
    assert_eq!(withdraw(&mut team[3], &bucket, &invitation), Ok(true));
    let mut joiner = join(&now(driver::welcome(&bucket, &second_owner, NOON)).unwrap(), 73, &bucket);
    joiner.round(&bucket);
    assert!(joiner.engine.roster().withdrawn(joiner.engine.rights(), id(&invitation)).is_some());
    let own = team[1].invite(&bucket, 9).unwrap();
    assert_eq!(withdraw(&mut team[1], &bucket, &own), Ok(true));
    let nobodys = Invitation { secret: [9; 16], ..own };
    assert_eq!(withdraw(&mut team[0], &bucket, &nobodys), Ok(false));
}

#[test]
fn what_others_say_of_an_invitation_does_not_count() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let invitation = team[0].invite(&bucket, 9).unwrap();
    settle(&bucket, &mut team);
    // A member who breaks the rules writes the entry all the same.
    let invite = id(&invitation);
    let mut roster = team[1].engine.roster().clone();
    let entry = dianbu::sync::wire::Control::Withdraw(dianbu::sync::wire::Withdraw { invite, came: vec![] });
    roster.apply(team[1].engine.vault(), team[1].dev(), 2, entry.clone()).unwrap();
    assert_eq!(roster.withdrawn(&Rights::of(&roster), id(&invitation)), None);
    roster.apply(team[1].engine.vault(), team[0].dev(), 2, entry).unwrap();
    assert_eq!(roster.withdrawn(&Rights::of(&roster), id(&invitation)), Some(BTreeSet::new()));
}

#[test]
fn a_bundle_that_cannot_be_deleted_is_not_reported_as_taken_back() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let invitation = team[0].invite(&bucket, 9).unwrap();
    bucket.judge(|request| match request {
        Request::Delete(_) => Fate::Lost(RemoteError::Denied("AccessDenied".into())),
        _ => Fate::Done,
    });
    assert!(matches!(withdraw(&mut team[0], &bucket, &invitation), Err(InviteError::Remote(_))));
    assert_eq!(team[0].engine.roster().withdrawn(team[0].engine.rights(), id(&invitation)), None);
    bucket.behave();
    assert_eq!(withdraw(&mut team[0], &bucket, &invitation), Ok(true));
    let name = Name::Invite(invitation.vault, id(&invitation)).to_string();
    assert!(!names(&bucket, "/i/").contains(&name));
}

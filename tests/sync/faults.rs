//! A bucket that flips, swaps, truncates, replays, withholds or loses, and members who do not keep the rules.

use dianbu::remote::memory::{Fate, Memory as Bucket, Request};
use dianbu::remote::{Object, Page, RemoteError};
use dianbu::store::Store as _;
use dianbu::sync::fault::Fault;
use dianbu::sync::keys::InviteKeys;
use dianbu::sync::name::Name;
use dianbu::sync::report::Trouble;

use crate::kit::{Device, NOON, assert_equal, counts, now, object, settle};

/// A team of three. Device 1 has written `edits` times, a round each, and only `tamper` changes what the others
/// will see of it; device 2 then writes as well, and everybody synchronises. Returns the team with the fault that
/// device 0 reports of device 1, after checking that nobody else is troubled.
fn tampered(edits: usize, tamper: impl FnOnce(&Bucket, &Device, &Device)) -> (Bucket, Vec<Device>, Option<Fault>) {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    for n in 0..edits {
        team[1].write(&format!("edit {n}"));
        team[1].round(&bucket);
    }
    let before = team[0].ops();
    tamper(&bucket, &team[1], &team[2]);
    team[2].write("an honest edit");
    team[2].round(&bucket);
    team[0].write("our own edit");
    let report = team[0].round(&bucket);
    assert!(report.finished, "pushing and pulling of others go on: {report:?}");
    assert_eq!(report.waiting_ops, 0);
    let ops = team[0].ops();
    assert!(ops.is_superset(&before), "the state before is intact");
    assert!(ops.iter().any(|(dev, _, text)| *dev == team[2].dev() && text == "an honest edit"));
    let fault = report.held.iter().find(|held| held.dev == team[1].dev()).map(|held| held.fault);
    assert!(report.held.iter().all(|held| held.dev == team[1].dev()));
    (bucket, team, fault)
}

fn change(bucket: &Bucket, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    bucket.with_objects(|objects| change(objects.get_mut(name).unwrap()));
}

#[test]
fn untampered_nothing_is_held() {
    let (_, team, fault) = tampered(3, |_, _, _| {});
    assert_eq!(fault, None);
    assert_eq!(team[0].ops().len(), 6);
}

#[test]
fn a_bit_flipped_anywhere_in_a_head_is_found() {
    let length = 116 + 300;
    for at in (0..length).step_by(7) {
        let (_, team, fault) = tampered(1, |bucket, device, _| {
            change(bucket, &device.head(), |head| head[at] ^= 1 << (at % 8));
        });
        assert!(fault.is_some(), "byte {at}");
        assert!(team[0].ops().iter().all(|(dev, ..)| *dev != team[1].dev()), "byte {at}");
    }
}

#[test]
fn a_bit_flipped_anywhere_in_a_segment_is_found_and_healed_when_it_is_put_right() {
    for at in (0..300).step_by(11) {
        let mut whole = Vec::new();
        let (bucket, mut team, fault) = tampered(2, |bucket, device, _| {
            let name = device.segment(1);
            whole = object(bucket, &name);
            change(bucket, &name, |segment| {
                let at = at % segment.len();
                segment[at] ^= 1;
            });
        });
        assert!(fault.is_some(), "byte {at}");
        assert!(!now(team[0].store.held()).unwrap().is_empty(), "the object is kept with the reason");
        let name = team[1].segment(1);
        bucket.with_objects(|objects| objects.insert(name, whole));
        // The author's next head makes everybody look again.
        team[1].write("another");
        settle(&bucket, &mut team);
        assert_equal(&team);
        assert!(team[0].engine.report().held.is_empty());
        assert!(now(team[0].store.held()).unwrap().is_empty());
    }
}

#[test]
fn a_truncated_object_is_found() {
    for keep in [0, 5, 6, 115, 116, 200] {
        let (.., fault) = tampered(2, |bucket, device, _| change(bucket, &device.segment(1), |s| s.truncate(keep)));
        assert!(matches!(fault, Some(Fault::Truncated | Fault::Foreign)), "{keep}: {fault:?}");
    }
    let (.., fault) = tampered(2, |bucket, device, _| change(bucket, &device.segment(1), |s| s.push(0)));
    assert_eq!(fault, Some(Fault::Truncated));
    let (.., fault) = tampered(1, |bucket, device, _| change(bucket, &device.head(), |s| s.truncate(150)));
    assert_eq!(fault, Some(Fault::Truncated));
}

#[test]
fn swapped_paths_are_found() {
    let (.., fault) = tampered(3, |bucket, device, _| {
        bucket.with_objects(|objects| {
            let (first, second) = (objects[&device.segment(1)].clone(), objects[&device.segment(2)].clone());
            objects.insert(device.segment(1), second);
            objects.insert(device.segment(2), first);
        });
    });
    assert_eq!(fault, Some(Fault::Misplaced));
    // Another device's head in the place of this one's.
    let (.., fault) = tampered(1, |bucket, device, other| {
        bucket.with_objects(|objects| objects.insert(device.head(), objects[&other.head()].clone()));
    });
    assert_eq!(fault, Some(Fault::Misplaced));
}

#[test]
fn an_object_of_another_vault_is_found() {
    let elsewhere = Bucket::default();
    let mut stranger = Device::founder(50);
    stranger.write("of another shop");
    stranger.round(&elsewhere);
    let foreign = object(&elsewhere, &stranger.segment(1));
    let (.., fault) = tampered(2, move |bucket, device, _| {
        bucket.with_objects(|objects| objects.insert(device.segment(1), foreign));
    });
    assert_eq!(fault, Some(Fault::Misplaced));
}

#[test]
fn a_replayed_head_is_a_rollback() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[1].write("first");
    team[1].round(&bucket);
    let old = object(&bucket, &team[1].head());
    team[1].write("second");
    team[1].round(&bucket);
    team[0].round(&bucket);
    assert_eq!(team[0].ops().len(), 3);
    let head = team[1].head();
    bucket.with_objects(|objects| objects.insert(head, old));
    let report = team[0].round(&bucket);
    assert_eq!(report.held.first().map(|held| held.fault), Some(Fault::RolledBack));
    assert_eq!(team[0].ops().len(), 3, "nothing disappears");
    // Its author notices as well, and puts its head again.
    let report = team[1].round(&bucket);
    assert!(report.finished && report.troubles.contains(&Trouble::BucketBehind), "{report:?}");
    assert!(team[0].round(&bucket).held.is_empty());
}

#[test]
fn a_promised_segment_that_stays_away_is_not_visible_then_withheld_then_forgotten() {
    let mut taken = Vec::new();
    let (bucket, mut team, fault) = tampered(3, |bucket, device, _| {
        taken = bucket.with_objects(|objects| objects.remove(&device.segment(2)).unwrap());
    });
    assert_eq!(fault, Some(Fault::NotVisible));
    let dev = team[1].dev();
    assert_eq!(team[0].ops().iter().filter(|(author, ..)| *author == dev).count(), 1, "what is there is applied");
    bucket.requests();
    let mut report = team[0].round(&bucket);
    assert_eq!(counts(&bucket.requests()), (1, 1, 0), "only what is missing is asked for");
    assert!(report.troubles.is_empty());
    for _ in 0..5 {
        report = team[0].round(&bucket);
    }
    assert!(report.troubles.contains(&Trouble::Withheld { dev, seq: 3, witness: dev }), "{report:?}");
    let name = team[1].segment(2);
    bucket.with_objects(|objects| objects.insert(name, taken));
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert!(team[0].engine.report().troubles.is_empty());
}

#[test]
fn a_head_that_is_withheld_is_proven_by_whoever_saw_it() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    let old = object(&bucket, &team[1].head());
    team[1].write("hidden from some");
    team[1].round(&bucket);
    team[2].round(&bucket);
    team[2].write("seen by me");
    team[2].round(&bucket);
    let head = team[1].head();
    bucket.with_objects(|objects| objects.insert(head, old));
    let mut report = team[0].round(&bucket);
    for _ in 0..5 {
        report = team[0].round(&bucket);
    }
    let (dev, witness) = (team[1].dev(), team[2].dev());
    assert!(report.troubles.contains(&Trouble::Withheld { dev, seq: 1, witness }), "{report:?}");
}

#[test]
fn a_cloned_profile_stops_pushing_and_keeps_its_work() {
    for conditions in [true, false] {
        cloned_profile(conditions);
    }
}

fn cloned_profile(conditions: bool) {
    let bucket = Bucket::default();
    bucket.set_conditions(conditions);
    let mut team = Device::team(&bucket, 1);
    let copied = now(team[0].store.load()).unwrap();
    let mut clone = Device::founder(60);
    clone.store = copy_of(&team[0], copied);
    clone.restart();
    team[0].write("by the original");
    team[0].round(&bucket);
    clone.write("by the copy");
    team[1].write("by another");
    team[1].round(&bucket);
    let report = clone.round(&bucket);
    assert!(report.troubles.contains(&Trouble::Cloned) && !report.finished, "{report:?}");
    assert_eq!((report.pulled_ops, report.waiting_ops), (1, 1), "pulling goes on, the work is kept");
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert!(team[1].engine.report().troubles.is_empty());
}

/// A store with everything that another one holds.
pub fn copy_of(device: &Device, loaded: dianbu::store::Loaded) -> dianbu::store::memory::Memory {
    let store = dianbu::store::memory::Memory::default();
    let vault = device.engine.vault().id;
    let mut names: Vec<_> = (1..=9)
        .flat_map(|seq| {
            [Name::Segment(vault, device.dev(), seq).to_string(), Name::Control(vault, device.dev(), seq).to_string()]
        })
        .collect();
    names.extend([Name::Vault(vault).to_string(), device.head()]);
    let log = names.into_iter().filter_map(|name| Some((name.clone(), now(device.store.log(&name)).unwrap()?)));
    let change = dianbu::store::Change {
        tail: loaded.tail.into_iter().map(|(_, bytes)| bytes).collect(),
        meta: loaded.meta.into_iter().map(|(name, bytes)| (name, Some(bytes))).collect(),
        log: log.map(|(name, bytes)| (name, Some(bytes))).collect(),
        ..Default::default()
    };
    now(store.transact(|state| {
        *state = loaded.state.clone();
        state.lsn = 0;
        Some(change.clone())
    }))
    .unwrap();
    store
}

#[test]
fn an_emptied_bucket_deletes_nothing_and_is_filled_again_when_asked() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[1].write("an edit");
    settle(&bucket, &mut team);
    let full: Vec<String> = bucket.with_objects(|objects| objects.keys().cloned().collect());
    bucket.with_objects(std::collections::BTreeMap::clear);
    for device in &mut team {
        let before = device.ops();
        let report = device.round(&bucket);
        assert_eq!(report.troubles, [Trouble::BucketEmpty]);
        assert_eq!(device.ops(), before);
        assert!(bucket.with_objects(|objects| objects.is_empty()), "nothing is put unasked");
    }
    for device in &mut team {
        device.engine.reseed();
        assert!(device.round(&bucket).finished);
    }
    settle(&bucket, &mut team);
    let again: Vec<String> = bucket.with_objects(|objects| objects.keys().cloned().collect());
    assert_eq!(again, full);
    let invitation = team[0].invite(&bucket, 1).unwrap();
    let mut joiner = Device::joiner(70, &invitation, &bucket);
    joiner.round(&bucket);
    assert_eq!(joiner.ops(), team[0].ops());
}

#[test]
fn a_head_of_ours_that_was_deleted_or_overwritten_is_put_again() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let (head, other) = (team[0].head(), team[1].head());
    bucket.with_objects(|objects| objects.remove(&head));
    let report = team[0].round(&bucket);
    assert!(report.finished && report.troubles.contains(&Trouble::BucketBehind), "{report:?}");
    bucket.with_objects(|objects| objects.insert(head.clone(), objects[&other].clone()));
    let report = team[0].round(&bucket);
    assert!(report.finished && report.troubles.contains(&Trouble::Occupied { name: head.clone() }), "{report:?}");
    assert!(team[1].round(&bucket).held.is_empty());
    assert!(team[0].round(&bucket).troubles.is_empty());
}

#[test]
fn a_stranger_who_writes_a_head_is_not_let_in() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    // He knows the vault's keys from an invitation that was never recorded.
    let draft =
        team[0].engine.draft_invite(crate::kit::connection(), crate::kit::TERMS, &mut crate::kit::seeded(81)).unwrap();
    bucket.with_objects(|objects| objects.insert(draft.name.to_string(), draft.bundle.clone()));
    let mut stranger = Device::joiner(80, &draft.invitation, &bucket);
    stranger.write("let me in");
    stranger.round(&bucket);
    let report = team[0].round(&bucket);
    assert_eq!(report.held.first().map(|held| held.fault), Some(Fault::UnknownMember));
    assert!(report.finished);
    assert_eq!(report.members.len(), 2);
    bucket.requests();
    team[0].round(&bucket);
    assert_eq!(counts(&bucket.requests()), (1, 0, 0), "he costs nothing while he waits");
    // The invitation is recorded after all: whoever waits is let in without a further word from him.
    let commit = team[0].engine.record_invite(&draft, &mut crate::kit::seeded(81)).unwrap();
    assert!(now(team[0].store.transact(|state| commit.apply(state))).unwrap().1);
    team.push(stranger);
    settle(&bucket, &mut team);
    assert_equal(&team);
    assert!(team.iter().all(|device| device.engine.report().members.len() == 3));
    assert_ne!(InviteKeys::new(&[1; 16]).seal, InviteKeys::new(&[2; 16]).seal);
}

#[test]
fn a_bundle_or_vault_that_was_exchanged_is_refused() {
    let bucket = Bucket::default();
    let mut founder = Device::founder(1);
    let invitation = founder.invite(&bucket, 1).unwrap();
    let other = founder.invite(&bucket, 1).unwrap();
    let names = [invitation.name().to_string(), Name::Vault(invitation.vault).to_string()];
    let mut stranger = Device::founder(2);
    let elsewhere = Bucket::default();
    stranger.round(&elsewhere);
    let foreign = object(&elsewhere, &Name::Vault(stranger.engine.vault().id).to_string());
    let replacements = [object(&bucket, &other.name().to_string()), foreign];
    for (name, bytes) in names.iter().zip(replacements) {
        let whole = bucket.with_objects(|objects| objects.insert(name.clone(), bytes)).unwrap();
        assert!(now(dianbu::sync::driver::welcome(&bucket, &invitation, NOON)).is_err());
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 4;
            bucket.with_objects(|objects| objects.insert(name.clone(), flipped));
            // Only the feature bits for readers and writers, and they are signed too.
            assert!(now(dianbu::sync::driver::welcome(&bucket, &invitation, NOON)).is_err(), "byte {at}");
        }
        bucket.with_objects(|objects| objects.insert(name.clone(), whole));
    }
    assert!(now(dianbu::sync::driver::welcome(&bucket, &invitation, NOON)).is_ok());
}

#[test]
fn trouble_with_the_bucket_is_named_and_passes() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    for error in [RemoteError::Offline, RemoteError::Denied("AccessDenied".into()), RemoteError::Status(503)] {
        team[0].write("waiting");
        let lost = error.clone();
        bucket.judge(move |request| match request {
            Request::List(_) => Fate::Lost(lost.clone()),
            _ => Fate::Done,
        });
        let report = team[0].round(&bucket);
        assert_eq!((report.finished, report.waiting_ops), (false, 1));
        assert_eq!(report.troubles, [Trouble::Remote(error)]);
        bucket.behave();
        let report = team[0].round(&bucket);
        assert_eq!((report.finished, report.waiting_ops), (true, 0));
    }
    let (.., fault) = tampered(2, |bucket, device, _| {
        let name = device.segment(1);
        bucket.judge(move |request| {
            if *request == Request::Get(name.clone()) { Fate::Lost(RemoteError::Status(500)) } else { Fate::Done }
        });
    });
    assert_eq!(fault, Some(Fault::Refused));
}

#[test]
fn nothing_readable_leaves_the_device() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("王小明 13800138000");
    team[0].round(&bucket);
    for needle in ["王小明", "13800138000", "老王茶叶店", "前台", "平板"] {
        bucket.with_objects(|objects| {
            for (name, object) in objects {
                assert!(!object.windows(needle.len()).any(|window| window == needle.as_bytes()), "{needle} in {name}");
            }
        });
    }
}

#[test]
fn what_was_damaged_on_its_way_only_is_fetched_again() {
    let (bucket, mut team, fault) = tampered(2, |bucket, device, _| {
        change(bucket, &device.segment(1), |segment| segment[130] ^= 1);
    });
    assert_eq!(fault, Some(Fault::BadSignature));
    let name = team[1].segment(1);
    change(&bucket, &name, |segment| segment[130] ^= 1);
    // No head changes, so only the fetching again can help.
    team[0].round(&bucket);
    assert!(team[0].engine.report().held.is_empty());
    assert_eq!(team[0].ops().len(), 5);
}

#[test]
fn an_old_head_handed_out_under_a_new_listing_is_not_taken_for_the_new_one() {
    for told in [true, false] {
        let lagging = Lagging::default();
        let mut team = Device::team(&lagging.bucket, 1);
        lagging.told.set(told);
        let head = team[1].head();
        *lagging.old.borrow_mut() = Some((head.clone(), object(&lagging.bucket, &head)));
        team[1].write("an edit");
        team[1].round(&lagging.bucket);
        for _ in 0..2 {
            team[0].round(&lagging);
            assert_eq!(team[0].ops().len(), 1);
        }
        *lagging.old.borrow_mut() = None;
        let report = team[0].round(&lagging);
        assert_eq!((report.pulled_ops, report.held), (1, Vec::new()));
    }
}

/// A bucket whose GET of one name lags behind its LIST.
#[derive(Default)]
struct Lagging {
    bucket: Bucket,
    old: std::cell::RefCell<Option<(String, Vec<u8>)>>,
    /// Entity tags are told with a GET.
    told: std::cell::Cell<bool>,
}

impl dianbu::remote::Bucket for Lagging {
    fn place(&self) -> String {
        self.bucket.place()
    }
    fn set_clock_offset(&self, offset_ms: i64) {
        self.bucket.set_clock_offset(offset_ms);
    }
    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        self.bucket.list(prefix, next).await
    }
    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        let old = self.old.borrow().clone().filter(|(lagging, _)| lagging == name);
        let mut object = self.bucket.get(name).await?;
        if let Some((_, bytes)) = old {
            object = Object { bytes, etag: "old".into() };
        }
        if !self.told.get() {
            object.etag.clear();
        }
        Ok(object)
    }
    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        self.bucket.put(name, bytes, if_absent).await
    }
    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        self.bucket.delete(name).await
    }
    async fn answers(&self) -> bool {
        self.bucket.answers().await
    }
}

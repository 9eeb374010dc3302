//! Photos: they reach whoever looks at them, hold nobody up, are never lost while they are the only ones, cannot be
//! exchanged, and go with what is erased.

use dianbu::book::erase::erasing;
use dianbu::book::photo::content;
use dianbu::book::{Draft, PhotoRef, RowId, Value};
use dianbu::domain::complaint::complaint;
use dianbu::remote::RemoteError;
use dianbu::remote::memory::{Fate, Memory as Bucket, Request};
use dianbu::session::Act;
use dianbu::store::Store as _;
use dianbu::store::memory::Memory as Store;
use dianbu::store::photos::Lying;
use dianbu::sync::driver;
use dianbu::sync::driver::carry;
use dianbu::sync::driver::photos::{self, PhotoError};
use dianbu::sync::fault::Fault;
use dianbu::sync::keys::Identity;
use dianbu::sync::photo;
use dianbu::sync::report::Trouble;
use dianbu::sync::state::State;
use dianbu::sync::wire::Role;

use super::erase::{beat, rest};
use super::heir::{copy, succeed};
use super::kit::*;
use super::round::Elsewhere;

pub const BROKEN_CUP: &[u8] = b"\xFF\xD8\xFF a broken cup";
pub const DAY: u64 = 86_400_000;

fn row(n: u8) -> RowId {
    RowId([n; 16])
}

/// Takes a picture into a form.
pub fn take(device: &mut Device, picture: &[u8]) -> PhotoRef {
    let mut salt = [0; 16];
    (device.random)(&mut salt);
    now(device.session().keep_photo(salt, picture, device.clock)).unwrap()
}

/// Saves a complaint with the photos.
pub fn save(device: &Device, n: u8, photos: &[PhotoRef]) {
    let session = device.session();
    let mut draft = session.with(|book| Draft::open(book, complaint::ID, row(n)));
    for photo in photos {
        draft.add(complaint::PHOTOS, photo.to_string().as_bytes(), Value::Bool(true));
    }
    now(session.save(&[draft.write().unwrap()], Act { now_ms: device.clock, ..Act::default() })).unwrap();
}

pub fn photographed(device: &mut Device, n: u8) -> PhotoRef {
    let photo = take(device, BROKEN_CUP);
    save(device, n, &[photo]);
    photo
}

pub fn erase(device: &Device, n: u8) {
    let act = Act { now_ms: device.clock, ..Act::default() };
    now(device.session().save(&[erasing(complaint::ID, row(n), None)], act)).unwrap();
}

pub fn send(device: &Device, bucket: &Bucket) -> Result<usize, Trouble> {
    let session = device.session();
    let named = |dev, id| session.with(|book| book.photos_of(dev)).contains_key(&id);
    now(photos::send(&device.engine, &device.store, bucket, named))
}

pub fn fetch(device: &Device, bucket: &Bucket, photo: &PhotoRef) -> Result<Vec<u8>, PhotoError> {
    let body = now(photos::fetch(&device.engine, bucket, photo))?;
    now(device.session().keep_fetched(photo, body.clone())).unwrap();
    Ok(content(&body).to_vec())
}

pub fn lying(device: &Device) -> Lying {
    Lying::of(now(device.store.photo_names()).unwrap())
}

pub fn has(device: &Device, photo: &PhotoRef) -> bool {
    now(device.session().photo(photo)).unwrap().is_some()
}

/// What the bucket has of photos.
fn there(bucket: &Bucket) -> Vec<String> {
    names(bucket, "/b/")
}

fn puts(requests: &[Request]) -> usize {
    requests.iter().filter(|request| matches!(request, Request::Put(name) if name.contains("/b/"))).count()
}

#[test]
fn a_photo_reaches_whoever_looks_at_it_for_one_request_each() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let photo = photographed(&mut team[0], 1);
    assert!(lying(&team[0]).unsent.contains(&photo.key()) && lying(&team[0]).drafts.is_empty());
    settle(&bucket, &mut team);
    bucket.requests();
    assert_eq!(send(&team[0], &bucket), Ok(0));
    assert_eq!(counts(&bucket.requests()), (0, 0, 1));
    assert!(lying(&team[0]).unsent.is_empty() && has(&team[0], &photo));
    assert_eq!(send(&team[0], &bucket), Ok(0));
    assert_eq!(counts(&bucket.requests()), (0, 0, 0), "nothing is owed");

    assert!(!has(&team[1], &photo), "nobody has looked at it");
    let named = team[1].session().with(|book| book.photos_of(photo.dev));
    assert_eq!(named.into_values().collect::<Vec<_>>(), [photo]);
    assert_eq!(fetch(&team[1], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
    assert_eq!(counts(&bucket.requests()), (0, 1, 0));
    assert!(has(&team[1], &photo));
    let object = object(&bucket, &there(&bucket)[0]);
    assert!(!object.windows(6).any(|window| window == b"broken"), "the bucket reads nothing");
}

#[test]
fn what_was_written_does_not_wait_for_a_photo() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let photo = photographed(&mut team[0], 1);
    bucket.judge(|request| match request {
        Request::Put(name) if name.contains("/b/") => Fate::Lost(RemoteError::Offline),
        _ => Fate::Done,
    });
    assert!(team[0].round(&bucket).finished);
    assert_eq!(send(&team[0], &bucket), Err(Trouble::Remote(RemoteError::Offline)));
    assert!(team[1].round(&bucket).finished);
    team[1].session().with(|book| assert!(book.row(complaint::ID, row(1)).is_some()));
    assert_eq!(fetch(&team[1], &bucket, &photo), Err(PhotoError::Remote(RemoteError::NotFound)));
    bucket.behave();
    assert_eq!(send(&team[0], &bucket), Ok(0));
    assert_eq!(fetch(&team[1], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
}

#[test]
fn a_photo_whose_answer_was_lost_is_known_for_ours_and_foreign_bytes_are_put_right() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let photo = photographed(&mut team[0], 1);
    settle(&bucket, &mut team);
    bucket.judge(|request| match request {
        Request::Put(name) if name.contains("/b/") => Fate::Unanswered(RemoteError::Offline),
        _ => Fate::Done,
    });
    assert!(send(&team[0], &bucket).is_err());
    bucket.behave();
    let first = object(&bucket, &there(&bucket)[0]);
    bucket.requests();
    assert_eq!(send(&team[0], &bucket), Ok(0));
    assert_eq!(counts(&bucket.requests()), (0, 1, 1));
    assert_eq!(object(&bucket, &there(&bucket)[0]), first);

    let name = there(&bucket)[0].clone();
    let other = photographed(&mut team[0], 2);
    assert_ne!(other, photo, "equal pictures have different names");
    let taken = photo::name(team[0].engine.vault().id, &other).to_string();
    bucket.with_objects(|objects| objects.insert(taken.clone(), first.clone()));
    settle(&bucket, &mut team);
    assert_eq!(send(&team[0], &bucket), Ok(0));
    assert_ne!(object(&bucket, &taken), first);
    assert_eq!(object(&bucket, &name), first);
}

#[test]
fn nothing_else_passes_for_a_photo() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let (photo, other) = (photographed(&mut team[0], 1), photographed(&mut team[0], 2));
    settle(&bucket, &mut team);
    send(&team[0], &bucket).unwrap();
    let vault = team[0].engine.vault().id;
    let name = photo::name(vault, &photo).to_string();
    let whole = object(&bucket, &name);
    let put = |bytes: Vec<u8>| bucket.with_objects(|objects| objects.insert(name.clone(), bytes));
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        put(flipped);
        assert!(matches!(fetch(&team[1], &bucket, &photo), Err(PhotoError::Fault(_))), "byte {at}");
    }
    put(whole[..whole.len() - 1].to_vec());
    assert_eq!(fetch(&team[1], &bucket, &photo), Err(PhotoError::Fault(Fault::Truncated)));
    put(object(&bucket, &photo::name(vault, &other).to_string()));
    assert_eq!(fetch(&team[1], &bucket, &photo), Err(PhotoError::Fault(Fault::Misplaced)));
    // A member knows the secret, and seals another picture with it.
    put(photo::sealed(vault, &photo, b"0123456789abcdef another picture").unwrap());
    assert_eq!(fetch(&team[1], &bucket, &photo), Err(PhotoError::Fault(Fault::Malformed)));
    assert_eq!(photo::sealed(vault, &photo, &vec![7; photo::MAX_PHOTO + 17]), Err(Fault::TooLarge));
    assert!(!has(&team[1], &photo), "nothing of it was kept");
    put(whole);
    assert_eq!(fetch(&team[1], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
}

#[test]
fn an_emptied_bucket_and_another_one_are_given_the_photos_that_anybody_has() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let photo = photographed(&mut team[0], 1);
    settle(&bucket, &mut team);
    send(&team[0], &bucket).unwrap();
    fetch(&team[1], &bucket, &photo).unwrap();
    let before = object(&bucket, &there(&bucket)[0]);

    bucket.with_objects(std::collections::BTreeMap::clear);
    assert!(team[0].round(&bucket).troubles.contains(&Trouble::BucketEmpty));
    send(&team[0], &bucket).unwrap();
    assert!(there(&bucket).is_empty(), "nothing is put before somebody asks for it");
    team[0].engine.reseed();
    assert!(team[0].round(&bucket).finished);
    assert_eq!(send(&team[0], &bucket), Ok(0));
    assert_eq!(object(&bucket, &there(&bucket)[0]), before);

    // The device that took it is lost; the other one has looked at it.
    let elsewhere = Elsewhere(Bucket::default());
    elsewhere.0.with_objects(|objects| {
        let vault = names(&bucket, "/vault");
        objects.extend(vault.into_iter().map(|name| (name.clone(), object(&bucket, &name))));
    });
    let mut lone = [team.remove(1)];
    let reached = lone[0].round(&elsewhere);
    assert!(reached.finished, "{:?}", reached.troubles);
    assert_eq!(send(&lone[0], &elsewhere.0), Ok(0));
    assert_eq!(object(&elsewhere.0, &there(&elsewhere.0)[0]), before, "the same bytes whoever puts them");
}

#[test]
fn the_photos_of_what_is_erased_are_gone_from_bucket_and_devices() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    // The customer's photo is taken by one, and another stays.
    let (gone, stays) = (photographed(&mut team[1], 1), photographed(&mut team[1], 2));
    rest(&bucket, &mut team);
    assert_eq!(send(&team[1], &bucket), Ok(0));
    for photo in [&gone, &stays] {
        fetch(&team[0], &bucket, photo).unwrap();
    }
    // One that was never shared, and one in a form.
    let unsent = photographed(&mut team[0], 3);
    let draft = take(&mut team[1], b"in a form");
    erase(&team[0], 1);
    erase(&team[0], 3);
    rest(&bucket, &mut team);
    assert_eq!(send(&team[1], &bucket), Ok(0));
    let vault = team[0].engine.vault().id;
    assert_eq!(there(&bucket), [photo::name(vault, &stays).to_string()]);
    for device in &team {
        assert!(!has(device, &gone) && has(device, &stays));
        let report = device.engine.report();
        assert!(report.members.iter().all(|member| member.at_rest != Some(false)), "everybody says that it is done");
    }
    assert!(!has(&team[0], &unsent) && has(&team[1], &draft));
    assert_eq!(lying(&team[0]).unsent.len(), 0);
    // A look that was under way keeps nothing.
    now(team[0].session().keep_fetched(&gone, b"0123456789abcdef late".to_vec())).unwrap();
    assert!(!has(&team[0], &gone));
}

#[test]
fn nobody_says_that_it_is_done_while_the_bucket_keeps_the_photo() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    photographed(&mut team[1], 1);
    rest(&bucket, &mut team);
    send(&team[1], &bucket).unwrap();
    erase(&team[0], 1);
    bucket.judge(|request| match request {
        Request::Delete(name) if name.contains("/b/") => Fate::Lost(RemoteError::Denied("AccessDenied".into())),
        _ => Fate::Done,
    });
    let mut undeleted = false;
    for _ in 0..12 {
        for device in &mut team {
            device.clock += 60_000;
            let report = beat(device, &bucket);
            undeleted |= report
                .troubles
                .iter()
                .any(|trouble| matches!(trouble, Trouble::Undeleted { name } if name.contains("/b/")));
        }
    }
    assert!(undeleted);
    let dev = team[1].dev();
    let said =
        |device: &Device| device.engine.report().members.iter().find(|it| it.dev == dev).and_then(|it| it.at_rest);
    assert_eq!(said(&team[0]), Some(false));
    bucket.behave();
    team[1].restart();
    rest(&bucket, &mut team);
    assert!(there(&bucket).is_empty());
    assert_eq!(said(&team[0]), Some(true));
}

#[test]
fn an_owner_clears_away_the_photos_of_a_removed_device() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    photographed(&mut team[1], 1);
    let stays = photographed(&mut team[1], 2);
    rest(&bucket, &mut team);
    send(&team[1], &bucket).unwrap();
    let lost = team.pop().unwrap().dev();
    let Device { engine, store, clock, random } = &mut team[0];
    now(driver::grant(engine, store, &bucket, (lost, Role::Removed), *clock, random)).unwrap();
    erase(&team[0], 1);
    rest(&bucket, &mut team);
    assert_eq!(there(&bucket), [photo::name(team[0].engine.vault().id, &stays).to_string()]);
}

#[test]
fn only_what_can_be_fetched_again_makes_room() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let sent = photographed(&mut team[0], 1);
    settle(&bucket, &mut team);
    send(&team[0], &bucket).unwrap();
    let (unsent, draft) = (photographed(&mut team[0], 2), take(&mut team[0], b"in a form"));
    assert_eq!(now(team[0].session().let_go_of_photos()), Ok(1));
    assert!(!has(&team[0], &sent) && has(&team[0], &unsent) && has(&team[0], &draft));
    assert_eq!(fetch(&team[0], &bucket, &sent).as_deref(), Ok(BROKEN_CUP));
}

#[test]
fn a_photo_in_a_form_stays_for_a_month_and_one_that_was_saved_for_good() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let (saved, twice, draft) = (photographed(&mut team[0], 1), take(&mut team[0], b"a"), take(&mut team[0], b"b"));
    // Taken into a second form after it was saved and shared.
    save(&team[0], 2, &[twice]);
    settle(&bucket, &mut team);
    send(&team[0], &bucket).unwrap();
    let marked = vec![(dianbu::store::photos::draft(&twice.key()), Some(NOON.to_be_bytes().to_vec()))];
    let change = || dianbu::store::Change { photos: marked.clone(), ..Default::default() };
    now(team[0].store.transact(|_| Some(change()))).unwrap();
    now(team[0].session().let_go_of_drafts(NOON + 29 * DAY)).unwrap();
    assert!(has(&team[0], &draft));
    now(team[0].session().let_go_of_drafts(NOON + 31 * DAY)).unwrap();
    assert!(!has(&team[0], &draft) && has(&team[0], &saved) && has(&team[0], &twice));
    assert!(lying(&team[0]).drafts.is_empty());
}

#[test]
fn what_another_tab_saved_waits_until_the_book_has_it() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let photo = take(&mut team[0], BROKEN_CUP);
    let before = team[0].session();
    let first = before.store();
    save(&team[0], 1, &[photo]);
    let named = |dev, id| before.with(|book| book.photos_of(dev)).contains_key(&id);
    assert_eq!(now(photos::send(&team[0].engine, first, &bucket, named)), Ok(1));
    assert!(there(&bucket).is_empty());
    now(before.catch_up()).unwrap();
    assert_eq!(now(photos::send(&team[0].engine, first, &bucket, named)), Ok(0));
    assert_eq!(puts(&bucket.requests()), 1);
}

#[test]
fn an_heir_brings_the_photos_that_nobody_has() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let (photo, draft) = (photographed(&mut team[1], 1), take(&mut team[1], b"in a form"));
    let mut heir = copy(&team[1]);
    for key in [photo, draft] {
        // The copied folder holds the drawer of photos as well.
        let body = now(team[1].store.photo(&key.key())).unwrap();
        let marks = [dianbu::store::photos::draft(&key.key()), dianbu::store::photos::unsent(&key.key())];
        let mut photos = vec![(key.key(), body)];
        for mark in marks {
            let there = now(team[1].store.photo(&mark)).unwrap();
            photos.extend(there.map(|value| (mark, Some(value))));
        }
        let change = || dianbu::store::Change { photos: photos.clone(), ..Default::default() };
        now(heir.store.transact(|_| Some(change()))).unwrap();
    }
    let old = team[1].dev();
    team.truncate(1);
    let new = succeed(&mut heir).unwrap();
    assert_ne!(new, old);
    save(&heir, 2, &[draft]);
    team.push(heir);
    settle(&bucket, &mut team);
    assert_eq!(send(&team[1], &bucket), Ok(0));
    assert_eq!(fetch(&team[0], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
    assert_eq!(fetch(&team[0], &bucket, &draft).as_deref(), Ok(&b"in a form"[..]));
}

#[test]
fn photos_taken_alone_come_along_into_a_team() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let mut alone = Device::founder(40);
    let photo = photographed(&mut alone, 1);
    assert_eq!(lying(&alone).unsent.len(), 1);
    let invitation = team[0].invite(&bucket, 1).unwrap();
    let welcome = now(driver::welcome(&bucket, &invitation, NOON)).unwrap();
    let state: State = alone.state();
    let identity: Identity = alone.identity();
    let commit = welcome.join(&state, &identity, "平板".into(), NOON, &mut *alone.random).unwrap();
    assert!(now(alone.store.transact(|state| commit.apply(state))).unwrap().1);
    alone.restart();
    team.push(alone);
    settle(&bucket, &mut team);
    assert_eq!(send(&team[1], &bucket), Ok(0));
    assert_eq!(fetch(&team[0], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
}

#[test]
fn photos_are_carried_by_hand_with_what_names_them() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let (photo, _) = (photographed(&mut team[0], 1), take(&mut team[0], b"in a form"));
    let [one, other] = team.as_mut_slice() else { panic!("two devices") };
    let moment = one.moment();
    let file = now(carry::pack(&mut one.engine, &one.store, moment)).unwrap();
    let named = |device: &Device| device.session().with(dianbu::book::Book::photos);
    assert_eq!(carry::photos_in(&other.engine, &file, &named(other)), [], "nobody has named it yet");
    let moment = other.moment();
    assert_eq!(now(carry::unpack(&mut other.engine, &other.store, &file, moment)).unwrap().pulled_ops, 1);
    let carried = carry::photos_in(&other.engine, &file, &named(other));
    let [(carried, body)] = carried.as_slice() else { panic!("{carried:?}") };
    assert_eq!((*carried, content(body)), (photo, BROKEN_CUP));
    let altered = carry::photos_in(&other.engine, &file, &[PhotoRef { secret: [0; 16], ..photo }].into());
    assert_eq!(altered, [], "a file is believed no more than a bucket");
}

#[test]
fn a_damaged_photo_of_our_own_is_told_and_keeps_none_of_the_others() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let (photo, whole) = (photographed(&mut team[0], 1), photographed(&mut team[0], 2));
    settle(&bucket, &mut team);
    let store: &Store = &team[0].store;
    let change = || dianbu::store::Change { photos: vec![(photo.key(), Some(vec![0; 40]))], ..Default::default() };
    now(store.transact(|_| Some(change()))).unwrap();
    assert_eq!(send(&team[0], &bucket), Err(Trouble::LocalDamage { what: photo.key() }));
    assert_eq!(there(&bucket), [photo::name(team[0].engine.vault().id, &whole).to_string()]);
    assert!(lying(&team[0]).unsent.contains(&photo.key()));
}

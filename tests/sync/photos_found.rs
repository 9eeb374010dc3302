//! Faults around photos that the simulator found, or whoever wrote its checks, in their shortest form.

use dianbu::remote::memory::Memory as Bucket;
use dianbu::session::Session;
use dianbu::store::Store as _;
use dianbu::sync::driver::photos;
use dianbu::sync::report::Trouble;

use super::erase::rest;
use super::heir::succeed;
use super::kit::*;
use super::photos::{BROKEN_CUP, DAY, erase, fetch, has, lying, photographed, save, send, take};
use super::snapshot::meanwhile::Interrupted;

/// Another tab of a device whose store is used by somebody else just before so many transactions from now.
fn tab<F: FnOnce()>(device: &Device, calls: u32, meanwhile: F) -> Session<Interrupted<'_, F>> {
    let loaded = now(device.store.load()).unwrap();
    Session::open(Interrupted::new(&device.store, false, calls, meanwhile), device.dev(), &loaded).unwrap()
}

#[test]
fn a_photo_that_is_saved_while_another_tab_makes_room_stays() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 0);
    let (sent, draft) = (photographed(&mut team[0], 1), take(&mut team[0], b"in a form"));
    settle(&bucket, &mut team);
    send(&team[0], &bucket).unwrap();
    let device = &team[0];
    assert_eq!(now(tab(device, 1, || save(device, 2, &[sent])).let_go_of_photos()), Ok(0));
    now(tab(device, 1, || save(device, 3, &[draft])).let_go_of_drafts(NOON + 31 * DAY)).unwrap();
    assert!(has(device, &sent) && has(device, &draft));
    assert_eq!(lying(device).unsent.len(), 2);
}

#[test]
fn a_photo_that_is_erased_while_somebody_looks_at_it_is_not_kept() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let photo = photographed(&mut team[1], 1);
    rest(&bucket, &mut team);
    send(&team[1], &bucket).unwrap();
    let body = now(photos::fetch(&team[0].engine, &bucket, &photo)).unwrap();
    let device = &team[0];
    let other = tab(device, 0, || {
        erase(device, 1);
        now(device.session().purge()).unwrap();
    });
    now(other.keep_fetched(&photo, body)).unwrap();
    assert!(!has(device, &photo), "that tab had not heard of it");
}

#[test]
fn a_photo_in_a_form_that_a_record_names_all_the_same_is_shared() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let photo = take(&mut team[1], BROKEN_CUP);
    // The profile is put back to before it was saved; the record was shared, the photo was not.
    let before = team[1].store.clone();
    save(&team[1], 1, &[photo]);
    settle(&bucket, &mut team);
    team[1].store = before;
    team[1].restart();
    assert!(team[1].round(&bucket).troubles.contains(&Trouble::Cloned));
    succeed(&mut team[1]).unwrap();
    settle(&bucket, &mut team);
    assert_eq!(send(&team[1], &bucket), Ok(0));
    assert_eq!(fetch(&team[0], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
    assert!(lying(&team[1]).drafts.is_empty());
    bucket.requests();
    assert_eq!(send(&team[1], &bucket), Ok(0));
    assert_eq!(counts(&bucket.requests()), (0, 0, 0));
}

#[test]
fn an_heir_puts_again_what_the_bucket_has_lost() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    let photo = photographed(&mut team[1], 1);
    settle(&bucket, &mut team);
    send(&team[1], &bucket).unwrap();
    let mut heir = team.pop().unwrap();
    bucket.with_objects(|objects| objects.retain(|name, _| !name.contains("/b/")));
    succeed(&mut heir).unwrap();
    team.push(heir);
    settle(&bucket, &mut team);
    assert_eq!(send(&team[1], &bucket), Ok(0));
    assert_eq!(fetch(&team[0], &bucket, &photo).as_deref(), Ok(BROKEN_CUP));
}

//! Changes that go by hand from one device to another, where there is no network.

use dianbu::remote::memory::Memory as Bucket;
use dianbu::sync::driver::carry::{self, CarryError};
use dianbu::sync::fault::Fault;
use dianbu::sync::report::Report;

use crate::kit::*;

fn pack(device: &mut Device) -> Vec<u8> {
    let moment = device.moment();
    now(carry::pack(&mut device.engine, &device.store, moment)).unwrap()
}

fn unpack(device: &mut Device, file: &[u8]) -> Result<Report, CarryError> {
    let moment = device.moment();
    now(carry::unpack(&mut device.engine, &device.store, file, moment))
}

#[test]
fn what_a_device_has_not_shared_reaches_another_by_a_file_and_later_the_bucket_as_well() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[0].write("without a network");
    let before = pack(&mut team[0]);
    team[0].write("and more");
    let file = pack(&mut team[0]);
    assert!(!file.windows(7).any(|window| window == b"without"), "it is sealed");
    assert_eq!(bucket.requests().len(), 0, "nothing went anywhere else");
    let report = unpack(&mut team[1], &file).unwrap();
    assert_eq!((report.pulled_ops, report.held.len()), (2, 0));
    assert_eq!(unpack(&mut team[1], &file).unwrap().pulled_ops, 0, "twice is once");
    assert_eq!(unpack(&mut team[1], &before).unwrap().pulled_ops, 0, "an older file changes nothing");
    // The bucket still shows less of it, and nobody is alarmed.
    for _ in 0..3 {
        let report = team[1].round(&bucket);
        assert!(report.finished && report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
    }
    // A head of the old state that was put anew is no rollback either; one from before that is.
    team[0].restart();
    team[1].restart();
    let report = team[0].round(&bucket);
    assert!(report.finished && report.waiting_ops == 0, "{report:?}");
    settle(&bucket, &mut team);
    assert_equal(&team);
    let own = team[0].dev();
    assert!(team[1].sync().cursors[&own].carried.is_none(), "the bucket has all of it");
    for device in &mut team {
        let report = device.round(&bucket);
        assert!(report.held.is_empty() && report.troubles.is_empty(), "{report:?}");
    }
}

#[test]
fn a_file_that_begins_after_what_is_known_waits_for_the_rest() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("in the bucket");
    team[0].round(&bucket);
    team[0].write("in the file");
    let file = pack(&mut team[0]);
    let report = unpack(&mut team[1], &file).unwrap();
    assert_eq!(report.held.iter().map(|held| held.fault).collect::<Vec<_>>(), [Fault::NotVisible]);
    team[1].round(&bucket);
    let report = unpack(&mut team[1], &file).unwrap();
    assert_eq!((report.pulled_ops, report.held.len()), (1, 0));
}

#[test]
fn what_is_no_file_of_this_vault_is_refused_with_the_reason() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("carried");
    let file = pack(&mut team[0]);
    assert_eq!(unpack(&mut team[0], &file).unwrap_err(), CarryError::Own);
    let mut stranger = Device::founder(77);
    assert_eq!(unpack(&mut stranger, &file).unwrap_err(), CarryError::OtherVault);
    for bytes in [&file[..file.len() - 1], b"", b"name,phone"] {
        assert_eq!(unpack(&mut team[1], bytes).unwrap_err(), CarryError::NoFile);
    }
    // An altered head is held, and nothing of it is taken in.
    let mut altered = file.clone();
    altered[400] ^= 1;
    let report = unpack(&mut team[1], &altered).unwrap();
    assert_eq!((report.pulled_ops, report.held.len()), (0, 1));
    assert_eq!(unpack(&mut team[1], &file).unwrap().pulled_ops, 1);
}

#[test]
fn a_good_copy_is_taken_in_however_often_a_damaged_one_was_tried() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    // Too much to lie in the head as well.
    let mut bytes = vec![0; 40_000];
    seeded(9)(&mut bytes);
    team[0].write(&bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let file = pack(&mut team[0]);
    let mut altered = file.clone();
    let end = altered.len() - 10;
    altered[end] ^= 1;
    for _ in 0..3 {
        let report = unpack(&mut team[1], &altered).unwrap();
        assert_eq!(report.held.iter().map(|held| held.fault).collect::<Vec<_>>(), [Fault::BadSignature]);
    }
    let report = unpack(&mut team[1], &file).unwrap();
    assert_eq!((report.pulled_ops, report.held.len()), (1, 0));
}

#[test]
fn a_name_that_was_damaged_is_not_held_for_ever() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 1);
    team[0].write("carried");
    let file = pack(&mut team[0]);
    let own = team[0].dev().to_string();
    let mut altered = file.clone();
    let at = file.windows(own.len()).position(|window| window == own.as_bytes()).unwrap();
    altered[at] = if altered[at] == b'a' { b'b' } else { b'a' };
    let report = unpack(&mut team[1], &altered).unwrap();
    assert_eq!(report.held.iter().map(|held| held.fault).collect::<Vec<_>>(), [Fault::Misplaced]);
    team[1].restart();
    let report = unpack(&mut team[1], &file).unwrap();
    assert_eq!((report.pulled_ops, report.held.len()), (1, 0));
}

#[test]
fn files_do_not_count_as_rounds_in_which_something_stayed_away() {
    let bucket = Bucket::default();
    let mut team = Device::team(&bucket, 2);
    team[2].write("in the bucket");
    team[2].round(&bucket);
    team[1].round(&bucket);
    team[1].write("in the file");
    let file = pack(&mut team[1]);
    for _ in 0..6 {
        let report = unpack(&mut team[0], &file).unwrap();
        assert!(report.troubles.is_empty() && report.held.is_empty(), "{report:?}");
    }
}

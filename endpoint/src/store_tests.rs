use std::sync::Barrier;
use std::thread;

use tempfile::TempDir;

use super::*;
use crate::list::After;

fn open_in(dir: &TempDir, max: usize) -> Store {
    Store::open(dir.path(), File::create(dir.path().join("lock")).unwrap(), max).unwrap()
}

fn store() -> (TempDir, Store) {
    let dir = TempDir::new().unwrap();
    let store = open_in(&dir, 100);
    (dir, store)
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn put(store: &Store, name: &str, bytes: &[u8]) -> Result<Entry, StoreError> {
    store.put(&key(name), bytes, Condition::Always)
}

fn get(store: &Store, name: &str) -> Result<Vec<u8>, StoreError> {
    store.get(&key(name), |entry| Ok(0..entry.size)).map(|(_, _, bytes)| bytes)
}

fn names(store: &Store) -> Vec<String> {
    let all = Query { prefix: "", delimiter: None, after: After::Start, max: 1000 };
    store.list(&all).objects.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn objects_are_plain_files_and_survive_a_reopening() {
    let (dir, store) = store();
    let written = put(&store, "V/h/甲", b"one").unwrap();
    put(&store, "V/h/甲", b"two").unwrap();
    put(&store, "b", b"").unwrap();
    assert_eq!(fs::read(dir.path().join("objects/V/h/甲")).unwrap(), b"two");
    assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0);
    drop(store);
    let store = open_in(&dir, 100);
    assert_eq!(names(&store), ["V/h/甲", "b"]);
    assert_eq!(get(&store, "V/h/甲").unwrap(), b"two");
    assert_ne!(store.head(&key("V/h/甲")).unwrap().md5, written.md5);
    assert_eq!(store.head(&key("b")).unwrap().md5, Md5::checksum(b""));
}

#[test]
fn leftovers_of_a_write_cut_short_are_gone_after_the_next_start() {
    let (dir, store) = store();
    drop(store);
    fs::write(dir.path().join("tmp/7"), b"half").unwrap();
    let store = open_in(&dir, 100);
    assert!(names(&store).is_empty());
    assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0);
}

#[test]
fn an_object_cannot_be_a_folder_too() {
    let (_dir, store) = store();
    put(&store, "a/b/c", b"1").unwrap();
    assert!(matches!(put(&store, "a/b", b"2"), Err(StoreError::Clash(name)) if name == "a/b/c"));
    assert!(matches!(put(&store, "a/b/c/d", b"2"), Err(StoreError::Clash(name)) if name == "a/b/c"));
    put(&store, "a/b-", b"3").unwrap();
    store.delete(&key("a/b/c"), Condition::Always).unwrap();
    put(&store, "a/b", b"4").unwrap();
    assert_eq!(names(&store), ["a/b", "a/b-"]);
}

#[test]
fn deleting_removes_folders_left_empty_and_nothing_else() {
    let (dir, store) = store();
    put(&store, "a/b/c", b"1").unwrap();
    put(&store, "a/d", b"2").unwrap();
    store.delete(&key("a/b/c"), Condition::Always).unwrap();
    store.delete(&key("a/b/c"), Condition::Always).unwrap();
    assert!(!dir.path().join("objects/a/b").exists());
    assert_eq!(get(&store, "a/d").unwrap(), b"2");
    store.delete(&key("a/d"), Condition::Always).unwrap();
    assert!(dir.path().join("objects").is_dir());
}

#[test]
fn conditions_are_checked_against_what_is_there() {
    let (_dir, store) = store();
    let write = |bytes: &[u8], condition| store.put(&key("k"), bytes, condition);
    assert!(matches!(write(b"1", Condition::Present), Err(StoreError::Missing)));
    assert!(matches!(write(b"1", Condition::Content(None)), Err(StoreError::Missing)));
    let first = write(b"1", Condition::Absent).unwrap();
    assert!(matches!(write(b"2", Condition::Absent), Err(StoreError::Condition)));
    assert!(matches!(write(b"2", Condition::Content(None)), Err(StoreError::Condition)));
    write(b"2", Condition::Content(Some(first.md5))).unwrap();
    assert!(matches!(write(b"3", Condition::Content(Some(first.md5))), Err(StoreError::Condition)));
    assert!(matches!(store.delete(&key("k"), Condition::Content(Some(first.md5))), Err(StoreError::Condition)));
    assert_eq!(get(&store, "k").unwrap(), b"2");
}

#[test]
fn of_many_writers_of_a_new_name_exactly_one_wins() {
    let (_dir, store) = store();
    for round in 0..20 {
        let name = key(&format!("round/{round}"));
        let start = Barrier::new(8);
        let won: Vec<u8> = thread::scope(|scope| {
            let writers: Vec<_> = (0..8u8)
                .map(|who| {
                    let (store, name, start) = (&store, &name, &start);
                    scope.spawn(move || {
                        start.wait();
                        store.put(name, &[who], Condition::Absent).ok().map(|_| who)
                    })
                })
                .collect();
            writers.into_iter().filter_map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(won.len(), 1);
        assert_eq!(get(&store, &format!("round/{round}")).unwrap(), won);
    }
}

#[test]
fn a_reader_sees_one_version_whole() {
    let (_dir, store) = store();
    put(&store, "k", &[0; 1000]).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 1..=50u8 {
                put(&store, "k", &vec![round; 1000 + usize::from(round)]).unwrap();
            }
        });
        while !writer.is_finished() {
            let (entry, _, bytes) = store.get(&key("k"), |entry| Ok::<_, StoreError>(0..entry.size)).unwrap();
            assert_eq!(Md5::checksum(&bytes), entry.md5);
        }
    });
}

#[test]
fn the_bucket_holds_no_more_than_it_may() {
    let dir = TempDir::new().unwrap();
    let store = open_in(&dir, 2);
    put(&store, "a", b"1").unwrap();
    put(&store, "b", b"1").unwrap();
    assert!(matches!(put(&store, "c", b"1"), Err(StoreError::Full(2))));
    put(&store, "a", b"2").unwrap();
    store.delete(&key("b"), Condition::Always).unwrap();
    put(&store, "c", b"1").unwrap();
}

#[test]
fn a_file_changed_by_hand_is_served_as_it_is_now() {
    let (dir, store) = store();
    put(&store, "k", b"whole").unwrap();
    put(&store, "gone", b"x").unwrap();
    fs::write(dir.path().join("objects/k"), b"cut").unwrap();
    fs::remove_file(dir.path().join("objects/gone")).unwrap();
    assert_eq!(get(&store, "k").unwrap(), b"cut");
    assert_eq!(store.head(&key("k")).unwrap().md5, Md5::checksum(b"cut"));
    assert!(matches!(get(&store, "gone"), Err(StoreError::Missing)));
    assert_eq!(names(&store), ["k"]);
}

#[cfg(unix)]
#[test]
fn links_never_lead_out_of_the_folder() {
    use std::os::unix::fs::symlink;

    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret"), b"secret").unwrap();
    let (dir, store) = store();
    put(&store, "inside", b"1").unwrap();
    put(&store, "deep/er", b"1").unwrap();
    drop(store);
    let objects = dir.path().join("objects");
    symlink(outside.path(), objects.join("folder")).unwrap();
    symlink(outside.path().join("secret"), objects.join("file")).unwrap();
    let store = open_in(&dir, 100);
    assert_eq!(names(&store), ["deep/er", "inside"]);
    for name in ["folder/secret", "file"] {
        assert!(get(&store, name).is_err(), "{name}");
    }
    assert!(matches!(put(&store, "folder/new", b"2"), Err(StoreError::Clash(name)) if name == "folder"));
    assert!(!outside.path().join("new").exists());
    put(&store, "file", b"2").unwrap();
    assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"secret");

    // Swapped for a link while running.
    fs::remove_file(objects.join("inside")).unwrap();
    symlink(outside.path().join("secret"), objects.join("inside")).unwrap();
    assert!(matches!(get(&store, "inside"), Err(StoreError::Missing)));
    fs::remove_dir_all(objects.join("deep")).unwrap();
    symlink(outside.path(), objects.join("deep")).unwrap();
    fs::write(outside.path().join("er"), b"out").unwrap();
    assert!(get(&store, "deep/er").is_err());
    assert!(store.delete(&key("deep/er"), Condition::Always).is_err());
    assert!(outside.path().join("er").exists());
}

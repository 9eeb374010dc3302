//! A vault and a device as the first format wrote them, kept as files: every later version reads them.
//!
//! The files lie in `tests/fixtures/v1`. Where a format changes, they stay as they are and what it wrote then is added in a
//! folder beside them; this test makes the files of a folder that is not there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dianbu::book::erase::erasing;
use dianbu::book::photo::content;
use dianbu::book::{Draft, PhotoRef, RowId};
use dianbu::domain::customer::customer;
use dianbu::remote::memory::{Memory as Bucket, Request};
use dianbu::session::Act;
use dianbu::store::Change;
use dianbu::store::Store as _;
use dianbu::store::memory::Memory as Store;
use dianbu::sync::driver;
use dianbu::sync::engine::{Limits, PACK_SEGMENTS, Terms};
use dianbu::sync::fault::Fault;
use dianbu::sync::invite::Invitation;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed};
use dianbu::sync::photo;
use dianbu::sync::state::State;
use dianbu::sync::wire::{self, Control, Role};
use minicbor::bytes::ByteVec;

use crate::kit::*;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1")
}

/// Named bytes, as a file holds them.
type Named = BTreeMap<String, ByteVec>;

fn write_file(name: &str, content: &Named) {
    std::fs::create_dir_all(folder()).unwrap();
    std::fs::write(folder().join(name), minicbor::to_vec(content).unwrap()).unwrap();
}

fn read_file(name: &str) -> Named {
    minicbor::decode(&std::fs::read(folder().join(name)).unwrap()).unwrap()
}

fn save(device: &mut Device, n: u8, name: &str) {
    let session = device.session();
    let mut draft = session.with(|book| Draft::open(book, customer::ID, RowId([n; 16])));
    draft.set(customer::NAME, &name.to_owned()).add(customer::TAGS, "常客".as_bytes(), dianbu::book::Value::Bool(true));
    let act = Act { now_ms: device.clock, by: Some(RowId([200; 16])), ..Act::default() };
    now(session.save(&[draft.write().unwrap()], act)).unwrap();
}

fn beat(device: &mut Device, bucket: &Bucket) {
    now(device.session().purge()).unwrap();
    device.note_book();
    if device.round(bucket).wants_checkpoint {
        now(device.session().checkpoint()).unwrap();
    }
}

fn beats(team: &mut [Device], bucket: &Bucket, times: usize) {
    for _ in 0..times {
        for device in &mut *team {
            device.clock += 60_000;
            beat(device, bucket);
        }
    }
}

/// A shop in which everything has happened that leaves an object of its own kind.
fn shop(bucket: &Bucket) -> (Vec<Device>, Invitation) {
    let mut team = Device::team(bucket, 2);
    let sheet = Terms { role: Role::Owner, uses: 9, expires_ms: u64::MAX, recovery: true };
    let Device { engine, store, clock, random } = &mut team[0];
    let sheet = now(driver::invite(engine, store, bucket, connection(), sheet, *clock, random)).unwrap();
    let taken_back = team[0].invite_as(bucket, Role::Viewer, 1);
    let Device { engine, store, clock, random } = &mut team[0];
    assert!(now(driver::withdraw(engine, store, bucket, taken_back.id(), *clock, random)).unwrap());
    claim_bytes(&mut team[1], &[0x82, 0x18, 99, 0xf6]);
    save(&mut team[2], 1, "要抹去的人");
    save(&mut team[2], 2, "李雷");
    beats(&mut team, bucket, 2);
    let (gone, clock) = (team.pop().unwrap(), team[0].clock);
    let Device { engine, store, random, .. } = &mut team[0];
    now(driver::grant(engine, store, bucket, (gone.dev(), Role::Removed), clock, random)).unwrap();
    save(&mut team[1], 1, "要抹去的人，改过");
    beats(&mut team, bucket, 3);
    let act = Act { now_ms: team[0].clock, ..Act::default() };
    now(team[0].session().save(&[erasing(customer::ID, RowId([1; 16]), None)], act)).unwrap();
    beats(&mut team, bucket, 6);
    for n in 0..=u8::try_from(PACK_SEGMENTS).unwrap() {
        save(&mut team[1], 3 + n % 5, &format!("韩梅梅{n}"));
        team[1].round(bucket);
    }
    beats(&mut team, bucket, 2);
    // Two values stand side by side, one row lies in the bin, one operation is in no segment yet.
    save(&mut team[0], 3, "甲");
    save(&mut team[1], 3, "乙");
    beats(&mut team, bucket, 3);
    let session = team[0].session();
    let mut draft = session.with(|book| Draft::open(book, customer::ID, RowId([4; 16])));
    session.with(|book| _ = draft.delete(book));
    now(session.save(&[draft.write().unwrap()], Act { now_ms: team[0].clock, ..Act::default() })).unwrap();
    beats(&mut team, bucket, 2);
    team[0].engine.set_limits(Limits { due_ops: 1, least_ops: 1, ..Limits::default() });
    for device in &mut team {
        device.clock += 2 * 3_600_000;
    }
    now(team[0].session().checkpoint()).unwrap();
    beats(&mut team, bucket, 2);
    save(&mut team[0], 9, "还没有封进段里");
    (team, sheet)
}

/// Everything that lies in the store of a device.
fn drawers(device: &Device) -> Named {
    let loaded = now(device.store.load()).unwrap();
    let mut all = Named::from([("state".to_owned(), minicbor::to_vec(&loaded.state).unwrap().into())]);
    all.extend(loaded.meta.into_iter().map(|(name, bytes)| (format!("meta/{name}"), bytes.into())));
    all.extend(loaded.pages.into_iter().map(|(page, bytes)| (format!("pages/{page}"), bytes.into())));
    let tail = now(device.store.tail_after(0)).unwrap();
    all.extend(tail.into_iter().map(|(lsn, bytes)| (format!("tail/{lsn}"), bytes.into())));
    let held = now(device.store.held()).unwrap();
    all.extend(held.into_iter().map(|(name, bytes)| (format!("held/{name}"), bytes.into())));
    let (vault, dev, sync) = (device.engine.vault().id, device.dev(), device.sync());
    let entries = (1..=sync.control.seq).map(|seq| Name::Control(vault, dev, seq));
    let segments = (1..=sync.segment.seq).map(|seq| Name::Segment(vault, dev, seq));
    for name in entries.chain(segments).chain([Name::Vault(vault), Name::Head(vault, dev)]) {
        if let Some(bytes) = now(device.store.log(&name.to_string())).unwrap() {
            all.insert(format!("log/{name}"), bytes.into());
        }
    }
    all
}

/// A store with what lay in that of a device.
fn store(drawers: &Named) -> Store {
    let of = |drawer: &str| -> Vec<(String, Vec<u8>)> {
        let own = |(name, bytes): (&String, &ByteVec)| Some((name.strip_prefix(drawer)?.to_owned(), bytes.to_vec()));
        drawers.iter().filter_map(own).collect()
    };
    let some = |entries: Vec<(String, Vec<u8>)>| entries.into_iter().map(|(name, bytes)| (name, Some(bytes))).collect();
    let change = Change {
        meta: some(of("meta/")),
        log: some(of("log/")),
        held: some(of("held/")),
        pages: of("pages/").into_iter().map(|(page, bytes)| (page.parse().unwrap(), Some(bytes))).collect(),
        tail_anew: of("tail/").into_iter().map(|(lsn, bytes)| (lsn.parse().unwrap(), bytes)).collect(),
        ..Change::default()
    };
    let state: State = minicbor::decode(&drawers["state"]).unwrap();
    let store = Store::default();
    now(store.transact(|now| {
        *now = state.clone();
        Some(change.clone())
    }))
    .unwrap();
    store
}

/// Makes the files if they are not there; they are to be looked at and committed.
fn make() {
    if folder().exists() {
        return;
    }
    let bucket = Bucket::default();
    let (team, sheet) = shop(&bucket);
    let objects = bucket.with_objects(|objects| objects.clone());
    write_file("bucket.cbor", &objects.into_iter().map(|(name, bytes)| (name, bytes.into())).collect());
    write_file("device.cbor", &drawers(&team[0]));
    let standing = team[1].standing();
    let told = [
        ("link", sheet.to_link_payload().into_bytes()),
        ("place", standing.place.to_vec()),
        ("digest", standing.digest.to_vec()),
    ];
    write_file("told.cbor", &told.into_iter().map(|(name, bytes)| (name.to_owned(), bytes.into())).collect());
    panic!("{} was not there and is now: look at it and commit it", folder().display());
}

fn frozen_bucket() -> Bucket {
    make();
    let bucket = Bucket::default();
    let objects = read_file("bucket.cbor").into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    bucket.with_objects(|all| *all = objects);
    bucket
}

#[test]
fn the_first_format_is_there_with_every_kind_of_object_and_entry() {
    let bucket = frozen_bucket();
    let invitation = Invitation::from_link_payload(std::str::from_utf8(&read_file("told.cbor")["link"]).unwrap());
    let mut joiner = Device::joiner(80, &invitation.unwrap(), &bucket);
    joiner.round(&bucket);
    let (mut kinds, mut entries) = (BTreeMap::new(), BTreeMap::new());
    bucket.with_objects(|objects| {
        for (name, bytes) in objects.iter() {
            let name = Name::parse(name).unwrap();
            let sealed = Sealed::read(bytes, name).unwrap();
            *kinds.entry(name.kind() as u8).or_insert(0) += 1;
            if name.kind() == Kind::Control {
                let place = sealed.place;
                let keys = joiner.engine.vault().object_keys(place.epoch, place.kind, place.dev, place.seq);
                let entry: Control = wire::from_bytes(&sealed.open_with(keys).unwrap()).unwrap();
                *entries.entry(minicbor::to_vec(&entry).unwrap()[1]).or_insert(0) += 1;
            }
        }
    });
    assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(entries.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 0x18], "types, and one of none");
}

#[test]
fn a_vault_of_the_first_format_is_joined_and_gone_on_with() {
    let bucket = frozen_bucket();
    let told = read_file("told.cbor");
    let invitation = Invitation::from_link_payload(std::str::from_utf8(&told["link"]).unwrap()).unwrap();
    for snapshot in [true, false] {
        if !snapshot {
            // Logs that were cut need one.
            let bucket = frozen_bucket();
            bucket.with_objects(|objects| objects.retain(|name, _| !name.contains("/n/")));
            let report = Device::joiner(82, &invitation, &bucket).round(&bucket);
            assert!(report.held.iter().any(|held| held.fault == Fault::NotVisible), "{report:?}");
            continue;
        }
        let mut joiner = Device::joiner(81, &invitation, &bucket);
        let report = joiner.round(&bucket);
        let wrong = report.held.iter().find(|held| !matches!(held.fault, Fault::UnknownEntry | Fault::Removed));
        assert!(report.finished && wrong.is_none(), "{report:?}");
        let standing = joiner.standing();
        assert_eq!((standing.place.as_slice(), standing.digest.as_slice()), (&told["place"][..], &told["digest"][..]));
        joiner.session().with(|book| {
            let row = book.live(customer::ID, RowId([3; 16])).unwrap();
            let mut names: Vec<_> = row.cell(customer::NAME.field, None).unwrap().live.iter().collect();
            names.sort_by(|a, b| a.value.cmp(&b.value));
            assert_eq!(names.iter().map(|it| it.value.text().unwrap()).collect::<Vec<_>>(), ["乙", "甲"]);
            assert_eq!(book.live(customer::ID, RowId([2; 16])).unwrap().text(customer::NAME), "李雷");
            assert!(book.row(customer::ID, RowId([1; 16])).unwrap().is_erased());
            assert!(book.row(customer::ID, RowId([4; 16])).unwrap().is_deleted());
        });
        save(&mut joiner, 90, "新来的人写的");
        assert!(joiner.round(&bucket).finished);
    }
}

#[test]
fn a_device_of_the_first_format_opens_and_goes_on() {
    let bucket = frozen_bucket();
    let store = store(&read_file("device.cbor"));
    let engine = now(driver::open(&store)).unwrap().unwrap();
    let mut device = Device { store, engine, clock: NOON + 8 * 3_600_000, random: Box::new(seeded(77)) };
    let session = device.session();
    assert_eq!(
        session.with(|book| book.live(customer::ID, RowId([9; 16])).unwrap().text(customer::NAME).to_owned()),
        "还没有封进段里"
    );
    let history = session.with(|book| book.history(customer::ID, RowId([5; 16])));
    assert!(history.len() > 10, "the past is there");
    beat(&mut device, &bucket);
    let report = device.round(&bucket);
    assert!(report.finished && report.waiting_ops == 0 && report.troubles.is_empty(), "{report:?}");
    bucket.requests();
    device.round(&bucket);
    assert_eq!(bucket.requests().iter().filter(|request| matches!(request, Request::Put(_))).count(), 0);
}

#[test]
fn a_photo_of_the_first_format_opens_and_is_made_again_byte_for_byte() {
    let file = read_file("photo.cbor");
    let text = |key: &str| String::from_utf8(file[key].to_vec()).unwrap();
    let Some(Name::Photo(vault, dev, id)) = Name::parse(&text("name")) else { panic!("{}", text("name")) };
    let photo = PhotoRef::parse(&text("reference")).unwrap();
    assert_eq!((photo.dev, photo.id), (dev, id));
    assert_eq!(PhotoRef::of(dev, &file["body"]), photo);
    assert_eq!(photo::opened(vault, &photo, &file["object"]).as_deref(), Ok(&file["body"][..]));
    assert_eq!(photo::sealed(vault, &photo, &file["body"]).as_deref(), Ok(&file["object"][..]));
    assert_eq!(content(&file["body"]), b"\xff\xd8\xff\xe0 a picture");
}

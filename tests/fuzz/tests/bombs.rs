//! The largest bodies that an object may hold, made of as many small things as fit: what decoding them takes.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and shows its figures")]

use dianbu::book::{Batch, Book, DevId};
use dianbu::sync::driver::carry::CarryError;
use dianbu::sync::fault::Fault;
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, MAX_INFLATED, Sealed};
use dianbu::sync::wire::{self, Control, HeadBody, Objects, Pages};
use dianbu_fuzz::memory::{ALWAYS, SHARE, taken};
use dianbu_fuzz::team::{Carried, carried, founder};

/// No object, whatever is in it, takes more memory than this, in bytes.
const MOST: usize = 384 << 20;

/// An array of as many of these items as fit after `before`.
fn filled(before: &[u8], item: &[u8]) -> Vec<u8> {
    let count = (MAX_INFLATED - before.len() - 9) / item.len();
    let mut body = [before, &[0x9b], &(count as u64).to_be_bytes()].concat();
    body.extend(item.iter().copied().cycle().take(count * item.len()));
    body
}

/// As many pages as fit, each with a row of its own.
fn pages() -> Vec<(u32, Vec<u8>)> {
    let page = |number: u32| {
        let mut page = [&[0x84, 1, 1, 0x50], [0; 16].as_slice(), &[0x41, 0]].concat();
        page[4..8].copy_from_slice(&number.to_be_bytes());
        (number, page)
    };
    (0..u32::try_from(MAX_INFLATED / 23).unwrap()).map(page).collect()
}

/// One test alone, so that nothing else takes memory.
#[test]
fn no_body_takes_more_memory_than_is_stated() {
    let note = |name: &str, taken: usize| {
        println!("{name}: {} MiB", taken >> 20);
        assert!(taken <= MOST, "{name}: {taken}");
    };
    let empty = Book::default().base(0);

    // Many empty things where there should be objects or pages.
    let body = filled(&[], &[0x40]);
    let (read, size) = taken(|| wire::from_bytes::<Objects>(&body).map(drop));
    assert_eq!(read, Err(Fault::Malformed));
    note("objects without a byte", size);
    let (read, size) = taken(|| wire::from_bytes::<Pages>(&body).map(drop));
    assert_eq!(read, Err(Fault::Malformed));
    note("pages without a byte", size);
    let body = filled(&[0xa1, 0x07], &[0x40]);
    note("entries without a byte", taken(|| wire::from_bytes::<HeadBody>(&body).is_ok()).1);
    note("pages of one row", taken(|| Book::start(&empty, pages()).map(drop).unwrap()).1);

    // A page that promises more rows than it has.
    let mut body = vec![0x9b, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 1, 1];
    body.resize(MAX_INFLATED, 0);
    let (read, size) = taken(|| Book::start(&empty, vec![(0, body)]).is_ok());
    assert!(!read);
    note("a page whose count lies", size);

    // One operation that writes a cell millions of times.
    let one = [&[0x85, 1, 1, 0x81, 0x50], [0; 16].as_slice(), &[0x80, 0x81, 0x84, 1, 0xf6, 0xf6, 0x81, 0x83, 1, 0x50]];
    let body = filled(&[one.concat(), vec![0; 16]].concat(), &[0x83, 1, 0xf6, 0xf6]);
    let (read, size) = taken(|| Batch::decode(&body).is_ok());
    assert!(read);
    note("cells", size);

    let body = filled(&[0x82, 3, 0xa1, 1], &[&[0x50], [0; 16].as_slice()].concat());
    note("devices", taken(|| wire::from_bytes::<Control>(&body).is_ok()).1);

    // A file carried by hand, which may be of any size: names of nobody's heads, and an object that is none.
    let name =
        |number: u32| Name::Head(founder().vault.id, DevId(std::array::from_fn(|at| number.to_be_bytes()[at % 4])));
    let objects = (0..40_000).map(|number| (name(number).to_string(), vec![0].into()));
    let file = Carried::file_of(objects.collect());
    let mut device = carried().third();
    let (report, size) = taken(|| device.unpack(&file).unwrap());
    assert_eq!((report.held.len(), device.held().len()), (40_000, 0));
    assert!(size <= ALWAYS + SHARE * file.len(), "{size} for {}", file.len());
    note("heads of nobody", size);
    let file = [&[0x82, 1], filled(&[], &[0x82, 0x60, 0x40]).as_slice()].concat();
    let (refused, size) = taken(|| device.unpack(&file).err());
    assert_eq!(refused, Some(CarryError::OtherVault));
    assert!(size <= ALWAYS + SHARE * file.len(), "{size} for {}", file.len());

    // Deflated to little, inflated to sixteen times what a body may be.
    let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; MAX_INFLATED * 16], 1);
    let plain = [&u32::try_from(zeros.len()).unwrap().to_be_bytes(), zeros.as_slice()].concat();
    let object = founder().seal_plain(&plain).unwrap();
    let name = founder().name(Kind::Segment, 3);
    let Name::Segment(_, dev, seq) = name else { unreachable!("it is the name of a segment") };
    let key = founder().vault.object_key(founder().vault.epoch(), Kind::Segment, dev, seq).unwrap();
    let sealed = Sealed::read(&object, name).unwrap();
    let (opened, size) = taken(|| sealed.open(&key).map(drop));
    assert_eq!(opened, Err(Fault::TooLarge));
    note("a bomb", size);
}

//! Files carried by hand, as a device takes them in.

use dianbu::book::Book;
use dianbu::sync::object::Kind;
use dianbu::sync::state::Link;
use dianbu::sync::wire::{self, HeadBody};

use crate::memory::limited;
use crate::team::{Carried, Device, carried, founder};

/// A member seals no more bodies than this in one file: each takes a signature.
const BODIES: usize = 24;

/// The first byte says what the others are: a file, what became of the objects of true files, or the bodies of one.
pub(super) fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    match mode % 3 {
        0 => outside(rest),
        1 => outside(&altered(rest)),
        _ => by_a_member(rest),
    }
}

/// Whatever was taken in before by whoever has no keys, the true files are taken in after it, and make the same book.
fn outside(file: &[u8]) {
    let carried = carried();
    let mut device = carried.third();
    if limited(file.len(), || device.unpack(file)).is_err() {
        return assert_untouched(&carried, &device);
    }
    let [_, report] = carried.files.each_ref().map(|file| device.unpack(file).expect("a file of the shop"));
    assert!(report.held.is_empty() && device.held().is_empty(), "something of it is held for ever: {report:?}");
    assert_eq!(device.session().with(Book::standing), carried.standing);
}

/// A refused file changes nothing.
fn assert_untouched(carried: &Carried, device: &Device) {
    let whole = |device: &Device| {
        let loaded = device.loaded();
        (loaded.state, loaded.meta, loaded.pages, loaded.tail, device.held())
    };
    assert!(whole(device) == whole(&carried.third()), "it was refused, and something changed");
}

/// A file of true objects, each with four bytes that say which it is and what becomes of it.
fn altered(data: &[u8]) -> Vec<u8> {
    let carried = carried();
    let all = &carried.objects;
    let (edits, _) = data.as_chunks::<4>();
    let objects = edits.iter().filter_map(|[which, what, place, bits]| {
        let (mut name, mut object) = all.get(usize::from(*which) % all.len())?.clone();
        let at = object.len() * usize::from(*place) / 256;
        match what % 5 {
            0 => {}
            1 => *object.get_mut(at)? ^= bits,
            2 => object.truncate(at),
            3 => all.get(usize::from(*place) % all.len())?.0.clone_into(&mut name),
            _ => name.truncate(usize::from(*place)),
        }
        Some((name, object))
    });
    Carried::file_of(objects.collect())
}

/// The founder seals any bodies. The first byte says whether the head promises them; each has its length before it and
/// begins with its kind, and the last one is the head's. The device must wake up with a whole book.
fn by_a_member(data: &[u8]) {
    let Some((promises, mut rest)) = data.split_first() else { return };
    let mut bodies = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (body, after) = after.split_at(usize::from(u16::from_be_bytes(*length)).min(after.len()));
        bodies.push(body);
        rest = after;
    }
    let (carried, founder) = (carried(), founder());
    let Some(head) = bodies.pop() else { return };
    let mut ends = carried.known;
    let mut objects = Vec::new();
    for (kind, body) in bodies.iter().filter_map(|body| body.split_first()).take(BODIES) {
        let (kind, end) =
            if kind.is_multiple_of(2) { (Kind::Segment, &mut ends[0]) } else { (Kind::Control, &mut ends[1]) };
        objects.extend(founder.seal_next(kind, end, body));
    }
    let head = match wire::from_bytes::<HeadBody>(head) {
        Ok(body) if promises.is_multiple_of(2) => {
            // What a true head carries inside has other hashes.
            let (inline, control_inline) = (None, Vec::new());
            wire::to_bytes(&HeadBody { segment: ends[0], control: ends[1], inline, control_inline, ..body })
        }
        _ => head.to_vec(),
    };
    // A device's own head number grows with every change.
    let mut place = Link { seq: 9, ..ends[0] };
    objects.extend(founder.seal_next(Kind::Head, &mut place, &head));
    let objects = objects.into_iter().map(|(name, object)| (name.to_string(), object.into()));
    let file = Carried::file_of(objects.collect());
    let mut device = carried.third();
    // Deflated by the harness, so it may be longer inside than outside.
    limited(data.len() + file.len(), || device.unpack(&file)).expect("it is a file of the vault");
    let mut device = device.restarted();
    device
        .session()
        .with(|book| assert_eq!(book.count_digest(), Some(book.digest()), "the digest follows every write"));
    if ends[1] == carried.known[1] {
        let report = device.unpack(&carried.files[1]).expect("a file of the shop");
        assert!(!report.held.iter().any(|held| held.dev == carried.newcomer), "one chain stops another: {report:?}");
    }
}

//! Objects from outside, and what lies right below the seal.

use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, MAX_INFLATED, Sealed};

use crate::memory::limited;
use crate::team::founder;

/// The kinds whose names the harness can make.
const KINDS: [Kind; 5] = [Kind::Vault, Kind::Control, Kind::Head, Kind::Segment, Kind::Manifest];

/// The first byte says what the others are: an object, what was sealed, or a name.
pub(super) fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    match mode % 4 {
        0 | 1 => outside(rest),
        2 => below_the_seal(rest),
        _ => name(rest),
    }
}

fn outside(object: &[u8]) {
    let founder = founder();
    let seq = object.get(44..52).and_then(|seq| seq.try_into().ok()).map_or(0, u64::from_be_bytes);
    for kind in KINDS {
        let Ok(sealed) = limited(object.len(), || Sealed::read(object, founder.name(kind, seq))) else { continue };
        let _ = sealed.verify(&founder.identity.public().sign);
        let place = sealed.place;
        let Some(key) = founder.vault.object_key(place.epoch, kind, place.dev, place.seq) else { continue };
        // A body inflates to 16 MiB at most, whatever its own length.
        let _ = limited(MAX_INFLATED / 8, || sealed.open(&key));
    }
}

fn below_the_seal(plain: &[u8]) {
    let founder = founder();
    let Some(object) = founder.seal_plain(plain) else { return };
    let sealed = Sealed::read(&object, founder.name(Kind::Segment, 3)).expect("the outside is in order");
    sealed.verify(&founder.identity.public().sign).expect("the harness signed it");
    let place = sealed.place;
    let key = founder.vault.object_key(place.epoch, place.kind, place.dev, place.seq).unwrap_or_default();
    let Ok(body) = limited(MAX_INFLATED / 8, || sealed.open(&key)) else { return };
    assert!(body.len() <= MAX_INFLATED);
    // Random bytes may take more room sealed than an object has.
    if let Some(again) = founder.through_the_seal(Kind::Segment, &body) {
        assert_eq!(again, body);
    }
}

fn name(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    if let Some(name) = limited(text.len(), || Name::parse(text)) {
        assert_eq!(name.to_string(), text, "a name has one spelling");
    }
}

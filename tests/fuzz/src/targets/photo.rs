//! Photos: how a record names them, and the objects beside the chains.

use dianbu::book::{Batch, Book, CellWrite, Op, PhotoRef, RowId, RowWrite, Stamp, Value, photo};
use dianbu::domain::customer::customer;
use dianbu::sync::name::Name;
use dianbu::sync::photo::{name, opened, sealed};

use crate::memory::limited;
use crate::team::founder;

/// The content of a photo of the founder's.
pub(crate) const CONTENT: &[u8] = b"\xff\xd8\xff\xe0 a small picture \xff\xd9";

/// A photo of the founder's, and its body.
pub(crate) fn known() -> (PhotoRef, Vec<u8>) {
    let body = photo::body([7; 16], CONTENT);
    (PhotoRef::of(founder().identity.dev(), &body), body)
}

/// The first byte says what the others are: a text in a record, an object, or a body that a member seals.
pub(super) fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    match mode % 3 {
        0 => text(rest),
        1 => outside(rest),
        _ => by_a_member(rest),
    }
}

/// What names photos says so in one spelling, and is found again in a book.
fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let one = limited(text.len(), || PhotoRef::parse(text));
    let all = limited(text.len(), || PhotoRef::all(text));
    if let Some(photo) = one {
        assert_eq!(photo.to_string(), text, "a photo has one spelling");
        assert_eq!(all, Some(vec![photo]));
    }
    let cell =
        CellWrite { field: customer::NAME.field, elem: None, value: Value::Text(text.into()), bases: Vec::new() };
    let rows = vec![RowWrite { kind: customer::ID, id: RowId([1; 16]), cells: vec![cell] }];
    let op = Op { opn: 1, stamp: Stamp(1), by: None, batch: None, rows };
    let mut book = Book::default();
    book.apply(&Batch { dev: founder().identity.dev(), ops: vec![op] });
    let _ = book.photos_of(founder().identity.dev());
    let Some(photos) = all else { return };
    assert!(!photos.is_empty(), "a text without a photo names none");
    assert_eq!(PhotoRef::join(&photos), text, "an answer has one spelling");
    for photo in photos {
        assert!(book.photos_of(photo.dev).contains_key(&photo.id), "a photo is named, and not found");
        let name = name(founder().vault.id, &photo);
        assert_eq!(Name::parse(&name.to_string()), Some(name));
    }
}

/// Nothing but the photo itself passes for it.
fn outside(object: &[u8]) {
    let (photo, body) = known();
    if let Ok(opened) = limited(object.len(), || opened(founder().vault.id, &photo, object)) {
        assert_eq!(opened, body, "another photo passes for it");
    }
}

/// Whoever may see a photo can seal anything as its object. That is taken for a photo only under its own name.
fn by_a_member(body: &[u8]) {
    let (vault, (known, known_body)) = (founder().vault.id, known());
    let own = PhotoRef::of(known.dev, body);
    for photo in [known, own, PhotoRef { id: known.id, ..own }, PhotoRef { secret: known.secret, ..own }] {
        let Ok(object) = sealed(vault, &photo, body) else { continue };
        let opened = limited(body.len() + object.len(), || opened(vault, &photo, &object));
        let right = photo == own;
        assert_eq!(opened.as_deref().ok(), right.then_some(body), "it is what the record names");
        assert!(
            sealed(vault, &photo, body).is_ok_and(|again| again == object),
            "a photo is the same object every time"
        );
    }
    assert_eq!(known == own, known_body == body);
    let _ = photo::content(body);
}

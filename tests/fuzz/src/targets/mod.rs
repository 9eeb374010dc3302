//! The decoders, each as a function over bytes.

mod carried;
mod control;
mod head;
mod list;
mod object;
pub(crate) mod photo;
mod segment;
mod snapshot;
mod state;
mod welcome;

use dianbu::sync::object::Kind;
use dianbu::sync::wire;
use minicbor::{Decode, Encode};

use crate::memory::limited;
use crate::team::founder;

/// A decoder under test.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, that of its folder in the corpus.
    pub name: &'static str,
    /// Runs it; it panics if something is wrong.
    pub run: fn(&[u8]),
}

/// Every decoder.
pub const TARGETS: &[Target] = &[
    Target { name: "object", run: object::run },
    Target { name: "segment", run: segment::run },
    Target { name: "head", run: head::run },
    Target { name: "snapshot", run: snapshot::run },
    Target { name: "control", run: control::run },
    Target { name: "welcome", run: welcome::run },
    Target { name: "state", run: state::run },
    Target { name: "carried", run: carried::run },
    Target { name: "photo", run: photo::run },
    Target { name: "csv", run: list::csv },
    Target { name: "vcard", run: list::vcard },
];

/// The target with this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|target| target.name == name).copied()
}

/// Decodes a body; what it holds survives being encoded again. None if it is no such body.
fn body<T>(bytes: &[u8]) -> Option<T>
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq,
{
    let decoded: T = limited(bytes.len(), || wire::from_bytes(bytes)).ok()?;
    let again = wire::from_bytes(&wire::to_bytes(&decoded));
    assert!(again.is_ok_and(|again: T| again == decoded), "encoded and decoded again it is another");
    Some(decoded)
}

/// The same for a body that lies in a sealed object.
fn sealed_body<T>(kind: Kind, bytes: &[u8]) -> Option<T>
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq,
{
    let decoded = body(bytes)?;
    assert_eq!(founder().through_the_seal(kind, bytes).as_deref(), Some(bytes), "the seal changes the body");
    Some(decoded)
}

//! How devices meet in a bucket: objects, seals, chains and the engine. Pure, without I/O.
//!
//! `docs/protocol.md` is the exact description, enough for a second implementation.
//!
//! ```text
//! driver    runs the engine's effects on a Store and a Bucket
//! engine    what to do next: pull, push, faults; no clock, no randomness, no I/O
//! member    founding a vault, inviting, joining    heir    a copied profile becomes a device of its own
//! roster    who belongs to the vault         rights   who may do what
//! report    what people are told
//! wire      bodies of objects                state    what is remembered
//! object    header, seal, signature          name     where objects lie
//! photo     pictures, which hang on no chain
//! keys      identities and derived keys      fault    why an object is held
//! ```

pub mod driver;
pub mod engine;
pub mod fault;
pub mod heir;
pub mod invite;
pub mod keys;
pub mod member;
pub mod name;
pub mod object;
pub mod photo;
pub mod report;
pub mod rights;
pub mod roster;
pub mod state;
pub mod wire;

//! Fuzzing: every decoder of what others wrote, with any bytes.
//!
//! A target is a function over bytes. Besides not to panic it demands:
//!
//! - what was decoded, encoded and decoded again is the same,
//! - a body that decodes, sealed and signed by the harness, comes out of its object again as it was,
//! - decoding takes no more memory than a stated multiple of what there is to decode ([`memory`]).
//!
//! `cargo xtask fuzz` searches with coverage; `cargo test -p dianbu-fuzz` replays the corpus and the seeds, which
//! [`seeds`] takes from what real devices wrote.

pub mod memory;
pub mod seeds;
pub mod targets;
pub mod team;

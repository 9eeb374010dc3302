//! How devices meet in a bucket: objects, seals, chains and the engine. Pure, without I/O.

pub mod state;

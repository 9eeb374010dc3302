//! 店簿 Dianbu.

pub mod book;
pub mod remote;
pub mod store;
pub mod sync;

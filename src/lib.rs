//! 店簿 Dianbu.

pub mod book;
pub mod store;
pub mod sync;

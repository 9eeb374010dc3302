//! 店簿 Dianbu.

pub mod book;
pub mod domain;
pub mod exchange;
pub mod session;
pub mod store;
pub mod sync;
pub mod words;

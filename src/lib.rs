//! 店簿 Dianbu.

pub mod domain;
pub mod exchange;
pub mod words;

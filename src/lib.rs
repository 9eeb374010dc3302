//! 店簿 Dianbu.

pub mod book;
pub mod store;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod web;

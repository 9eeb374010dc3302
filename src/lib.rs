//! 店簿 Dianbu.

pub mod book;
pub mod domain;
pub mod exchange;
pub mod remote;
pub mod session;
pub mod store;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod words;

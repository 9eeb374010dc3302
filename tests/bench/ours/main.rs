//! The data layer as shipped, for the page of the benchmark: session, store, book, lists and search, without screens.
//!
//! `cargo xtask bench` builds it with the profile of the release and hands it to the same page as its peers.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::needless_pass_by_value, reason = "what crosses from the page is owned")]

mod merge;
mod person;
mod shop;

pub use merge::Merge;
pub use person::People;
pub use shop::Shop;

use wasm_bindgen::JsError;

/// Any failure ends a run of the benchmark.
fn failed(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

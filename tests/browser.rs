//! What only a browser can show: the store on `IndexedDB`, and the browser's capabilities.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)] // a test that panics is a test that fails

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

#[path = "browser/idb.rs"]
mod idb;
#[path = "browser/sealed.rs"]
mod sealed;
mod store_contract;
#[path = "browser/web.rs"]
mod web;

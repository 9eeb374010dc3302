//! The search: one target, named by `DIANBU_FUZZ`. Started by `cargo xtask fuzz`.
#![no_main]
#![allow(unsafe_code, reason = "the engine calls a function by its name")]

use std::sync::OnceLock;

use dianbu_fuzz::memory;
use dianbu_fuzz::targets::{Target, target};

static TARGET: OnceLock<Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("DIANBU_FUZZ").unwrap_or_default();
        target(&name).unwrap_or_else(|| panic!("no target is called {name:?}"))
    });
    let before = memory::most();
    (target.run)(data);
    if memory::most() > before {
        eprintln!("most memory of a decoder: {} bytes", memory::most());
    }
});

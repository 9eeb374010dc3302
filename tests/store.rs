//! The store in memory keeps to the contract; the browser's does in `browser.rs`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // a test that panics is a test that fails

use dianbu::store::memory::Memory;
use futures::executor::block_on;

mod store_contract;

macro_rules! stamp {
    ($rule:ident) => {
        #[test]
        fn $rule() {
            let store = Memory::default();
            block_on(store_contract::$rule(&store, &store)).unwrap();
        }
    };
}

for_each_rule!(stamp);

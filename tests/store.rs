//! The stores of the host keep to the contract: the one in memory, and the same behind a seal. The browser's do in
//! `browser.rs`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // a test that panics is a test that fails

use std::sync::Arc;

use dianbu::store::locked::Locked;
use dianbu::store::memory::Memory;
use dianbu::store::seal::{DataKey, Seal, place};
use dianbu::store::{Change, Store, StoreError};
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

mod locked {
    use super::*;

    macro_rules! stamp {
        ($rule:ident) => {
            #[test]
            fn $rule() {
                let store = Memory::default();
                let (one, other) = (locked(&store, 1), locked(&store, 1));
                block_on(store_contract::$rule(&one, &other)).unwrap();
            }
        };
    }

    for_each_rule!(stamp);
}

fn fill(bytes: &mut [u8]) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in bytes.chunks_mut(8) {
        let number = NEXT.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).to_be_bytes();
        chunk.copy_from_slice(&number[..chunk.len()]);
    }
}

fn locked(store: &Memory, key: u8) -> Locked<&Memory> {
    Locked::new(store, Arc::new(Seal::new(&DataKey([key; 32]), fill)))
}

const SECRET: &str = "张三 13800138000";

fn secrets() -> Change {
    let named = vec![("name".to_owned(), Some(SECRET.into()))];
    Change {
        tail: vec![SECRET.into(), SECRET.into()],
        pages: vec![(1, Some(SECRET.into())), (2, Some(SECRET.into()))],
        meta: named.clone(),
        held: named,
        ..Change::default()
    }
}

/// Every value beneath the seal.
fn at_rest(store: &Memory) -> Vec<Vec<u8>> {
    let loaded = block_on(store.load()).unwrap();
    let held = block_on(store.held()).unwrap();
    let values = loaded.meta.into_iter().chain(held).map(|(_, value)| value);
    values.chain(loaded.pages.into_iter().map(|(_, v)| v)).chain(loaded.tail.into_iter().map(|(_, v)| v)).collect()
}

fn is_found(values: &[Vec<u8>]) -> usize {
    values.iter().filter(|value| value.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())).count()
}

#[test]
fn nothing_written_through_the_seal_can_be_read_beneath_it() {
    let (open, store) = (Memory::default(), Memory::default());
    block_on(open.transact(|_| Some(secrets()))).unwrap();
    assert_eq!(is_found(&at_rest(&open)), 6, "the search finds what lies open");
    block_on(locked(&store, 1).transact(|_| Some(secrets()))).unwrap();
    let values = at_rest(&store);
    assert_eq!((values.len(), is_found(&values)), (6, 0));
    assert!(values.iter().all(|value| value.len() == SECRET.len() + 40));
}

#[test]
fn another_key_opens_nothing_and_the_refusal_names_the_place() {
    let store = Memory::default();
    block_on(locked(&store, 1).transact(|_| Some(secrets()))).unwrap();
    let wrong = locked(&store, 2);
    let damaged = |what: &str| StoreError::Damaged(what.to_owned());
    assert_eq!(block_on(wrong.load()).unwrap_err(), damaged("pages 1"));
    assert_eq!(block_on(wrong.tail_after(1)).unwrap_err(), damaged("tail 2"));
    assert_eq!(block_on(wrong.held()).unwrap_err(), damaged("held name"));
}

#[test]
fn pages_and_tail_lie_dense_and_come_back_as_they_were() {
    let (store, text) = (Memory::default(), "客户王芳".repeat(500).into_bytes());
    let large = Change { tail: vec![text.clone()], pages: vec![(0, Some(text.clone()))], ..Change::default() };
    block_on(locked(&store, 1).transact(|_| Some(large.clone()))).unwrap();
    let beneath = block_on(store.load()).unwrap();
    for value in [&beneath.pages[0].1, &beneath.tail[0].1] {
        assert!(value.len() * 10 < text.len(), "{} of {} bytes", value.len(), text.len());
    }
    let loaded = block_on(locked(&store, 1).load()).unwrap();
    assert_eq!((loaded.pages, loaded.tail), (vec![(0, text.clone())], vec![(1, text.clone())]));
    // What an earlier version sealed as it was.
    let seal = Seal::new(&DataKey([1; 32]), fill);
    let plain = seal.seal(&place("pages", &0_u32.to_be_bytes()), text.clone());
    block_on(store.transact(|_| Some(Change { pages: vec![(0, Some(plain.clone()))], ..Change::default() }))).unwrap();
    assert_eq!(block_on(locked(&store, 1).load()).unwrap().pages, [(0, text)]);
}

#[test]
fn values_that_change_places_are_damage() {
    let store = Memory::default();
    block_on(locked(&store, 1).transact(|_| Some(secrets()))).unwrap();
    let loaded = block_on(store.load()).unwrap();
    let (first, second) = (loaded.pages[0].1.clone(), loaded.pages[1].1.clone());
    let swap = Change { pages: vec![(1, Some(second)), (2, Some(first))], ..Change::default() };
    block_on(store.transact(|_| Some(swap.clone()))).unwrap();
    assert_eq!(block_on(locked(&store, 1).load()).unwrap_err(), StoreError::Damaged("pages 1".to_owned()));
}

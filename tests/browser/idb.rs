//! The store on `IndexedDB` keeps to the contract, and stands what browsers do to it.

use std::cell::RefCell;
use std::rc::Rc;

use dianbu::store::idb::{Idb, Notice};
use dianbu::store::{Change, Store, StoreError};
use futures::FutureExt;
use gloo::timers::future::TimeoutFuture;
use indexed_db_futures::database::Database;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::store_contract::{self, filled, full_state, write};

/// A database name that no other test and no other run uses.
pub(crate) fn fresh_name() -> String {
    format!("dianbu-test-{}-{}", js_sys::Date::now(), js_sys::Math::random())
}

pub(crate) async fn open(name: &str) -> Idb {
    Idb::open(name, |_| {}).await.unwrap()
}

/// A handle with the notices it received.
async fn open_listening(name: &str) -> (Idb, Rc<RefCell<Vec<Notice>>>) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let store = Idb::open(name, {
        let heard = heard.clone();
        move |notice| heard.borrow_mut().push(notice)
    });
    (store.await.unwrap(), heard)
}

macro_rules! stamp {
    ($rule:ident) => {
        #[wasm_bindgen_test]
        async fn $rule() {
            let name = fresh_name();
            let (one, other) = (open(&name).await, open(&name).await);
            store_contract::$rule(&one, &other).await.unwrap();
            drop((one, other));
            Idb::erase(&name).await.unwrap();
        }
    };
}

crate::for_each_rule!(stamp);

#[wasm_bindgen_test]
async fn everything_is_there_after_opening_again() {
    let name = fresh_name();
    let store = open(&name).await;
    let state = full_state();
    store
        .transact(|stored| {
            *stored = state.clone();
            Some(filled())
        })
        .await
        .unwrap();
    drop(store);

    let store = open(&name).await;
    let loaded = store.load().await.unwrap();
    assert_eq!(loaded.state.lsn, state.lsn + 2);
    assert_eq!(loaded.state.sync(), state.sync());
    assert_eq!(loaded.meta, [("same".to_owned(), "同".into())]);
    assert_eq!(loaded.pages, [(1, "页".into())]);
    assert_eq!(loaded.tail, [(state.lsn + 1, "甲".into()), (state.lsn + 2, "乙".into())]);
    assert_eq!(store.log("same").await.unwrap(), Some("同".into()));
    assert_eq!(store.held().await.unwrap(), [("same".to_owned(), "同".into())]);
}

/// A transaction that is left in the middle, as by a closed tab, leaves nothing behind.
#[wasm_bindgen_test]
async fn an_abandoned_transaction_leaves_nothing_half_written() {
    let name = fresh_name();
    let store = open(&name).await;
    for polls in 1..6 {
        let mut abandoned = Box::pin(store.transact(|state| {
            state.opn += 1;
            Some(filled())
        }));
        for _ in 0..polls {
            if abandoned.as_mut().now_or_never().is_some() {
                break;
            }
            TimeoutFuture::new(0).await;
        }
        drop(abandoned);
        let loaded = store.load().await.unwrap();
        // Whole or not at all: the state and the drawers tell the same story.
        assert_eq!(loaded.state.lsn, loaded.state.opn * 2);
        assert_eq!(loaded.tail.len() as u64, loaded.state.lsn);
        assert_eq!(loaded.meta.is_empty(), loaded.state.opn == 0);
        assert_eq!(store.held().await.unwrap().is_empty(), loaded.state.opn == 0);
    }
    assert_eq!(write(&store, filled()).await.unwrap().lsn % 2, 0);
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_opened_again_once() {
    let name = fresh_name();
    let store = open(&name).await;
    write(&store, filled()).await.unwrap();
    store.disconnect();
    assert_eq!(store.load().await.unwrap().tail.len(), 2);
    store.disconnect();
    assert_eq!(write(&store, filled()).await.unwrap().lsn, 4);
    store.disconnect();
    assert_eq!(store.tail_after(2).await.unwrap().len(), 2);
}

/// Otherwise its counters would start again, and give out numbers that are used already.
#[wasm_bindgen_test]
async fn an_erased_book_does_not_come_back_empty() {
    let name = fresh_name();
    let store = open(&name).await;
    write(&store, filled()).await.unwrap();
    store.disconnect();
    Idb::erase(&name).await.unwrap();
    assert_eq!(store.load().await.unwrap_err(), StoreError::Closed);
    assert_eq!(store.transact(|_| Some(Change::default())).await.unwrap_err(), StoreError::Closed);
    // Nothing was made by trying; a start makes a new one.
    let store = open(&name).await;
    assert!(store.load().await.unwrap().tail.is_empty());
}

#[wasm_bindgen_test]
async fn erasing_closes_the_other_tabs_and_tells_them() {
    let name = fresh_name();
    let (store, heard) = open_listening(&name).await;
    write(&store, filled()).await.unwrap();
    Idb::erase(&name).await.unwrap();
    assert_eq!(*heard.borrow(), [Notice::Erased]);
    assert_eq!(store.load().await.unwrap_err(), StoreError::Closed);
    assert_eq!(store.log("same").await.unwrap_err(), StoreError::Closed);
}

#[wasm_bindgen_test]
async fn a_newer_app_in_another_tab_closes_this_one_and_keeps_older_ones_out() {
    let name = fresh_name();
    let (store, heard) = open_listening(&name).await;
    let newer = Database::open(&name).with_version(1000u32).await.unwrap();
    assert_eq!(*heard.borrow(), [Notice::Newer]);
    assert_eq!(store.transact(|_| Some(Change::default())).await.unwrap_err(), StoreError::Closed);
    assert_eq!(Idb::open(&name, |_| {}).await.unwrap_err(), StoreError::Newer);
    newer.close();
}

/// The first layout had no drawer of photos.
#[wasm_bindgen_test]
async fn a_book_in_the_first_layout_opens_with_all_that_is_in_it() {
    use indexed_db_futures::prelude::*;
    use indexed_db_futures::transaction::TransactionMode;
    use indexed_db_futures::typed_array::Uint8ArraySlice;

    let name = fresh_name();
    let first = Database::open(&name)
        .with_version(1u32)
        .with_on_upgrade_needed(|_, database| {
            for drawer in ["meta", "pages", "tail", "log", "held"] {
                database.create_object_store(drawer).build()?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let tx = first.transaction("log").with_mode(TransactionMode::Readwrite).build().unwrap();
    tx.object_store("log").unwrap().put(Uint8ArraySlice::new("旧".as_bytes())).with_key("name").await.unwrap();
    tx.commit().await.unwrap();
    first.close();
    let store = open(&name).await;
    assert_eq!(store.log("name").await.unwrap().as_deref(), Some("旧".as_bytes()));
    assert!(store.photo_names().await.unwrap().is_empty());
    write(&store, filled()).await.unwrap();
    assert_eq!(store.photo("same").await.unwrap().as_deref(), Some("同".as_bytes()));
}

#[wasm_bindgen_test]
async fn bytes_that_are_no_state_are_called_damaged() {
    use indexed_db_futures::prelude::*;
    use indexed_db_futures::transaction::TransactionMode;
    use indexed_db_futures::typed_array::Uint8ArraySlice;

    let name = fresh_name();
    let store = open(&name).await;
    let raw = Database::open(&name).await.unwrap();
    let tx = raw.transaction("meta").with_mode(TransactionMode::Readwrite).build().unwrap();
    let meta = tx.object_store("meta").unwrap();
    meta.put(Uint8ArraySlice::new(b"\xff\xff")).with_key(0u32).await.unwrap();
    drop(meta);
    tx.commit().await.unwrap();
    assert!(matches!(store.load().await.unwrap_err(), StoreError::Damaged(_)));
    let refused = store.transact(|_| Some(Change::default())).await.unwrap_err();
    assert!(matches!(refused, StoreError::Damaged(_)));
}

/// A method of a browser class replaced for the life of this value. The body sees `args`, `original` and `calls`,
/// which counts from 1.
struct Replaced(js_sys::Function);

impl Replaced {
    fn new(class: &str, method: &str, body: &str) -> Self {
        let replace = js_sys::Function::new_no_args(&format!(
            "const proto = {class}.prototype, original = proto.{method}; let calls = 0;
             proto.{method} = function (...args) {{ calls += 1; {body}; return original.apply(this, args); }};
             return () => {{ proto.{method} = original; }};"
        ));
        Self(replace.call0(&JsValue::NULL).unwrap().into())
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).unwrap();
    }
}

/// A write that the browser refuses half way takes the others of its transaction with it.
#[wasm_bindgen_test]
async fn a_full_disk_is_called_full_and_leaves_nothing_half_written() {
    let name = fresh_name();
    let store = open(&name).await;
    write(&store, filled()).await.unwrap();
    let full = "new DOMException('no space', 'QuotaExceededError')";
    for (class, method, body) in [
        ("IDBObjectStore", "put", format!("if (this.name === 'held') throw {full}")),
        // What browsers mostly do: the commit ends in an abort, and only the transaction knows why.
        (
            "IDBTransaction",
            "commit",
            format!("Object.defineProperty(this, 'error', {{ value: {full} }}); return this.abort()"),
        ),
    ] {
        let _full = Replaced::new(class, method, &body);
        let changed = store.transact(|state| {
            state.opn += 1;
            Some(Change { meta: vec![("same".to_owned(), None)], ..filled() })
        });
        assert_eq!(changed.await.unwrap_err(), StoreError::Full, "{method}");
    }
    let loaded = store.load().await.unwrap();
    assert_eq!((loaded.state.opn, loaded.state.lsn, loaded.tail.len(), loaded.meta.len()), (0, 2, 2, 1));
}

#[wasm_bindgen_test]
async fn a_connection_that_is_gone_without_a_word_is_opened_again_once() {
    let name = fresh_name();
    let store = open(&name).await;
    let gone = "throw new DOMException('The database connection is closing.', 'InvalidStateError')";
    {
        let _once = Replaced::new("IDBDatabase", "transaction", &format!("if (calls === 1) {gone}"));
        let mut decisions = 0;
        let decided = store.transact(|_| {
            decisions += 1;
            Some(filled())
        });
        assert_eq!(decided.await.unwrap().0.lsn, 2);
        assert_eq!(decisions, 1);
    }
    {
        let _always = Replaced::new("IDBDatabase", "transaction", gone);
        assert_eq!(store.load().await.unwrap_err(), StoreError::Closed);
    }
    assert_eq!(store.load().await.unwrap().tail.len(), 2);
}

#[wasm_bindgen_test]
async fn other_troubles_keep_the_words_of_the_browser() {
    let store = open(&fresh_name()).await;
    let body = "if (this.name === 'log') throw new DOMException('not like this', 'DataError')";
    let _refuses = Replaced::new("IDBObjectStore", "put", body);
    let refused = write(&store, filled()).await.unwrap_err();
    assert_eq!(refused, StoreError::Other("DataError: not like this".to_owned()));
}

#[wasm_bindgen_test]
async fn every_write_is_one_strictly_durable_transaction() {
    let store = open(&fresh_name()).await;
    js_sys::eval("globalThis.begun = []").unwrap();
    {
        let _noted = Replaced::new("IDBDatabase", "transaction", "begun.push(args[1] + ' ' + args[2]?.durability)");
        write(&store, filled()).await.unwrap();
        // Its state is the one that was seen: it is not asked for first.
        store.transact_optimistic(|_| Some(filled())).await.unwrap();
    }
    assert_eq!(js_sys::eval("begun.join()").unwrap().as_string().unwrap(), "readwrite strict,readwrite strict");
}

#[wasm_bindgen_test]
async fn no_storage_is_said_so() {
    let denied = "throw new DOMException('denied', 'SecurityError')";
    let _denied = Replaced::new("IDBFactory", "open", denied);
    assert!(matches!(Idb::open(&fresh_name(), |_| {}).await.unwrap_err(), StoreError::Unavailable(_)));
}

/// There is no layout before version 1 that could block it, so the event is the browser's own, sent by hand.
#[wasm_bindgen_test]
async fn a_tab_that_does_not_let_go_is_told_of_while_waiting() {
    let blocked = "const request = original.apply(this, args);
        queueMicrotask(() => request.dispatchEvent(new IDBVersionChangeEvent('blocked'))); return request";
    let _blocked = Replaced::new("IDBFactory", "open", blocked);
    let (store, heard) = open_listening(&fresh_name()).await;
    assert_eq!(*heard.borrow(), [Notice::Blocked]);
    assert_eq!(write(&store, filled()).await.unwrap().lsn, 2);
}

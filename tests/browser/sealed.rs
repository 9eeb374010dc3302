//! The store of the app, behind its seal: it keeps to the contract on `IndexedDB`, and nothing in the database can be read
//! without the data key.

use std::rc::Rc;
use std::sync::Arc;

use dianbu::book::{DevId, Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::session::{Act, Session};
use dianbu::store::idb::Idb;
use dianbu::store::key::Wrap;
use dianbu::store::locked::Locked;
use dianbu::store::pin::{Cost, Pin, PinError};
use dianbu::store::seal::{DataKey, Seal};
use dianbu::store::{Safe, Store};
use dianbu::web::random;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::idb::{fresh_name, open};
use crate::store_contract;

const NAME: &str = "欧阳修远";
const PHONE: &str = "13912345678";

async fn behind_the_seal(name: &str) -> Safe {
    Locked::new(Rc::new(open(name).await), Arc::new(Seal::new(&DataKey([3; 32]), random::fill)))
}

macro_rules! stamp {
    ($rule:ident) => {
        #[wasm_bindgen_test]
        async fn $rule() {
            let name = fresh_name();
            let (one, other) = (behind_the_seal(&name).await, behind_the_seal(&name).await);
            store_contract::$rule(&one, &other).await.unwrap();
            drop((one, other));
            Idb::erase(&name).await.unwrap();
        }
    };
}

crate::for_each_rule!(stamp);

/// How many values of the database, read past the app, hold one of the texts; and how many values there are.
async fn found(database: &str, texts: &[&str]) -> (u32, u32) {
    let look = js_sys::Function::new_with_args(
        "name, texts",
        "return (async () => {
            const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
            const database = await done(indexedDB.open(name));
            const drawers = [...database.objectStoreNames];
            const read = database.transaction(drawers);
            const all = await Promise.all(drawers.map((drawer) => done(read.objectStore(drawer).getAll())));
            database.close();
            const wanted = texts.split('\\n').map((text) => String.fromCharCode(...new TextEncoder().encode(text)));
            const values = all.flat().map((value) => Array.from(value, (byte) => String.fromCharCode(byte)).join(''));
            return [values.filter((value) => wanted.some((text) => value.includes(text))).length, values.length];
        })()",
    );
    let looking = look.call2(&wasm_bindgen::JsValue::NULL, &database.into(), &texts.join("\n").into()).unwrap();
    let both: js_sys::Array = JsFuture::from(js_sys::Promise::from(looking)).await.unwrap().unchecked_into();
    let number = |at: u32| both.get(at).as_f64().unwrap().to_string().parse().unwrap();
    (number(0), number(1))
}

/// Writes a customer down, as operations and then as pages.
async fn write_a_customer<S: Store>(store: S) {
    let loaded = store.load().await.unwrap();
    let session = Session::open(store, DevId([1; 16]), &loaded).unwrap();
    for checkpoint in [true, false] {
        let mut draft = session.with(|book| Draft::open(book, customer::ID, RowId::random().unwrap()));
        draft.set(customer::NAME, &NAME.to_owned());
        draft.set(customer::PHONE, &PHONE.to_owned());
        session.save(&[draft.write().unwrap()], Act::default()).await.unwrap();
        if checkpoint {
            session.checkpoint().await.unwrap();
        }
    }
}

#[wasm_bindgen_test]
async fn neither_name_nor_phone_can_be_found_in_the_database() {
    let (bare, sealed) = (fresh_name(), fresh_name());
    write_a_customer(open(&bare).await).await;
    let (seen, values) = found(&bare, &[NAME, PHONE]).await;
    assert!(seen >= 2, "without the seal the search finds them: {seen} of {values}");
    write_a_customer(behind_the_seal(&sealed).await).await;
    assert_eq!(found(&sealed, &[NAME, PHONE]).await, (0, values));
    // The key is not there either: nobody has written it.
    let session = behind_the_seal(&sealed).await.load().await.unwrap();
    assert!(Session::open(open(&sealed).await, DevId([1; 16]), &session).is_ok(), "with the key it is all there");
}

#[wasm_bindgen_test]
fn a_pin_costs_what_it_should_and_a_phone_without_memory_says_so() {
    let pin = Pin::read("2580").unwrap();
    let wrap = Wrap::new(&DataKey([4; 32]), &pin, Cost::NOW, random::fill).unwrap();
    assert_eq!(wrap.open(&pin, random::fill), Ok(DataKey([4; 32])));
    assert_eq!(wrap.open(&Pin::read("2581").unwrap(), random::fill), Err(PinError::Wrong));
    let greedy = Wrap { memory_kib: 8 << 20, ..wrap };
    assert_eq!(greedy.open(&pin, random::fill), Err(PinError::Memory));
}

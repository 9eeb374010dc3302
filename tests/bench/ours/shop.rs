//! One device's book, opened as the app opens it.

use std::rc::Rc;
use std::sync::Arc;

use dianbu::book::roll::{Filter, Sort};
use dianbu::book::{Draft, Finder, Roll, RowId};
use dianbu::domain::customer::customer;
use dianbu::session::{Act, Changed, Session};
use dianbu::store::idb::{Idb, NAME};
use dianbu::store::key::KeyRecord;
use dianbu::store::locked::Locked;
use dianbu::store::seal::{DataKey, Seal};
use dianbu::store::{Safe, Store};
use dianbu::sync::keys::Identity;
use dianbu::sync::member::{self, Founding, Names};
use dianbu::sync::state::State;
use dianbu::web::{clock, random};
use wasm_bindgen::prelude::*;

use super::failed;
use super::person::People;

/// A search shows so many at most, as in the app.
const MOST_FOUND: usize = 2_000;

/// A book in the browser's database.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Shop {
    session: Session<Safe>,
    roll: Option<Roll>,
    finder: Option<Finder>,
    order: Vec<RowId>,
}

#[wasm_bindgen]
impl Shop {
    /// Opens the book; a device that has none founds one.
    pub async fn open() -> Result<Shop, JsError> {
        let bare = Rc::new(Idb::open(NAME, |_| {}).await.map_err(failed)?);
        let record = KeyRecord::of(&bare.load_named().await.map_err(failed)?.meta).map_err(failed)?;
        let behind = |key: &DataKey| Locked::new(bare.clone(), Arc::new(Seal::new(key, random::fill)));
        let store = match record {
            Some(KeyRecord::Bare(key)) => behind(&key),
            Some(KeyRecord::Wrapped(_)) => return Err(failed("a PIN keeps this book")),
            None => {
                let key = DataKey::random(random::fill);
                let store = behind(&key);
                found(&store, &KeyRecord::Bare(key)).await?;
                store
            }
        };
        let loaded = store.load().await.map_err(failed)?;
        // The engine is opened by the synchronisation, after the first screen.
        let dev = member::device(&loaded.meta).ok_or_else(|| failed("no vault"))?;
        let session = Session::start(store, dev, loaded).await.map_err(failed)?;
        Ok(Self { session, roll: None, finder: None, order: Vec::new() })
    }

    /// Saves customers as one undertaking. When it is done they are durable and in the book.
    pub async fn import(&self, people: &People) -> Result<(), JsError> {
        let batch = RowId::random().map_err(failed)?;
        self.session.save(people.writes(), act(Some(batch))).await.map_err(failed)?;
        Ok(())
    }

    /// Writes the pages, as the app does when it has nothing else to do.
    pub async fn checkpoint(&self) -> Result<(), JsError> {
        self.session.checkpoint().await.map_err(failed)
    }

    /// Reads the list of customers in the order of their names; returns how many there are.
    pub fn list(&mut self) -> usize {
        let roll = self.session.with(Roll::new);
        self.order = roll.list(&Filter::default(), Sort::Name);
        self.roll = Some(roll);
        self.order.len()
    }

    /// What the first rows of the list show: six texts for each.
    pub fn first(&self, rows: usize) -> Vec<String> {
        let shown = |id: &RowId| {
            self.session.with(|book| {
                let row = book.row(customer::ID, *id).unwrap_or_default();
                [
                    row.text(customer::NAME).to_owned(),
                    row.text(customer::PHONE).to_owned(),
                    row.text(customer::EMPLOYER).to_owned(),
                    row.text(customer::GRADE).to_owned(),
                    row.get(customer::SPENT).unwrap_or_default().to_string(),
                    row.get(customer::NEXT_DAY).map_or_else(String::new, |day| day.to_string()),
                ]
            })
        };
        self.order.iter().take(rows).flat_map(shown).collect()
    }

    /// Finds customers; returns how many.
    pub fn find(&mut self, text: &str) -> usize {
        let finder = self.finder.get_or_insert_with(|| self.session.with(|book| Finder::new(book, customer::ID)));
        finder.find(text, MOST_FOUND).len()
    }

    /// Changes the note of a customer; lists and search follow, as in the app.
    pub async fn edit(&mut self, id: &str, note: String) -> Result<(), JsError> {
        let id = RowId::parse(id).ok_or_else(|| failed("no such customer"))?;
        let mut draft = self.session.with(|book| Draft::open(book, customer::ID, id));
        draft.set(customer::NOTE, &note);
        let Some(write) = draft.write() else { return Ok(()) };
        let saved = self.session.save(&[write], act(None)).await.map_err(failed)?;
        let Changed::Rows(rows) = saved.changed else { return Err(failed("the book was read anew")) };
        self.session.with(|book| {
            if let Some(roll) = &mut self.roll {
                roll.update(book, rows.iter().map(|row| row.1));
            }
            if let Some(finder) = &mut self.finder {
                for row in &rows {
                    finder.update(book, row.1);
                }
            }
        });
        Ok(())
    }
}

fn act(batch: Option<RowId>) -> Act {
    Act { now_ms: clock::now_ms(), by: None, batch }
}

async fn found(store: &Safe, record: &KeyRecord) -> Result<(), JsError> {
    let identity = Identity::new(&mut random::fill);
    let names = Names { vault: "店簿".to_owned(), device: "电脑".to_owned() };
    let founding = Founding::begin(&identity, names, clock::now_ms(), &mut random::fill).map_err(failed)?;
    let mut commit = founding.commit(&State::default(), &identity, &mut random::fill).map_err(failed)?;
    commit.change.meta.push(record.entry());
    store.transact(|state| commit.apply(state)).await.map(drop).map_err(failed)
}

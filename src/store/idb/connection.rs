//! One open connection, and what other tabs do to it.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use gloo::events::EventListener;
use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use wasm_bindgen::JsCast;

use super::failure::open_refusal;
use super::{DRAWERS, PHOTOS};
use crate::store::StoreError;

/// The layout this version of the app writes.
///
/// Version 2 has the drawer of photos.
const VERSION: u32 = 2;

/// What the person should be told about other tabs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notice {
    /// A newer version of the app took over the database in another tab. This one is closed to it: reload.
    Newer,
    /// The database was deleted from another tab. This one is closed to it: reload.
    Erased,
    /// A tab with an older version of the app holds the database and does not let go: close that tab.
    Blocked,
}

/// Why the database is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The app starts: a missing database is made.
    Start,
    /// A connection was lost while the app runs. A database that is gone by now was erased, and must not come back
    /// empty: its counters would give numbers out again that are already used.
    Return,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    /// Closed by the browser or by ourselves; may be opened again.
    Closed,
    /// Closed for good: only a reload helps.
    Retired,
}

/// An open connection; closed when dropped, after its transactions are done.
pub(super) struct Connection {
    database: Database,
    life: Rc<Cell<Life>>,
    _listeners: [EventListener; 2],
}

impl Connection {
    /// Opens the database.
    pub(super) async fn open(name: &str, purpose: Purpose, notify: &Rc<dyn Fn(Notice)>) -> Result<Self, StoreError> {
        let missing = Rc::new(Cell::new(false));
        let blocked = notify.clone();
        let opening = Database::open(name)
            .with_version(VERSION)
            .with_on_blocked(move |_| {
                blocked(Notice::Blocked);
                Ok(())
            })
            .with_on_upgrade_needed({
                let missing = missing.clone();
                move |event, database| {
                    missing.set(purpose == Purpose::Return && is_new(&event));
                    // An error here takes the whole upgrade back, so nothing is made.
                    if missing.get() {
                        Err(Error::from(js_sys::Error::new("erased")))
                    } else {
                        upgrade(&event, &database)
                    }
                }
            });
        match opening.await {
            Ok(database) => Ok(Self::of(database, notify.clone())),
            Err(_) if missing.get() => Err(StoreError::Closed),
            Err(error) => Err(open_refusal(error)),
        }
    }

    fn of(database: Database, notify: Rc<dyn Fn(Notice)>) -> Self {
        let life = Rc::new(Cell::new(Life::Open));
        let raw = database.as_sys();
        let change = EventListener::new(raw, "versionchange", {
            let (life, raw) = (life.clone(), raw.clone());
            move |event| {
                // Whoever asks waits for us: let go at once.
                raw.close();
                life.set(Life::Retired);
                let newer = event
                    .dyn_ref::<web_sys::IdbVersionChangeEvent>()
                    .is_some_and(|event| event.new_version().is_some());
                notify(if newer { Notice::Newer } else { Notice::Erased });
            }
        });
        let close = EventListener::new(raw, "close", {
            let life = life.clone();
            move |_| life.set(Life::Closed)
        });
        Self { database, life, _listeners: [change, close] }
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Closes the connection, to be opened again.
    pub(super) fn close(&self) {
        self.database.as_sys().close();
        if self.life.get() == Life::Open {
            self.life.set(Life::Closed);
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.life.get() != Life::Open
    }

    pub(super) fn is_retired(&self) -> bool {
        self.life.get() == Life::Retired
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.as_sys().close();
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

/// Deletes a database.
pub(super) async fn delete(name: &str) -> Result<(), StoreError> {
    let deleting = Database::delete_by_name(name).map_err(open_refusal)?;
    deleting.await.map_err(|error| open_refusal(OpenDbError::Base(error)))
}

fn is_new(event: &VersionChangeEvent) -> bool {
    event.old_version() < 1.0
}

/// Brings the layout from any older version to [`VERSION`], one step after the other.
fn upgrade(event: &VersionChangeEvent, database: &Database) -> Result<(), Error> {
    for drawer in DRAWERS {
        if event.old_version() < 1.0 || drawer == PHOTOS {
            database.create_object_store(drawer).build()?;
        }
    }
    Ok(())
}

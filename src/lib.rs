//! 店簿 Dianbu: the book that a shop keeps of its customers, its service standards and its complaints. It works
//! without a network and is shared through one storage bucket that can only list, get, put and delete.
//!
//! ```text
//! browser   ui         screens · parts · forms and cards from the declaration
//!            │
//! browser    ├─► web         one file for each capability of the browser
//! pure       ├─► exchange    files in and out: CSV, vCard, archive
//! pure       ├─► session     one device at work ─────────────► store::Store    port: memory, idb (browser)
//! pure       ├─► sync        objects, keys, engine, driver ──► remote::Bucket  port: memory, s3
//!            │
//! pure       ├─► book        cells · rows · operations · pages · search
//! pure       └─► domain      record kinds · lists · rules · calendars
//! ```
//!
//! Whoever stands higher may use what stands lower. What needs a browser is built for it alone, so on any other machine
//! this crate *is* the pure core.
//!
//! | module | begin with |
//! |---|---|
//! | [`domain`] | what a shop knows: [`domain::record`] declares a kind of record, one line a field |
//! | [`book`] | the state: [`book::row`] tells how a cell keeps what two people wrote apart |
//! | [`session`] | a device at work: durable first, in memory second |
//! | [`store`] | where a book sleeps: the port, its twin in memory, `IndexedDB` |
//! | [`sync`] | how devices meet: [`sync::engine`] decides, [`sync::driver`] does |
//! | [`remote`] | where books meet: the port, its twin in memory, S3 |
//! | [`exchange`] | what comes in and goes out: [`exchange::import`] plans, [`exchange::export`] writes |
//! | [`words`] | a text in every language |
//! | `web` | what the browser can do |
//! | `ui` | what people see and touch |
//!
//! `ARCHITECTURE.md` follows a keystroke to the bucket and back; `docs/protocol.md` describes what lies in the bucket;
//! `docs/decisions.md` gives the reasons.

pub mod book;
pub mod domain;
pub mod exchange;
pub mod guard;
pub mod remote;
pub mod session;
pub mod store;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod words;

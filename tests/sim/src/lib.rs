//! A simulator that tries to break the protocol: whole teams of devices, their bucket and their disks, with everything
//! that goes wrong in the world, out of one number.
//!
//! ```text
//! run      steps chosen by the seed, rest, checks; shortening of a failing run      main     the command
//! world    devices, tabs, what is under way          acts     what people and devices do
//! team     who belongs to it and what each may do    rules    a naive reading of that
//! tamper   a bucket that lies                        forge    a member who breaks the rules
//! rest     everything becomes calm, everything is checked                              books    the books at rest
//! desk     where every effect waits for its turn     disk     the store, with faults     cloud    the bucket, with faults
//! ledger   everything that anybody ever wrote        oracle   what a book must show      check    what must hold
//! photos   pictures that people take and devices bring     drawer   what is known of them     gallery  the same at rest
//! guards   which check protects what
//! ```
//!
//! The code under test is the real one: sessions, driver, engine, stores and bucket in memory run as they do in the
//! app, through their ports. Every call of a port waits at the [`desk`] until the run lets it go on, so a run can stop
//! between any two effects, lose an answer, or let something else happen first. A run is a pure function of its seed.
#![allow(missing_docs, reason = "a tool: what is public is public for its command and its tests")]

pub mod acts;
pub mod books;
pub mod chance;
pub mod check;
pub mod cloud;
pub mod desk;
pub mod disk;
pub mod drawer;
pub mod erase;
pub mod fault;
pub mod forge;
pub mod gallery;
pub mod ledger;
pub mod oracle;
pub mod photos;
pub mod record;
pub mod rest;
pub mod rules;
pub mod run;
pub mod tamper;
pub mod team;
pub mod world;

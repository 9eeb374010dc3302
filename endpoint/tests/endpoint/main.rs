//! The endpoint from outside: over HTTP, as a process, and through the S3 tools people use.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod clients;
mod life;
mod listing;
mod objects;
mod refusals;
mod shop;
mod vaults;

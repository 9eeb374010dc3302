//! The endpoint from outside: over HTTP, as a process, and through the S3 tools people use.

// Tests may panic: that is how they fail.
#![allow(clippy::unwrap_used)]

mod app;
mod clients;
mod life;
mod listing;
mod objects;
mod refusals;
mod shop;

//! Devices that meet in a bucket, as a user of the crate sees it.

#![allow(unreachable_pub, reason = "modules of one test binary")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../bucket_contract/mod.rs"]
mod bucket_contract;
mod carry;
mod codec;
mod crash;
mod erase;
mod faults;
mod forgery;
mod found;
mod frozen;
mod future;
mod heir;
mod keys_found;
mod kit;
mod pack;
mod photos;
mod photos_found;
mod rights;
mod round;
mod s3;
mod skew;
mod snapshot;
mod standing;
mod withdraw;

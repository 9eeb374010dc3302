//! A device whose clock is years off, at a bucket that refuses what is not signed now.

use std::cell::Cell;

use dianbu::remote::memory::Memory;
use dianbu::remote::{Bucket, Object, Page, RemoteError};
use dianbu::sync::driver::{self, WelcomeError};
use dianbu::sync::member::JoinError;

use crate::kit::{Device, NOON, now};

/// As far as a service lets clocks differ.
const ALLOWED_MS: u64 = 15 * 60_000;
const TEN_YEARS_MS: u64 = 10 * 365 * 86_400_000;

/// The bucket as a device with this clock meets it.
struct Punctual<'b> {
    bucket: &'b Memory,
    device_ms: u64,
    service_ms: u64,
    offset_ms: Cell<i64>,
}

impl Punctual<'_> {
    fn admit(&self) -> Result<(), RemoteError> {
        let signed = self.device_ms.saturating_add_signed(self.offset_ms.get());
        let near = signed.abs_diff(self.service_ms) <= ALLOWED_MS;
        if near { Ok(()) } else { Err(RemoteError::Skew { server_ms: Some(self.service_ms) }) }
    }
}

impl Bucket for Punctual<'_> {
    fn place(&self) -> String {
        self.bucket.place()
    }
    fn set_clock_offset(&self, offset_ms: i64) {
        self.offset_ms.set(offset_ms);
    }
    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        self.admit()?;
        self.bucket.list(prefix, next).await
    }
    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        self.admit()?;
        self.bucket.get(name).await
    }
    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        self.admit()?;
        self.bucket.put(name, bytes, if_absent).await
    }
    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        self.admit()?;
        self.bucket.delete(name).await
    }
    async fn answers(&self) -> bool {
        true
    }
}

#[test]
fn a_clock_that_is_ten_years_off_keeps_nobody_from_joining() {
    let bucket = Memory::default();
    let mut founder = Device::founder(1);
    founder.round(&bucket);
    let invitation = founder.invite(&bucket, 9).unwrap();
    let meet = |device_ms, service_ms| {
        let punctual = Punctual { bucket: &bucket, device_ms, service_ms, offset_ms: Cell::default() };
        now(driver::welcome(&punctual, &invitation, device_ms)).map(drop)
    };
    for device_ms in [NOON + TEN_YEARS_MS, NOON - TEN_YEARS_MS, NOON] {
        assert_eq!(meet(device_ms, NOON), Ok(()));
    }
    // And a clock that is years behind does not make an old invitation good again.
    let late = NOON + 86_400_001;
    for device_ms in [NOON - TEN_YEARS_MS, late] {
        assert!(matches!(meet(device_ms, late), Err(WelcomeError::Join(JoinError::Expired { .. }))));
    }
}

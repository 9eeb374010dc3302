//! Names of things: rows, devices, moments.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// Reads the id from its text form or from exactly 16 bytes of a file.
            pub fn parse(text: &str) -> Option<Self> {
                let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
                Self::from_slice(&bytes)
            }

            /// The id in exactly these 16 bytes; any other length is none.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

id! {
    /// A row of any kind: random, so that two devices never choose the same one.
    RowId
}
id! {
    /// A device: the first half of the SHA-256 of its two public keys, so that it cannot be claimed by another.
    DevId
}
id! {
    /// A vault: one team's shared book.
    VaultId
}

id! {
    /// A photo: the first half of the hash that names its content.
    PhotoId
}

impl RowId {
    /// The id of a row that the app ships (a dictionary entry, a standard): the same on every device.
    pub fn shipped(name: &str) -> Self {
        let hash = Sha256::new().chain_update(b"dianbu row ").chain_update(name).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash.as_slice()[..16]);
        Self(id)
    }
}

/// A moment of the hybrid logical clock: 48 bits of milliseconds since 1970, then a 16-bit counter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Stamp(pub u64);

impl Stamp {
    /// The first stamp of a millisecond.
    pub const fn at(ms: u64) -> Self {
        Self(ms << 16)
    }

    /// Milliseconds since 1970.
    pub const fn ms(self) -> u64 {
        self.0 >> 16
    }

    /// The stamp of the next write: never earlier than the clock, always later than `self`.
    /// It cannot fail: a clock that stands still or runs backwards only moves the counter on.
    pub const fn next(self, now_ms: u64) -> Self {
        let now = now_ms << 16;
        Self(if now > self.0 { now } else { self.0 + 1 })
    }
}

/// One write: the device and the stamp of the operation it came in. A device never uses a stamp twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Dot {
    /// When; first, so that the later of two dots is the greater.
    pub stamp: Stamp,
    /// Who.
    pub dev: DevId,
}

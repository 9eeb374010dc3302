//! Where books meet: one dumb bucket that can list, get, put and delete.

use std::fmt;

use minicbor::{Decode, Encode};

pub mod memory;
pub mod probe;
pub mod s3;

/// How to reach a bucket.
#[derive(Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Connection {
    /// Address of the S3 service, such as `https://s3.example.com`.
    #[n(0)]
    pub endpoint: String,
    /// Bucket.
    #[n(1)]
    pub bucket: String,
    /// Region, as the service names it; `us-east-1` where it has none.
    #[n(2)]
    pub region: String,
    /// Put before every name, without slashes at its ends; may be empty.
    #[n(3)]
    pub prefix: String,
    /// Access key.
    #[n(4)]
    pub access_key: String,
    /// Secret key.
    #[n(5)]
    pub secret_key: String,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, bucket, region, prefix, .. } = self;
        write!(f, "Connection({endpoint} {bucket} {region} {prefix})")
    }
}

/// An object in a listing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What the bucket calls this version of it, without quotes; empty if it does not tell.
    pub etag: String,
    /// Its size in bytes.
    pub size: u64,
}

/// An object as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Object {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What the bucket calls this version of it, without quotes; empty if it does not tell, or the browser hides it.
    pub etag: String,
}

/// A page of a listing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// Objects, in any order.
    pub entries: Vec<Entry>,
    /// How to ask for the next page, if there is one.
    pub next: Option<String>,
    /// The bucket's clock, in milliseconds since 1970, if it told.
    pub server_ms: Option<u64>,
}

/// A bucket. Names are relative to the prefix of the connection.
pub trait Bucket {
    /// A word that tells this bucket from any other: what was pushed there was not pushed elsewhere.
    fn place(&self) -> String;

    /// Milliseconds to add to the device's clock, as far as they are known, for signing requests.
    fn set_clock_offset(&self, offset_ms: i64);

    /// Lists names that begin with `prefix`; `next` continues a listing.
    fn list(&self, prefix: &str, next: Option<&str>) -> impl Future<Output = Result<Page, RemoteError>>;

    /// Reads an object.
    fn get(&self, name: &str) -> impl Future<Output = Result<Object, RemoteError>>;

    /// Writes an object and returns its entity tag, empty if the bucket did not tell. With `if_absent` the bucket
    /// is asked to refuse with [`RemoteError::Conflict`] if the name is taken; not every bucket does.
    fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> impl Future<Output = Result<String, RemoteError>>;

    /// Deletes an object; one that is not there counts as deleted.
    fn delete(&self, name: &str) -> impl Future<Output = Result<(), RemoteError>>;

    /// Whether anything answers at the address, even if the browser hides what: then a request that got no answer
    /// failed for want of a CORS rule.
    fn answers(&self) -> impl Future<Output = bool>;
}

/// Why the bucket did not do it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RemoteError {
    /// No such object.
    NotFound,
    /// No such bucket.
    NoBucket,
    /// The name is taken.
    Conflict,
    /// Refused, with the service's code: `AccessDenied`, `InvalidAccessKeyId`, `SignatureDoesNotMatch` …
    Denied(String),
    /// The device's clock is too far from the service's, which is given if the service told it.
    Skew {
        /// Milliseconds since 1970.
        server_ms: Option<u64>,
    },
    /// No answer: no network, wrong address, blocked by the browser, too late.
    Offline,
    /// Any other answer, by its number.
    Status(u16),
    /// The object is larger than any object may be.
    TooLarge,
    /// An answer that cannot be read, or an address or name that is none.
    Malformed(String),
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such object"),
            Self::NoBucket => f.write_str("no such bucket"),
            Self::Conflict => f.write_str("name is taken"),
            Self::Denied(code) => write!(f, "refused: {code}"),
            Self::Skew { .. } => f.write_str("clock differs too much"),
            Self::Offline => f.write_str("no answer"),
            Self::Status(status) => write!(f, "answer {status}"),
            Self::TooLarge => f.write_str("object too large"),
            Self::Malformed(what) => write!(f, "unreadable: {what}"),
        }
    }
}

impl std::error::Error for RemoteError {}

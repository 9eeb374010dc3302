//! A folder or a bucket, behind the port that the app uses.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use dianbu::remote::s3::S3;
use dianbu::remote::{Bucket, Entry, Object, Page, RemoteError};

use super::{Location, VaultError};
use crate::condition::hex;
use crate::files::{open_plain, scan};
use crate::key::Key;
use crate::store::{Condition, Store, StoreError};

/// An opened place.
pub(super) enum Place {
    /// A data folder that is only read; its endpoint may be running.
    Read { objects: PathBuf, prefix: String },
    /// A data folder that is ours.
    Write { store: Store, prefix: String },
    /// A bucket.
    S3(S3),
}

/// The device's clock in milliseconds since 1970.
pub(super) fn clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl Place {
    /// Opens a place to be read.
    pub(super) fn open(at: &Location) -> Result<Self, VaultError> {
        Ok(match at {
            Location::Folder { path, prefix } => {
                let objects = path.join("objects");
                if !objects.is_dir() {
                    return Err(RemoteError::NoBucket.into());
                }
                Self::Read { objects, prefix: with_slash(prefix) }
            }
            Location::Bucket(connection) => Self::S3(S3::new(connection, clock)?),
        })
    }

    /// Opens a place to be written. A folder is made, and held against other endpoints.
    pub(super) fn claim(at: &Location) -> Result<Self, VaultError> {
        let Location::Folder { path, prefix } = at else { return Self::open(at) };
        fs::create_dir_all(path).map_err(failed)?;
        let lock = File::options().create(true).truncate(false).write(true).open(path.join("lock")).map_err(failed)?;
        lock.try_lock().map_err(|_| VaultError::Busy)?;
        let store = Store::open(path, lock, usize::MAX).map_err(failed)?;
        Ok(Self::Write { store, prefix: with_slash(prefix) })
    }

    /// Everything before the names.
    fn prefix(&self) -> &str {
        match self {
            Self::Read { prefix, .. } | Self::Write { prefix, .. } => prefix,
            Self::S3(_) => "",
        }
    }

    fn key(&self, name: &str) -> Result<Key, RemoteError> {
        let key = format!("{}{name}", self.prefix());
        Key::parse(&key).map_err(|error| RemoteError::Malformed(error.to_string()))
    }
}

fn with_slash(prefix: &str) -> String {
    let prefix = prefix.trim().trim_matches('/');
    if prefix.is_empty() { String::new() } else { format!("{prefix}/") }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn failed(error: io::Error) -> RemoteError {
    match error.kind() {
        io::ErrorKind::NotFound => RemoteError::NotFound,
        _ => RemoteError::Malformed(error.to_string()),
    }
}

fn refused(error: StoreError) -> RemoteError {
    match error {
        StoreError::Missing => RemoteError::NotFound,
        StoreError::Condition => RemoteError::Conflict,
        StoreError::Clash(name) => RemoteError::Malformed(name),
        StoreError::Full(most) => RemoteError::Malformed(most.to_string()),
        StoreError::Io(error) => failed(error),
    }
}

/// A file that is no link, whole.
fn read(objects: &Path, key: &Key) -> io::Result<Vec<u8>> {
    open_plain(&objects.join(key.as_str()))?;
    fs::read(objects.join(key.as_str()))
}

/// The objects in the folder that all names beginning so lie in, by their names from the root.
fn scan_below(objects: &Path, begin: &str) -> io::Result<BTreeMap<String, crate::store::Entry>> {
    let folder = begin.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder.is_empty() {
        return scan(objects);
    }
    match scan(&objects.join(folder)) {
        Ok(index) => Ok(index.into_iter().map(|(name, entry)| (format!("{folder}/{name}"), entry)).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error),
    }
}

impl Bucket for Place {
    fn place(&self) -> String {
        match self {
            Self::Read { objects, prefix } => format!("{}/{prefix}", objects.display()),
            Self::Write { prefix, .. } => prefix.clone(),
            Self::S3(bucket) => bucket.place(),
        }
    }

    fn set_clock_offset(&self, offset_ms: i64) {
        if let Self::S3(bucket) = self {
            bucket.set_clock_offset(offset_ms);
        }
    }

    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        let begin = format!("{}{prefix}", self.prefix());
        let index = match self {
            Self::S3(bucket) => return bucket.list(prefix, next).await,
            Self::Read { objects, .. } => scan_below(objects, &begin).map_err(failed)?,
            Self::Write { store, .. } => store.all(),
        };
        let entries = index.into_iter().filter(|(key, _)| key.starts_with(&begin)).filter_map(|(key, entry)| {
            let name = key.strip_prefix(self.prefix())?.to_owned();
            Some(Entry { name, etag: hex(&entry.md5), size: entry.size })
        });
        Ok(Page { entries: entries.collect(), ..Page::default() })
    }

    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        let bytes = match self {
            Self::S3(bucket) => return bucket.get(name).await,
            Self::Read { objects, .. } => read(objects, &self.key(name)?).map_err(failed)?,
            Self::Write { store, .. } => {
                let whole = |entry: &crate::store::Entry| Ok::<_, StoreError>(0..entry.size);
                store.get(&self.key(name)?, whole).map_err(refused)?.2
            }
        };
        Ok(Object { bytes, etag: String::new() })
    }

    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        let condition = if if_absent { Condition::Absent } else { Condition::Always };
        match self {
            Self::S3(bucket) => bucket.put(name, bytes, if_absent).await,
            Self::Read { .. } => Err(RemoteError::Denied("read-only".to_owned())),
            Self::Write { store, .. } => {
                store.put(&self.key(name)?, &bytes, condition).map(|entry| hex(&entry.md5)).map_err(refused)
            }
        }
    }

    async fn delete(&self, _: &str) -> Result<(), RemoteError> {
        // Vaults are checked and copied; nothing here deletes.
        Err(RemoteError::Denied("read-only".to_owned()))
    }

    async fn answers(&self) -> bool {
        match self {
            Self::S3(bucket) => bucket.answers().await,
            _ => true,
        }
    }
}

/// A place that nothing is written to, whoever asks.
pub(super) struct ReadOnly<'p> {
    /// The place.
    pub(super) place: &'p Place,
    /// Names with this in them are as if they were not there.
    pub(super) hidden: Option<&'static str>,
}

impl Bucket for ReadOnly<'_> {
    fn place(&self) -> String {
        self.place.place()
    }

    fn set_clock_offset(&self, offset_ms: i64) {
        self.place.set_clock_offset(offset_ms);
    }

    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        self.place.list(prefix, next).await
    }

    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        if self.hidden.is_some_and(|part| name.contains(part)) {
            Err(RemoteError::NotFound)
        } else {
            self.place.get(name).await
        }
    }

    async fn put(&self, _: &str, _: Vec<u8>, _: bool) -> Result<String, RemoteError> {
        Err(RemoteError::Denied("read-only".to_owned()))
    }

    async fn delete(&self, _: &str) -> Result<(), RemoteError> {
        Err(RemoteError::Denied("read-only".to_owned()))
    }

    async fn answers(&self) -> bool {
        true
    }
}

/// Every entry whose name begins so, over all pages, by name. A clock that the service refuses is corrected.
pub(super) async fn list_all(place: &Place, prefix: &str) -> Result<Vec<Entry>, RemoteError> {
    let mut first = place.list(prefix, None).await;
    if let Err(RemoteError::Skew { server_ms: Some(server_ms) }) = first {
        place.set_clock_offset(server_ms.cast_signed().wrapping_sub(clock().cast_signed()));
        first = place.list(prefix, None).await;
    }
    let Page { mut entries, mut next, .. } = first?;
    while let Some(token) = next {
        let page = place.list(prefix, Some(&token)).await?;
        entries.extend(page.entries);
        next = page.next;
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

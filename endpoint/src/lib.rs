//! A small object-storage endpoint: an S3 API over a folder, and the app beside it.
//!
//! ```text
//!            request
//!               │
//!            server ── log            which side? one line per request
//!           ╱      ╲
//!        app        cors ─ meter      static files │ headers, refused bodies
//!                     │
//!                    s3s              signatures, XML (the library)
//!                     │
//!        keys       bucket ── upload, condition, listing, refusal
//!                     │
//!                   store ── list, files, key       plain files, synced and renamed
//! ```
//!
//! Beside it, [`vault`] checks, backs up and restores what the app keeps in a folder or a bucket.
//!
//! The endpoint itself knows nothing of what it stores: any S3-compatible bucket serves the app as well. One bucket, one pair of keys,
//! path-style addresses, signature version 4 in headers and in presigned URLs. Not there: versions, multipart uploads,
//! object metadata, rights.
//!
//! rclone, `aws s3api` and s3cmd work with it; s3cmd needs `bucket_location = us-east-1`, because its own default `US` is
//! no region name.
//!
//! For TLS put it behind any reverse proxy that passes the `Host` header on (it is part of every signature).
//!
//! ```no_run
//! # async fn example() -> Result<(), dianbu_endpoint::Error> {
//! let running = dianbu_endpoint::serve(dianbu_endpoint::Config::new("127.0.0.1:0", "./data")).await?;
//! let address = running.addr();
//! running.shutdown().await;
//! # Ok(()) }
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod app;
mod bucket;
mod condition;
mod cors;
mod error;
mod files;
mod key;
mod keys;
mod list;
mod listing;
mod log;
mod meter;
mod refusal;
mod server;
mod store;
mod upload;
pub mod vault;

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use crate::error::Error;
pub use crate::keys::Keys;

/// Longest object in bytes unless told otherwise.
pub const MAX_OBJECT: u64 = 16 * 1024 * 1024;
/// Most objects unless told otherwise.
pub const MAX_OBJECTS: usize = 200_000;
/// Longest XML a client may send: the names of 1,000 objects to delete.
const MAX_XML: usize = 4 * 1024 * 1024;

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on, such as `127.0.0.1:8080`; port 0 takes a free one.
    pub listen: String,
    /// Folder of objects and credentials, made if missing.
    pub data: PathBuf,
    /// Folder of the built app, if it is to be served.
    pub app: Option<PathBuf>,
    /// Name of the bucket, by the rules of S3. Its first path segment hides an app file of the same name.
    pub bucket: String,
    /// Keys to use; otherwise those in the data folder, made at first start.
    pub keys: Option<Keys>,
    /// Longest object in bytes. An object is held in memory while it is received or sent.
    pub max_object: u64,
    /// Most objects in the bucket.
    pub max_objects: usize,
    /// Where each request leaves a line.
    pub log: Log,
}

/// Where each request leaves a line: `time method path status in=bytes out=bytes`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Log {
    /// Nowhere.
    #[default]
    None,
    /// Standard output.
    Stdout,
    /// Appended to a file.
    File(PathBuf),
}

impl Config {
    /// The bucket `dianbu` over `data`, no app, no log, the usual limits.
    pub fn new(listen: impl Into<String>, data: impl Into<PathBuf>) -> Self {
        Self {
            listen: listen.into(),
            data: data.into(),
            app: None,
            bucket: "dianbu".to_owned(),
            keys: None,
            max_object: MAX_OBJECT,
            max_objects: MAX_OBJECTS,
            log: Log::None,
        }
    }
}

/// A started endpoint. Dropped, it stops as if shut down, without waiting.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    keys: Keys,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// The address it listens on, with the real port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The keys its clients sign with.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Takes no new connections, lets requests in flight finish (for 10 seconds at most), frees the data folder.
    pub async fn shutdown(self) {
        // Either it hears this or it is gone already.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

/// Opens the data folder and starts serving on the current tokio runtime.
pub async fn serve(config: Config) -> Result<Running, Error> {
    if !s3s::path::check_bucket_name(&config.bucket) {
        return Err(Error::Bucket { name: config.bucket });
    }
    let app = match &config.app {
        Some(path) => Some(app::App::open(path).map_err(|source| Error::App { path: path.clone(), source })?),
        None => None,
    };
    let log = match &config.log {
        Log::None => log::AccessLog::None,
        Log::Stdout => log::AccessLog::Stdout,
        Log::File(path) => log::AccessLog::append(path).map_err(|source| Error::Log { path: path.clone(), source })?,
    };
    let listener = TcpListener::bind(&config.listen)
        .await
        .map_err(|source| Error::Listen { address: config.listen.clone(), source })?;
    let addr = listener.local_addr().map_err(|source| Error::Listen { address: config.listen.clone(), source })?;

    let (max_object, bucket) = (config.max_object, config.bucket.clone());
    // Reading the whole folder may take a while on a slow disk.
    let (keys, s3) = tokio::task::spawn_blocking(move || open(config))
        .await
        .map_err(|source| Error::Data { path: PathBuf::new(), source: source.into() })??;
    let server = server::Server { s3, app, bucket, log, most_drained: max_object.saturating_mul(2) };
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server::run(Arc::new(server), listener, stopped));
    Ok(Running { addr, keys, stop, task })
}

/// Takes the data folder for this process, finds the keys, reads the objects.
fn open(config: Config) -> Result<(Keys, S3Service), Error> {
    let data = config.data;
    let failed = |source| Error::Data { path: data.clone(), source };
    fs::create_dir_all(&data).map_err(failed)?;
    let lock = lock(&data)?;
    let keys = if let Some(keys) = config.keys {
        keys
    } else {
        let path = data.join("credentials");
        Keys::load_or_make(&path).map_err(|source| Error::Keys { path, source })?
    };
    if !keys.are_usable() {
        return Err(Error::GivenKeys);
    }
    let store = Arc::new(store::Store::open(&data, lock, config.max_objects).map_err(failed)?);
    let since = fs::metadata(&data).and_then(|found| found.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let bucket = bucket::Bucket { name: config.bucket, store, max_object: config.max_object, since };

    let mut limits = S3Config::default();
    limits.xml_max_body_size = MAX_XML;
    let mut builder = S3ServiceBuilder::new(bucket);
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits))));
    builder.set_auth(keys.clone());
    Ok((keys, builder.build()))
}

/// Two endpoints over one folder would not see each other's writes.
fn lock(data: &Path) -> Result<File, Error> {
    let failed = |source| Error::Data { path: data.to_owned(), source };
    let file = File::options().create(true).truncate(false).write(true).open(data.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Busy { path: data.to_owned() }),
        Err(fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

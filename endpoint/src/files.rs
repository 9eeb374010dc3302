//! The few file operations the store stands on, each leaving the disk in a state that survives a crash.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use s3s::crypto::{Checksum as _, Md5};

use crate::key::Key;
use crate::store::Entry;

/// A file in `tmp` that is removed again unless it was renamed away.
#[derive(Debug)]
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    /// Writes and syncs the file.
    pub(crate) fn write(path: PathBuf, bytes: &[u8]) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let temporary = Self(path);
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a successful rename there is nothing here; after a failure, what stays is removed at the next start.
        let _ = fs::remove_file(&self.0);
    }
}

/// Every object below `root`. Links and names that are no keys are left alone and reported.
pub(crate) fn scan(root: &Path) -> io::Result<BTreeMap<String, Entry>> {
    let mut index = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for found in fs::read_dir(folder)? {
            let path = found?.path();
            let kind = fs::symlink_metadata(&path)?.file_type();
            let key = path.strip_prefix(root).ok().and_then(Path::to_str).and_then(|name| Key::parse(name).ok());
            match key {
                Some(_) if kind.is_dir() => folders.push(path),
                Some(key) if kind.is_file() => {
                    index.insert(key.as_str().to_owned(), describe(&mut open_plain(&path)?)?);
                }
                _ => eprintln!("不是对象，已忽略 · not an object, left alone: {}", path.display()),
            }
        }
    }
    Ok(index)
}

/// Opens a file that is no link.
pub(crate) fn open_plain(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path)?.is_file() { File::open(path) } else { Err(io::ErrorKind::NotFound.into()) }
}

/// Reads the file once for its entry and goes back to its start.
pub(crate) fn describe(file: &mut File) -> io::Result<Entry> {
    let modified = file.metadata()?.modified()?;
    let (mut md5, mut size, mut block) = (Md5::new(), 0, vec![0; 64 * 1024]);
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => {
                md5.update(block.get(..read).unwrap_or_default());
                size += read as u64;
            }
        }
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(Entry { size, md5: md5.finalize(), modified })
}

pub(crate) fn read_range(file: &mut File, range: &Range<u64>) -> io::Result<Vec<u8>> {
    let length = range.end - range.start;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.seek(SeekFrom::Start(range.start))?;
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes names created, renamed or removed in `folder` durable. Elsewhere than on Unix a folder cannot be synced.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

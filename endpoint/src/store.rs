//! The folder: objects are plain files, an index in memory knows their names, sizes and tags.
//!
//! ```text
//! DIR/objects/<key>   one file per object
//! DIR/tmp/            files being written; emptied at start
//! DIR/credentials     access key and secret
//! DIR/lock            held while an endpoint runs over DIR
//! ```
//!
//! A write goes to `tmp`, is synced, renamed into place, and the folder is synced before the client hears of it: after
//! a crash there is the old object or the new one, never half of one. The index is built at start by reading every
//! file once (its MD5 is the `ETag`), so a listing touches no file. Reading an object notices a file that was changed by
//! hand; a file *added* by hand is seen at the next start.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

use s3s::crypto::{Checksum as _, Md5};

use crate::files::{Temporary, describe, open_plain, read_range, scan, sync_folder, sync_parent};
use crate::key::Key;
use crate::list::{Page, Query, page};

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Length in bytes.
    pub(crate) size: u64,
    /// MD5 of the content, as S3 has it in its `ETag`.
    pub(crate) md5: [u8; 16],
    /// When the file was last written.
    pub(crate) modified: SystemTime,
}

/// What must hold for a change to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing.
    Always,
    /// No object has the name yet.
    Absent,
    /// An object has the name, whatever its content.
    Present,
    /// An object with this MD5 has the name; `None` stands for an `ETag` that no object here can have.
    Content(Option<[u8; 16]>),
}

/// Why a request on the folder failed.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// No such object.
    Missing,
    /// The condition does not hold.
    Condition,
    /// The name is a folder of other objects, or lies below an object; holds the name in the way.
    Clash(String),
    /// The bucket holds as many objects as it may.
    Full(usize),
    /// The file system failed.
    Io(io::Error),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// All objects of the bucket.
#[derive(Debug)]
pub(crate) struct Store {
    objects: PathBuf,
    tmp: PathBuf,
    max_objects: usize,
    index: RwLock<BTreeMap<String, Entry>>,
    /// Whoever changes files holds the turn; the number names the next temporary file.
    turn: Mutex<u64>,
    /// Keeps other processes out of the folder as long as anything here may still write.
    _lock: File,
}

impl Store {
    /// Opens the folders below `dir`, removes leftovers of writes cut short, reads every object once.
    pub(crate) fn open(dir: &Path, lock: File, max_objects: usize) -> io::Result<Self> {
        let (objects, tmp) = (dir.join("objects"), dir.join("tmp"));
        match fs::remove_dir_all(&tmp) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&tmp)?,
        }
        fs::create_dir_all(&objects)?;
        sync_folder(dir)?;
        let index = RwLock::new(scan(&objects)?);
        Ok(Self { objects, tmp, max_objects, index, turn: Mutex::new(0), _lock: lock })
    }

    /// One page of names.
    pub(crate) fn list(&self, query: &Query<'_>) -> Page<Entry> {
        page(&self.read_index(), query)
    }

    /// Every object.
    pub(crate) fn all(&self) -> BTreeMap<String, Entry> {
        self.read_index().clone()
    }

    /// What is known of `key`, checked against its file.
    pub(crate) fn head(&self, key: &Key) -> Result<Entry, StoreError> {
        self.open_object(key).map(|(entry, _)| entry)
    }

    /// The bytes of `key` that `choose` picks once it knows the entry.
    pub(crate) fn get<E: From<StoreError>>(
        &self,
        key: &Key,
        choose: impl FnOnce(&Entry) -> Result<Range<u64>, E>,
    ) -> Result<(Entry, Range<u64>, Vec<u8>), E> {
        let (entry, mut file) = self.open_object(key)?;
        let range = choose(&entry)?;
        let bytes = read_range(&mut file, &range).map_err(StoreError::from)?;
        Ok((entry, range, bytes))
    }

    /// Stores `bytes` as `key`, durably, if `condition` holds at the moment the name changes.
    pub(crate) fn put(&self, key: &Key, bytes: &[u8], condition: Condition) -> Result<Entry, StoreError> {
        let temporary = Temporary::write(self.tmp.join(self.next_name()), bytes)?;
        let modified = fs::metadata(temporary.path())?.modified()?;
        let entry = Entry { size: bytes.len() as u64, md5: Md5::checksum(bytes), modified };

        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.admit(key, condition)?;
        let place = self.make_folders(key)?;
        {
            // Readers open files under the index, so that name and content change together for them.
            let mut index = self.write_index();
            fs::rename(temporary.path(), &place)?;
            index.insert(key.as_str().to_owned(), entry.clone());
        }
        sync_parent(&place)?;
        Ok(entry)
    }

    /// Removes `key` and folders left empty. Removing what is not there succeeds, as in S3.
    pub(crate) fn delete(&self, key: &Key, condition: Condition) -> Result<(), StoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.read_index().get(key.as_str()).cloned();
        condition.check(known.as_ref())?;
        if known.is_none() {
            return Ok(());
        }
        let place = self.place(key)?;
        {
            let mut index = self.write_index();
            match fs::remove_file(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => index.remove(key.as_str()),
            };
        }
        match sync_parent(&place) {
            // Someone removed the whole folder by hand.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            synced => synced?,
        }
        for folder in key.folders().rev() {
            // The first folder that still holds something ends the walk.
            if fs::remove_dir(self.objects.join(folder)).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Whether `key` may be written now. Call with the turn held.
    fn admit(&self, key: &Key, condition: Condition) -> Result<(), StoreError> {
        let index = self.read_index();
        let known = index.get(key.as_str());
        condition.check(known)?;
        if let Some(above) = key.folders().find(|folder| index.contains_key(*folder)) {
            return Err(StoreError::Clash(above.to_owned()));
        }
        let inside = format!("{}/", key.as_str());
        if let Some((below, _)) = index.range(inside.clone()..).next().filter(|(name, _)| name.starts_with(&inside)) {
            return Err(StoreError::Clash(below.clone()));
        }
        if known.is_none() && index.len() >= self.max_objects {
            return Err(StoreError::Full(self.max_objects));
        }
        Ok(())
    }

    /// The object's file, opened, with an entry that describes exactly this content.
    fn open_object(&self, key: &Key) -> Result<(Entry, File), StoreError> {
        let place = self.place(key)?;
        let (known, opened) = {
            let index = self.read_index();
            let known = index.get(key.as_str()).cloned().ok_or(StoreError::Missing)?;
            (known, open_plain(&place))
        };
        let mut file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.forget(key, &known);
                return Err(StoreError::Missing);
            }
            Err(error) => return Err(error.into()),
        };
        let found = file.metadata()?;
        if found.len() == known.size && found.modified()? == known.modified {
            return Ok((known, file));
        }
        let entry = describe(&mut file)?;
        let mut index = self.write_index();
        if index.get(key.as_str()) == Some(&known) {
            index.insert(key.as_str().to_owned(), entry.clone());
        }
        Ok((entry, file))
    }

    /// Drops an entry whose file was removed by hand, unless it was written again meanwhile.
    fn forget(&self, key: &Key, known: &Entry) {
        let mut index = self.write_index();
        if index.get(key.as_str()) == Some(known) {
            index.remove(key.as_str());
        }
    }

    /// Where the object's file is; refused if a link stands where a folder must be.
    fn place(&self, key: &Key) -> Result<PathBuf, StoreError> {
        for folder in key.folders() {
            match fs::symlink_metadata(self.objects.join(folder)) {
                Ok(found) if found.is_dir() => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => break,
                Ok(_) => return Err(StoreError::Clash(folder.to_owned())),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.objects.join(key.as_str()))
    }

    /// Makes the folders of `key`, each synced into its parent, and says where the file belongs.
    fn make_folders(&self, key: &Key) -> Result<PathBuf, StoreError> {
        let place = self.place(key)?;
        if fs::symlink_metadata(&place).is_ok_and(|found| found.is_dir()) {
            // An empty folder left by hand holds no object: the name is free.
            fs::remove_dir(&place).map_err(|_| StoreError::Clash(key.as_str().to_owned()))?;
        }
        for folder in key.folders() {
            let folder = self.objects.join(folder);
            match fs::create_dir(&folder) {
                Ok(()) => sync_parent(&folder)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(place)
    }

    fn next_name(&self) -> String {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        *turn += 1;
        turn.to_string()
    }

    fn read_index(&self) -> RwLockReadGuard<'_, BTreeMap<String, Entry>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_index(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Entry>> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Condition {
    fn check(self, known: Option<&Entry>) -> Result<(), StoreError> {
        match (self, known) {
            (Self::Always, _) | (Self::Absent, None) | (Self::Present, Some(_)) => Ok(()),
            (Self::Content(md5), Some(entry)) if md5 == Some(entry.md5) => Ok(()),
            (Self::Present | Self::Content(_), None) => Err(StoreError::Missing),
            (Self::Absent | Self::Content(_), Some(_)) => Err(StoreError::Condition),
        }
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;

//! A bucket in memory, with faults to order: the twin that tests and the simulator use.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Bucket, Entry, Object, Page, RemoteError};
use crate::sync::object::hash;

/// What is asked of a bucket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// LIST of a prefix.
    List(String),
    /// GET of a name.
    Get(String),
    /// PUT of a name.
    Put(String),
    /// DELETE of a name.
    Delete(String),
}

/// What becomes of a request.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Fate {
    /// It is done.
    #[default]
    Done,
    /// It fails, and nothing happens.
    Lost(RemoteError),
    /// It happens, but its answer is lost.
    Unanswered(RemoteError),
}

type Judge = Box<dyn FnMut(&Request) -> Fate>;

/// A bucket that lasts as long as the value.
#[derive(Default)]
pub struct Memory(RefCell<Inside>);

#[derive(Default)]
struct Inside {
    objects: BTreeMap<String, Vec<u8>>,
    requests: Vec<Request>,
    judge: Option<Judge>,
    page: usize,
    server_ms: Option<u64>,
    takes_conditions: Option<bool>,
    reachable: bool,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Memory").field(&self.0.borrow().objects.keys()).finish()
    }
}

impl Memory {
    /// Decides the fate of every further request.
    pub fn judge(&self, judge: impl FnMut(&Request) -> Fate + 'static) {
        self.0.borrow_mut().judge = Some(Box::new(judge));
    }

    /// Every further request is done.
    pub fn behave(&self) {
        self.0.borrow_mut().judge = None;
    }

    /// The requests since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.0.borrow_mut().requests)
    }

    /// Pages of a listing hold so many entries; 1,000 unless set.
    pub fn set_page(&self, entries: usize) {
        self.0.borrow_mut().page = entries;
    }

    /// The clock that listings tell.
    pub fn set_server_ms(&self, server_ms: Option<u64>) {
        self.0.borrow_mut().server_ms = server_ms;
    }

    /// Whether `if_absent` is heeded; it is unless set otherwise.
    pub fn set_conditions(&self, heeded: bool) {
        self.0.borrow_mut().takes_conditions = Some(heeded);
    }

    /// Whether something answers at the address when requests get no answer.
    pub fn set_reachable(&self, reachable: bool) {
        self.0.borrow_mut().reachable = reachable;
    }

    /// The objects, to look at or to tamper with.
    pub fn with_objects<T>(&self, f: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> T {
        f(&mut self.0.borrow_mut().objects)
    }

    fn ask<T>(
        &self,
        request: Request,
        act: impl FnOnce(&mut Inside) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        // The judge may look at the bucket, so it is not called while the inside is borrowed.
        let judge = self.0.borrow_mut().judge.take();
        let (fate, judge) = match judge {
            Some(mut judge) => (judge(&request), Some(judge)),
            None => (Fate::Done, None),
        };
        let mut inside = self.0.borrow_mut();
        if inside.judge.is_none() {
            inside.judge = judge;
        }
        inside.requests.push(request);
        match fate {
            Fate::Done => act(&mut inside),
            Fate::Lost(error) => Err(error),
            Fate::Unanswered(error) => act(&mut inside).and(Err(error)),
        }
    }
}

fn etag(object: &[u8]) -> String {
    hash(object)[..8].iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

impl Bucket for Memory {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn set_clock_offset(&self, _: i64) {}

    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        self.ask(Request::List(prefix.to_owned()), |inside| {
            let after = next.unwrap_or_default();
            let mut entries: Vec<Entry> = inside
                .objects
                .iter()
                .filter(|(name, _)| name.starts_with(prefix) && name.as_str() > after)
                .map(|(name, object)| Entry { name: name.clone(), etag: etag(object), size: object.len() as u64 })
                .collect();
            let page = if inside.page == 0 { 1000 } else { inside.page };
            let more = entries.len() > page;
            entries.truncate(page);
            let next = entries.last().filter(|_| more).map(|entry| entry.name.clone());
            Ok(Page { entries, next, server_ms: inside.server_ms })
        })
    }

    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        self.ask(Request::Get(name.to_owned()), |inside| {
            let bytes = inside.objects.get(name).cloned().ok_or(RemoteError::NotFound)?;
            let etag = etag(&bytes);
            Ok(Object { bytes, etag })
        })
    }

    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        self.ask(Request::Put(name.to_owned()), |inside| {
            if if_absent && inside.takes_conditions != Some(false) && inside.objects.contains_key(name) {
                return Err(RemoteError::Conflict);
            }
            let etag = etag(&bytes);
            inside.objects.insert(name.to_owned(), bytes);
            Ok(etag)
        })
    }

    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        self.ask(Request::Delete(name.to_owned()), |inside| {
            inside.objects.remove(name);
            Ok(())
        })
    }

    async fn answers(&self) -> bool {
        self.0.borrow().reachable
    }
}

//! The bucket, on the real one in memory: it forgets answers, delays, repeats, truncates, lies about the past, shows
//! each device another view, ignores conditions and can be emptied or put back.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dianbu::remote::memory::{Memory, Request};
use dianbu::remote::{Bucket, Object, Page, RemoteError};
use dianbu::sync::name::Name;
use dianbu::sync::object::hash;

use crate::desk::{Desk, Fate, What, now};
use crate::ledger::Ledger;

/// By profile and name what is shown instead of the truth.
type Views = BTreeMap<(usize, String), Option<Vec<u8>>>;

/// Everything in a bucket at one moment.
pub type Objects = BTreeMap<String, Vec<u8>>;

/// A request that is on its way although its sender no longer waits.
#[derive(Clone, Debug)]
struct Late {
    name: String,
    bytes: Vec<u8>,
    if_absent: bool,
}

/// The bucket.
#[derive(Debug, Default)]
pub struct Cloud {
    memory: Memory,
    /// The true time, in milliseconds since 1970.
    pub time: Cell<u64>,
    late: RefCell<Vec<Late>>,
    /// Earlier contents of each name, oldest first.
    past: RefCell<BTreeMap<String, Vec<Vec<u8>>>>,
    /// Hashes of everything that was ever put under a name.
    ever: RefCell<BTreeMap<String, BTreeSet<[u8; 32]>>>,
    /// What one profile is shown instead of the truth; none where a name is hidden from it.
    views: RefCell<Views>,
    /// What names should hold that were tampered with.
    damage: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
    /// Entity tags are told with GET and PUT.
    pub tells_tags: Cell<bool>,
    /// The clock is told with LIST.
    pub tells_time: Cell<bool>,
    /// Requests that are signed at a wrong time are refused.
    pub strict: Cell<bool>,
    /// Conditions are heeded.
    pub conditions: Cell<bool>,
}

impl Cloud {
    /// The requests since the last call.
    pub fn requests(&self) -> Vec<Request> {
        self.memory.requests()
    }

    /// How many entries a page of a listing has, and whether conditions are heeded.
    pub fn set(&self, page: usize, conditions: bool) {
        self.memory.set_page(page);
        self.memory.set_conditions(conditions);
        self.conditions.set(conditions);
    }

    /// Everything that is there now.
    pub fn objects(&self) -> Objects {
        self.memory.with_objects(|objects| objects.clone())
    }

    /// The object under a name.
    pub fn object(&self, name: &str) -> Option<Vec<u8>> {
        self.memory.with_objects(|objects| objects.get(name).cloned())
    }

    /// What the name held before, oldest first.
    pub fn past(&self, name: &str) -> Vec<Vec<u8>> {
        self.past.borrow().get(name).cloned().unwrap_or_default()
    }

    /// Whether these bytes were ever put under this name.
    pub fn was_put(&self, name: &str, hash: &[u8; 32]) -> bool {
        self.ever.borrow().get(name).is_some_and(|all| all.contains(hash))
    }

    /// Replaces or removes an object behind everybody's back; it can be put right with [`heal`](Self::heal).
    pub fn tamper(&self, name: &str, bytes: Option<Vec<u8>>) {
        let before = self.memory.with_objects(|objects| match bytes {
            Some(bytes) => objects.insert(name.to_owned(), bytes),
            None => objects.remove(name),
        });
        self.damage.borrow_mut().entry(name.to_owned()).or_insert(before);
    }

    /// Puts everything right that was tampered with, unless its author did so already.
    pub fn heal(&self) {
        for (name, whole) in std::mem::take(&mut *self.damage.borrow_mut()) {
            self.memory.with_objects(|objects| match whole {
                Some(whole) => objects.insert(name, whole),
                None => objects.remove(&name),
            });
        }
    }

    /// Puts the whole bucket back to an earlier state.
    pub fn put_back(&self, objects: Objects) {
        self.damage.borrow_mut().clear();
        self.memory.with_objects(|now| *now = objects);
    }

    /// Shows one profile something else, or nothing, under a name.
    pub fn show(&self, profile: usize, name: &str, instead: Option<Vec<u8>>) {
        self.views.borrow_mut().insert((profile, name.to_owned()), instead);
    }

    /// Everybody sees the same again.
    pub fn end_views(&self) {
        self.views.borrow_mut().clear();
    }

    /// Whether a profile is shown something else than the others.
    pub fn has_view(&self, profile: usize) -> bool {
        self.views.borrow().keys().any(|(other, _)| *other == profile)
    }

    /// Whether a name is tampered with.
    pub fn is_damaged(&self) -> bool {
        !self.damage.borrow().is_empty()
    }

    /// How many requests are still on their way.
    pub fn late(&self) -> usize {
        self.late.borrow().len()
    }

    /// One of the delayed requests arrives.
    pub fn arrive(&self, which: usize) {
        let late = {
            let mut all = self.late.borrow_mut();
            if which >= all.len() {
                return;
            }
            all.remove(which)
        };
        let _ = self.store(&late.name, late.bytes, late.if_absent);
    }

    /// Somebody puts an object by hand.
    pub fn place(&self, name: &str, bytes: Vec<u8>) {
        let _ = self.store(name, bytes, false);
    }

    /// The object as one profile is shown it.
    pub fn shown(&self, profile: usize, name: &str) -> Option<Vec<u8>> {
        let view = self.views.borrow().get(&(profile, name.to_owned())).cloned();
        view.unwrap_or_else(|| self.object(name))
    }

    fn store(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        let before = self.object(name);
        let digest = hash(&bytes);
        let tag = now(self.memory.put(name, bytes, if_absent))?;
        self.ever.borrow_mut().entry(name.to_owned()).or_default().insert(digest);
        // The author has put his own in its place: nothing is left to be put right.
        self.damage.borrow_mut().remove(name);
        if let Some(before) = before {
            self.past.borrow_mut().entry(name.to_owned()).or_default().push(before);
        }
        Ok(tag)
    }

    fn list_of(&self, profile: usize, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        let views = self.views.borrow();
        let own: Vec<_> = views.iter().filter(|((other, _), _)| *other == profile).collect();
        if own.is_empty() {
            return now(self.memory.list(prefix, next));
        }
        // The view is a bucket of its own, made for this one question.
        let view = Memory::default();
        view.with_objects(|objects| {
            *objects = self.objects();
            for ((_, name), instead) in own {
                match instead {
                    Some(bytes) => objects.insert(name.clone(), bytes.clone()),
                    None => objects.remove(name),
                };
            }
        });
        let _ = now(self.memory.list(prefix, next)); // it is a request all the same
        now(view.list(prefix, None))
    }
}

/// The tag that the bucket gives to these bytes.
fn tag_of(bytes: &[u8]) -> String {
    hash(bytes)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bucket as one device reaches it.
#[derive(Debug)]
pub struct Line {
    /// The bucket.
    pub cloud: Rc<Cloud>,
    /// Where its calls wait.
    pub desk: Rc<Desk>,
    /// Whose line it is.
    pub profile: usize,
    /// The device's clock.
    pub clock: Rc<Cell<u64>>,
    /// What is looked after.
    pub ledger: Rc<RefCell<Ledger>>,
    /// Milliseconds to add to that clock for signing.
    pub offset: Cell<i64>,
    /// Requests so far.
    pub asked: Cell<usize>,
}

/// How far a request's time may be off, in milliseconds.
const SKEW_MS: u64 = 900_000;

impl Line {
    /// What a request comes to before it reaches the bucket.
    fn fails(&self, fate: Fate) -> Result<(), RemoteError> {
        self.asked.set(self.asked.get() + 1);
        match fate {
            Fate::Lost => return Err(RemoteError::Offline),
            Fate::Status => return Err(RemoteError::Status(503)),
            _ => {}
        }
        let (signed, time) = (self.clock.get().saturating_add_signed(self.offset.get()), self.cloud.time.get());
        if self.cloud.strict.get() && signed.abs_diff(time) > SKEW_MS {
            return Err(RemoteError::Skew { server_ms: Some(time) });
        }
        Ok(())
    }

    fn tag(&self, tag: String) -> String {
        if self.cloud.tells_tags.get() { tag } else { String::new() }
    }
}

impl Bucket for Line {
    fn place(&self) -> String {
        self.cloud.memory.place()
    }

    fn set_clock_offset(&self, offset_ms: i64) {
        self.offset.set(offset_ms);
    }

    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        let fate = self.desk.pass(What::List).await;
        self.fails(fate)?;
        let mut page = self.cloud.list_of(self.profile, prefix, next)?;
        if let Fate::Stale(at) = fate {
            // Entries that are not there yet, and no order.
            let at = usize::from(at);
            if at % 3 == 0 && page.entries.len() > 1 {
                page.entries.remove(at % page.entries.len());
            }
            page.entries.reverse();
        }
        page.server_ms = self.cloud.tells_time.get().then(|| self.cloud.time.get());
        Ok(page)
    }

    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        let fate = self.desk.pass(What::Get(name.to_owned())).await;
        self.fails(fate)?;
        // It counts as a request, whatever is shown.
        let truth = now(self.cloud.memory.get(name));
        let mut object = match self.cloud.views.borrow().get(&(self.profile, name.to_owned())) {
            Some(Some(bytes)) => Object { bytes: bytes.clone(), etag: tag_of(bytes) },
            Some(None) => return Err(RemoteError::NotFound),
            None => truth?,
        };
        let length = object.bytes.len().max(1);
        match fate {
            Fate::Cut(at) => object.bytes.truncate(usize::from(at) % length),
            Fate::Flip(at) => {
                if let Some(byte) = object.bytes.get_mut(usize::from(at) % length) {
                    *byte ^= 1 << (at % 8);
                }
            }
            Fate::Stale(at) => {
                let past = self.cloud.past(name);
                if let Some(old) = past.get(usize::from(at) % past.len().max(1)) {
                    object = Object { bytes: old.clone(), etag: tag_of(old) };
                }
            }
            _ => {}
        }
        object.etag = self.tag(object.etag);
        Ok(object)
    }

    async fn put(&self, name: &str, mut bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        let fate = self.desk.pass(What::Put(name.to_owned())).await;
        self.fails(fate)?;
        self.ledger.borrow_mut().put(self.profile, name, &bytes, &self.cloud);
        let whole = bytes.clone();
        if fate == Fate::Late || fate == Fate::Twice {
            let late = Late { name: name.to_owned(), bytes: bytes.clone(), if_absent };
            self.cloud.late.borrow_mut().push(late);
        }
        if fate == Fate::Late {
            return Err(RemoteError::Offline);
        }
        if let Fate::Spoiled(at) = fate {
            let length = bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(usize::from(at) % length) {
                *byte ^= 1 << (at % 8);
            }
        }
        if let Some(Name::Photo(_, dev, id)) = Name::parse(name) {
            let mut ledger = self.ledger.borrow_mut();
            ledger.photo_put(&format!("{dev}.{id}"));
        }
        // What was put before is put again without being read back.
        let again = self.cloud.was_put(name, &hash(&whole));
        let result = self.cloud.store(name, bytes, if_absent);
        if matches!(fate, Fate::Spoiled(_)) && result.is_ok() {
            self.cloud.ever.borrow_mut().entry(name.to_owned()).or_default().insert(hash(&whole));
            // A bundle is read back by its author; nobody else would put it right.
            if !name.contains("/i/") || again {
                self.cloud.damage.borrow_mut().insert(name.to_owned(), Some(whole));
            }
        }
        self.desk.pass(What::Arrived).await;
        if fate == Fate::Unanswered {
            return Err(RemoteError::Offline);
        }
        Ok(self.tag(result?))
    }

    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        let fate = self.desk.pass(What::Delete(name.to_owned())).await;
        self.fails(fate)?;
        now(self.cloud.memory.delete(name))?;
        if name.contains("/s/") {
            self.ledger.borrow_mut().count("segments deleted");
        }
        if name.contains("/b/") {
            self.ledger.borrow_mut().count("photos deleted");
        }
        self.cloud.damage.borrow_mut().remove(name);
        Ok(())
    }

    async fn answers(&self) -> bool {
        true
    }
}

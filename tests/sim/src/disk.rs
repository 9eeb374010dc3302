//! The store of a device, on the real store in memory: it may be full, fail, lose what nobody was told was saved, be
//! copied, and be put back to an earlier state.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dianbu::store::memory::Memory;
use dianbu::store::{Change, Loaded, Store, StoreError};
use dianbu::sync::state::{State, Sync};

use crate::desk::{Desk, Fate, What, now};
use crate::ledger::Ledger;
use crate::record::Record;

/// What lies on the disk, with what the ledger knows of it.
#[derive(Clone, Debug, Default)]
pub struct Image {
    memory: Memory,
    /// What this profile has taken in and sealed.
    pub record: Rc<Record>,
}

/// The disk of one profile. All of its tabs share it.
#[derive(Debug)]
pub struct Disk {
    /// Number of the profile.
    pub profile: usize,
    image: RefCell<Image>,
    /// States before transactions whose answers are not out yet: a power cut may go back to one of them.
    undo: RefCell<Vec<(u64, Image)>>,
    counter: Cell<u64>,
    /// States before transactions are kept, as the power may fail.
    pub keeps: Cell<bool>,
    /// Nothing can be written.
    pub full: Cell<bool>,
    ledger: Rc<RefCell<Ledger>>,
    /// The device's clock.
    pub clock: Rc<Cell<u64>>,
}

impl Disk {
    /// A disk with this content.
    pub fn new(profile: usize, image: Image, ledger: Rc<RefCell<Ledger>>, clock: Rc<Cell<u64>>) -> Self {
        let (undo, counter, keeps, full) = (RefCell::default(), Cell::default(), Cell::default(), Cell::default());
        Self { profile, image: RefCell::new(image), undo, counter, keeps, full, ledger, clock }
    }

    /// A copy of everything that is there.
    pub fn image(&self) -> Image {
        self.image.borrow().clone()
    }

    /// Puts another content in its place.
    pub fn replace(&self, image: Image) {
        self.undo.borrow_mut().clear();
        self.image.replace(image);
    }

    /// What this profile has taken in and sealed.
    pub fn record(&self) -> Rc<Record> {
        self.image.borrow().record.clone()
    }

    /// The counters.
    pub fn state(&self) -> State {
        self.loaded().state
    }

    /// What the device remembers of synchronisation.
    pub fn sync(&self) -> Sync {
        self.state().sync().unwrap_or_default()
    }

    /// Everything that a start needs.
    pub fn loaded(&self) -> Loaded {
        now(self.image.borrow().memory.load()).unwrap_or_default()
    }

    /// The tail, all of it.
    pub fn tail(&self) -> Vec<(u64, Vec<u8>)> {
        now(self.image.borrow().memory.tail_after(0)).unwrap_or_default()
    }

    /// An own object in the log.
    pub fn kept(&self, name: &str) -> Option<Vec<u8>> {
        now(self.image.borrow().memory.log(name)).ok().flatten()
    }

    /// The names in the drawer of photos.
    pub fn photo_names(&self) -> Vec<String> {
        now(self.image.borrow().memory.photo_names()).unwrap_or_default()
    }

    /// How often everything had to be put again when the photos were marked for it last.
    pub fn photos_put(&self) -> u64 {
        let meta = self.loaded().meta.into_iter().find(|(name, _)| name == "photos");
        meta.and_then(|(_, value)| Some(u64::from_be_bytes(value.try_into().ok()?))).unwrap_or_default()
    }

    /// The power fails: transactions that nobody was told of may be gone, the last ones first. Returns how many.
    pub fn power_cut(&self, chance: u64) -> u64 {
        let undo = std::mem::take(&mut *self.undo.borrow_mut());
        let lost = usize::try_from(chance % (undo.len() as u64 + 1)).unwrap_or_default();
        if let Some((_, image)) = undo.into_iter().rev().take(lost).last() {
            self.image.replace(image);
        }
        lost as u64
    }

    fn transact(&self, mut decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool, u64), StoreError> {
        let before = self.keeps.get().then(|| self.image());
        let (mut old, mut change) = (State::default(), None);
        let result = now(self.image.borrow().memory.transact(|state| {
            old = state.clone();
            change = decide(state);
            change.clone()
        }));
        let (state, written) = result?;
        if let Some(change) = change.filter(|_| written) {
            let mut image = self.image.borrow_mut();
            let record = Rc::make_mut(&mut image.record);
            self.ledger.borrow_mut().committed(self.profile, record, self.clock.get(), (&old, &state), &change);
        }
        let number = self.counter.get() + 1;
        self.counter.set(number);
        if let Some(before) = before {
            self.undo.borrow_mut().push((number, before));
        }
        Ok((state, written, number))
    }

    /// The answer of a transaction is out: it and all before it are durable.
    fn told(&self, number: u64) {
        self.undo.borrow_mut().retain(|(other, _)| *other > number);
    }
}

/// The disk as a tab reaches it.
#[derive(Clone, Debug)]
pub struct Drive {
    /// The disk.
    pub disk: Rc<Disk>,
    /// Where its calls wait.
    pub desk: Rc<Desk>,
}

impl Drive {
    async fn read<T>(&self, read: impl FnOnce(&Memory) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self.desk.pass(What::Read).await {
            Fate::Broken => Err(StoreError::Other("the disk does not answer".to_owned())),
            _ => read(&self.disk.image.borrow().memory),
        }
    }
}

impl Store for Drive {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.read(|memory| now(memory.load())).await
    }

    async fn transact(&self, decide: impl FnMut(&mut State) -> Option<Change>) -> Result<(State, bool), StoreError> {
        let fate = self.desk.pass(What::Transact).await;
        if self.disk.full.get() || fate == Fate::Full {
            return Err(StoreError::Full);
        }
        if fate == Fate::Broken {
            return Err(StoreError::Other("the disk does not answer".to_owned()));
        }
        let (state, written, number) = self.disk.transact(decide)?;
        self.desk.pass(What::Committed).await;
        self.disk.told(number);
        Ok((state, written))
    }

    async fn tail_after(&self, lsn: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.read(|memory| now(memory.tail_after(lsn))).await
    }

    async fn log(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|memory| now(memory.log(name))).await
    }

    async fn held(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.read(|memory| now(memory.held())).await
    }

    async fn photo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|memory| now(memory.photo(name))).await
    }

    async fn photo_names(&self) -> Result<Vec<String>, StoreError> {
        self.read(|memory| now(memory.photo_names())).await
    }
}

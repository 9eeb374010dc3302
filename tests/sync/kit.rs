//! Devices on memory, for the tests.

use std::collections::BTreeSet;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use dianbu::book::{Batch, CellWrite, DevId, Op, RowId, RowWrite, Standing, Value};
use dianbu::remote::Connection;
use dianbu::remote::memory::{Memory as Bucket, Request};
use dianbu::session::Session;
use dianbu::store::memory::Memory as Store;
use dianbu::store::{Change, Store as _};
use dianbu::sync::driver::{self, InviteError, Moment};
use dianbu::sync::engine::{Engine, Terms};
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::{Identity, LASTING};
use dianbu::sync::member::{Founding, META_IDENTITY, Names};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Place, Sealed, hash, seal};
use dianbu::sync::report::Report;
use dianbu::sync::state::{Link, State, Sync};
use dianbu::sync::wire::{self, Control, Role};

/// The day the tests are played on.
pub const NOON: u64 = 1_790_000_000_000;

/// Runs a future that never has to wait.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("the future waits for something that never comes");
}

/// A generator that gives the same bytes for the same seed.
pub fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |bytes| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_le_bytes()[3];
        }
    }
}

/// What invitations of the tests allow.
pub const TERMS: Terms = Terms { role: Role::Staff, uses: 1, expires_ms: NOON + 86_400_000, recovery: false };

type Source = Box<dyn FnMut(&mut [u8])>;

pub struct Device {
    pub store: Store,
    pub engine: Engine,
    pub clock: u64,
    pub random: Source,
}

pub fn connection() -> Connection {
    Connection { endpoint: "http://127.0.0.1:1".into(), bucket: "shop".into(), ..Connection::default() }
}

impl Device {
    pub fn founder(seed: u64) -> Self {
        let mut random = Box::new(seeded(seed));
        let store = Store::default();
        let identity = Identity::new(&mut *random);
        let names = Names { vault: "老王茶叶店".into(), device: "前台".into() };
        let founding = Founding::begin(&identity, names, NOON, &mut *random).unwrap();
        let commit = founding.commit(&State::default(), &identity, &mut *random).unwrap();
        assert!(now(store.transact(|state| commit.apply(state))).unwrap().1);
        let engine = now(driver::open(&store)).unwrap().unwrap();
        Self { store, engine, clock: NOON, random }
    }

    pub fn joiner(seed: u64, invitation: &Invitation, bucket: &Bucket) -> Self {
        let mut random = Box::new(seeded(seed));
        let store = Store::default();
        let identity = Identity::new(&mut *random);
        let welcome = now(driver::welcome(bucket, invitation, NOON)).unwrap();
        let commit = welcome.join(&State::default(), &identity, format!("平板{seed}"), NOON, &mut *random).unwrap();
        assert!(now(store.transact(|state| commit.apply(state))).unwrap().1);
        let engine = now(driver::open(&store)).unwrap().unwrap();
        Self { store, engine, clock: NOON, random }
    }

    /// A founder and `others` joined devices of managers, all up to date, with no requests counted.
    pub fn team(bucket: &Bucket, others: u64) -> Vec<Self> {
        let mut founder = Self::founder(1);
        founder.write("founder's first");
        founder.round(bucket);
        let invitation = founder.invite_as(bucket, Role::Manager, 9);
        let mut team = vec![founder];
        for seed in 0..others {
            let mut device = Self::joiner(seed + 2, &invitation, bucket);
            assert!(device.round(bucket).finished);
            team.push(device);
        }
        settle(bucket, &mut team);
        bucket.requests();
        team
    }

    pub fn invite(&mut self, bucket: &Bucket, uses: u32) -> Result<Invitation, InviteError> {
        let terms = Terms { uses, ..TERMS };
        now(driver::invite(&mut self.engine, &self.store, bucket, connection(), terms, self.clock, &mut *self.random))
    }

    /// An invitation into this role, for as many.
    pub fn invite_as(&mut self, bucket: &Bucket, role: Role, uses: u32) -> Invitation {
        let Self { engine, store, clock, random } = self;
        let terms = Terms { role, uses, ..TERMS };
        now(driver::invite(engine, store, bucket, connection(), terms, *clock, random)).unwrap()
    }

    pub fn dev(&self) -> DevId {
        self.engine.dev()
    }

    pub fn state(&self) -> State {
        now(self.store.load()).unwrap().state
    }

    /// What it remembers of synchronisation.
    pub fn sync(&self) -> Sync {
        self.state().sync().unwrap()
    }

    /// Writes one operation, as a tab does.
    pub fn write(&mut self, text: &str) {
        write(&self.store, self.dev(), self.clock, text);
    }

    pub fn moment(&mut self) -> Moment {
        Moment::new(self.clock, &mut *self.random)
    }

    pub fn round(&mut self, bucket: &impl dianbu::remote::Bucket) -> Report {
        let moment = self.moment();
        now(driver::round(&mut self.engine, &self.store, bucket, moment))
    }

    /// The app is started again: only the store is left.
    pub fn restart(&mut self) {
        self.engine = now(driver::open(&self.store)).unwrap().unwrap();
    }

    /// Every operation applied here; none twice, and of each device without gaps.
    pub fn ops(&self) -> BTreeSet<(DevId, u64, String)> {
        let mut ops = BTreeSet::new();
        for (_, bytes) in now(self.store.tail_after(0)).unwrap() {
            let batch = Batch::decode(&bytes).unwrap();
            for op in batch.ops {
                assert!(op.opn == 1 || ops.iter().any(|(dev, opn, _)| *dev == batch.dev && *opn == op.opn - 1));
                let text = op.rows[0].cells[0].value.text().unwrap().to_owned();
                assert!(ops.insert((batch.dev, op.opn, text)), "applied twice");
            }
        }
        ops
    }

    /// The device's book as a tab opens it.
    pub fn session(&self) -> Session<&Store> {
        Session::open(&self.store, self.dev(), &now(self.store.load()).unwrap()).unwrap()
    }

    /// Where that book stands; what it says of itself is what its rows give.
    pub fn standing(&self) -> Standing {
        self.session().with(|book| {
            assert_eq!(book.count_digest(), Some(book.digest()));
            book.standing()
        })
    }

    /// A round as the app runs it: the engine is told where the book stands.
    pub fn standing_round(&mut self, bucket: &Bucket) -> Report {
        self.standing();
        self.note_book();
        self.round(bucket)
    }

    /// The engine is told what the book holds.
    pub fn note_book(&mut self) {
        let Self { store, engine, .. } = self;
        let session = Session::open(&*store, engine.dev(), &now(store.load()).unwrap()).unwrap();
        session.with(|book| engine.note_book(book));
    }

    /// Its secrets, as only a dishonest owner of the device would use them.
    pub fn identity(&self) -> Identity {
        let meta = now(self.store.load()).unwrap().meta;
        let (_, bytes) = meta.into_iter().find(|(name, _)| name == META_IDENTITY).unwrap();
        minicbor_serde::from_slice(&bytes).unwrap()
    }

    /// Name of an own object.
    pub fn segment(&self, seq: u64) -> String {
        Name::Segment(self.engine.vault().id, self.dev(), seq).to_string()
    }

    /// Name of the own head.
    pub fn head(&self) -> String {
        Name::Head(self.engine.vault().id, self.dev()).to_string()
    }
}

/// `count` edits by a device in turn, a segment each.
pub fn edits(device: &mut Device, bucket: &Bucket, count: u64) {
    for n in 0..count {
        device.write(&format!("edit {n}"));
        assert!(device.round(bucket).finished);
    }
}

/// How many objects with this in their name were asked for.
pub fn gets(requests: &[Request], part: &str) -> usize {
    requests.iter().filter(|request| matches!(request, Request::Get(name) if name.contains(part))).count()
}

/// The names in the bucket with this in them.
pub fn names(bucket: &Bucket, part: &str) -> Vec<String> {
    bucket.with_objects(|objects| objects.keys().filter(|name| name.contains(part)).cloned().collect())
}

/// Rounds of all until nothing is pulled any more.
pub fn settle(bucket: &Bucket, team: &mut [Device]) {
    for _ in 0..20 {
        let pulled: u64 = team.iter_mut().map(|device| device.round(bucket).pulled_ops).sum();
        if pulled == 0 {
            return;
        }
    }
    panic!("the devices never come to rest");
}

/// All devices have the same operations.
pub fn assert_equal(team: &[Device]) {
    for device in team {
        assert_eq!(device.ops(), team[0].ops());
    }
}

/// How many LIST, GET and PUT requests there were.
pub fn counts(requests: &[Request]) -> (usize, usize, usize) {
    let count = |wanted: fn(&Request) -> bool| requests.iter().filter(|request| wanted(request)).count();
    (
        count(|request| matches!(request, Request::List(_))),
        count(|request| matches!(request, Request::Get(_))),
        count(|request| matches!(request, Request::Put(_))),
    )
}

/// The object under a name.
pub fn object(bucket: &Bucket, name: &str) -> Vec<u8> {
    bucket.with_objects(|objects| objects[name].clone())
}

/// Writes one operation into the store of a device.
pub fn write(store: &Store, dev: DevId, clock: u64, text: &str) {
    write_kind(store, dev, clock, 1, text);
}

/// A row with this text.
pub fn rows(kind: u16, text: &str) -> Vec<RowWrite> {
    let cells = vec![CellWrite { field: 1, elem: None, value: Value::Text(text.to_owned()), bases: Vec::new() }];
    vec![RowWrite { kind, id: RowId::shipped(text), cells }]
}

/// Writes an operation on a row of this kind, past the session and what it refuses.
pub fn write_kind(store: &Store, dev: DevId, clock: u64, kind: u16, text: &str) {
    write_rows(store, dev, clock, &rows(kind, text));
}

/// Writes these rows, past the session and what it refuses.
pub fn write_rows(store: &Store, dev: DevId, clock: u64, rows: &[RowWrite]) {
    let written = now(store.transact(|state| {
        state.opn += 1;
        state.stamp = state.stamp.next(state.now(clock));
        let op = Op { opn: state.opn, stamp: state.stamp, by: None, batch: None, rows: rows.to_vec() };
        Some(Change { tail: vec![Batch { dev, ops: vec![op] }.encode()], ..Change::default() })
    }));
    assert!(written.unwrap().1);
}

/// Writes a control entry past everything that the app would refuse.
pub fn claim(device: &mut Device, entry: &Control) {
    claim_bytes(device, &wire::to_bytes(entry));
}

/// The same with the bytes of its body, as another version of the app would write it.
pub fn claim_bytes(device: &mut Device, body: &[u8]) {
    let (vault, dev, chain) = (device.engine.vault().clone(), device.dev(), device.sync().control);
    let seq = chain.seq + 1;
    let place = Place { kind: Kind::Control, vault: vault.id, dev, seq, prev: chain.hash, epoch: LASTING };
    let key = vault.object_key(LASTING, Kind::Control, dev, seq);
    let object = seal(&place, body, key.as_ref(), [3; 24], &device.identity().signer()).unwrap();
    let written = now(device.store.transact(|state| {
        let mut sync = state.sync().unwrap();
        (sync.control, sync.revision) = (Link { seq, hash: hash(&object) }, sync.revision + 1);
        state.set_sync(&sync);
        let log = vec![(Name::Control(vault.id, dev, seq).to_string(), Some(object.clone()))];
        Some(Change { log, ..Change::default() })
    }));
    assert!(written.unwrap().1);
    device.restart();
}

/// Puts a newer head of a device into the bucket, whose body is the last one's with this done to it.
pub fn reseal_head(bucket: &Bucket, device: &Device, edit: impl FnOnce(&mut Vec<u8>)) {
    let (vault, dev, name) = (device.engine.vault(), device.dev(), device.head());
    let old = object(bucket, &name);
    let sealed = Sealed::read(&old, Name::Head(vault.id, dev)).unwrap();
    let Place { seq, prev, .. } = sealed.place;
    let key = |seq| vault.object_key(LASTING, Kind::Head, dev, seq).unwrap();
    let mut body = sealed.open(&key(seq)).unwrap();
    edit(&mut body);
    let place = Place { kind: Kind::Head, vault: vault.id, dev, seq: seq + 1, prev, epoch: LASTING };
    let newer = seal(&place, &body, Some(&key(seq + 1)), [5; 24], &device.identity().signer()).unwrap();
    bucket.with_objects(|objects| objects.insert(name, newer));
}

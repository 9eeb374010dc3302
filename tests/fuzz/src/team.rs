//! A small shop: two devices that found, invite, join, write, pack and take snapshots. All of it follows from fixed
//! numbers, so that the harness can seal as these devices do and the corpus stays true.

mod carried;

use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use dianbu::book::{Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::domain::sample;
use dianbu::remote::Connection;
use dianbu::remote::memory::Memory as Bucket;
use dianbu::session::{Act, Session};
use dianbu::store::memory::Memory as Store;
use dianbu::store::{Loaded, Store as _};
use dianbu::sync::driver::carry::{self, CarryError};
use dianbu::sync::driver::{self, Moment};
use dianbu::sync::engine::{Engine, Terms};
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::{Identity, Vault};
use dianbu::sync::member::{Founding, META_IDENTITY, Names};
use dianbu::sync::name::Name;
use dianbu::sync::object::{HEADER, Kind, Place, Sealed, hash, seal};
use dianbu::sync::report::Report;
use dianbu::sync::state::{Link, State};
use dianbu::sync::wire::Role;
use dianbu::words::Lang;

pub use carried::{Carried, carried};

/// The moment at which everything happens, in milliseconds since 1970.
pub const NOON: u64 = 1_790_000_000_000;
/// Nonce of everything that the harness seals.
const NONCE: [u8; 24] = [9; 24];

/// Runs a future that never has to wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

/// A generator that gives the same bytes for the same seed.
fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
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

/// Who founded the shop's vault, and what the harness knows because of it.
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Founder {
    /// Its secrets.
    pub identity: Identity,
    /// The vault with its keys.
    pub vault: Vault,
}

/// The founder of the shop.
pub fn founder() -> &'static Founder {
    static FOUNDER: OnceLock<Founder> = OnceLock::new();
    FOUNDER.get_or_init(|| {
        let device = Device::founder();
        Founder { identity: device.identity(), vault: device.engine.vault().clone() }
    })
}

impl Founder {
    /// Where an object of the founder belongs.
    pub fn place(&self, kind: Kind, seq: u64) -> Place {
        let epoch = u32::from(kind != Kind::Vault && kind != Kind::Invite) * self.vault.epoch();
        Place { kind, vault: self.vault.id, dev: self.identity.dev(), seq, prev: [0; 32], epoch }
    }

    /// Its name, for the kinds that have a number of their own.
    pub fn name(&self, kind: Kind, seq: u64) -> Name {
        let (vault, dev) = (self.vault.id, self.identity.dev());
        match kind {
            Kind::Head => Name::Head(vault, dev),
            Kind::Control => Name::Control(vault, dev, seq),
            Kind::Manifest => Name::Manifest(vault, dev, seq),
            Kind::Vault => Name::Vault(vault),
            _ => Name::Segment(vault, dev, seq),
        }
    }

    /// Seals a body as the founder would, reads the object back and gives what came out of it.
    pub fn through_the_seal(&self, kind: Kind, body: &[u8]) -> Option<Vec<u8>> {
        let place = self.place(kind, 3);
        let key = self.vault.object_key(place.epoch, kind, place.dev, place.seq)?;
        let object = seal(&place, body, Some(&key), NONCE, &self.identity.signer()).ok()?;
        let sealed = Sealed::read(&object, self.name(kind, 3)).ok()?;
        sealed.verify(&self.identity.public().sign).ok()?;
        sealed.open(&key).ok()
    }

    /// Seals a body as the next object after this end of one of the founder's chains; a head comes after a segment, under
    /// a number of its own.
    pub fn seal_next(&self, kind: Kind, end: &mut Link, body: &[u8]) -> Option<(Name, Vec<u8>)> {
        let epoch = self.vault.epoch_of(kind);
        let place = Place { prev: end.hash, epoch, ..self.place(kind, end.seq + 1) };
        let key = self.vault.object_key(epoch, kind, place.dev, place.seq)?;
        let object = seal(&place, body, Some(&key), NONCE, &self.identity.signer()).ok()?;
        *end = Link { seq: place.seq, hash: hash(&object) };
        Some((self.name(kind, place.seq), object))
    }

    /// A segment that holds these bytes where length, deflated body and padding should be.
    pub fn seal_plain(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let place = self.place(Kind::Segment, 3);
        let key = self.vault.object_key(place.epoch, place.kind, place.dev, place.seq)?;
        // The header is that of an honest object; only its length is another.
        let mut object = seal(&place, b"", Some(&key), NONCE, &self.identity.signer()).ok()?;
        object.truncate(HEADER - 4);
        object.extend_from_slice(&u32::try_from(plain.len() + 16).ok()?.to_be_bytes());
        let payload = Payload { msg: plain, aad: &object };
        let sealed = XChaCha20Poly1305::new((&key).into()).encrypt(&NONCE.into(), payload).ok()?;
        object.extend_from_slice(&sealed);
        let signature = ed25519_sign(&self.identity, &object);
        object.extend_from_slice(&signature);
        Some(object)
    }
}

fn ed25519_sign(identity: &Identity, bytes: &[u8]) -> [u8; 64] {
    use ed25519_dalek::Signer;
    identity.signer().sign(bytes).to_bytes()
}

type Source = Box<dyn FnMut(&mut [u8])>;

/// A device of the shop.
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Device {
    store: Store,
    engine: Engine,
    random: Source,
}

impl Device {
    fn founder() -> Self {
        let mut random: Source = Box::new(seeded(1));
        let identity = Identity::new(&mut *random);
        let names = Names { vault: "老王茶叶店".into(), device: "前台".into() };
        let founding = Founding::begin(&identity, names, NOON, &mut *random).expect("begin");
        let commit = founding.commit(&State::default(), &identity, &mut *random).expect("found");
        Self::enter(&commit, random)
    }

    fn joiner(seed: u64, invitation: &Invitation, bucket: &Bucket) -> Self {
        let mut random: Source = Box::new(seeded(seed));
        let identity = Identity::new(&mut *random);
        let welcome = now(driver::welcome(bucket, invitation, NOON)).expect("welcome");
        let commit = welcome.join(&State::default(), &identity, "平板".into(), NOON, &mut *random);
        Self::enter(&commit.expect("join"), random)
    }

    fn enter(commit: &dianbu::sync::engine::Commit, random: Source) -> Self {
        let store = Store::default();
        now(store.transact(|state| commit.apply(state))).expect("memory");
        Self::open(store, random)
    }

    fn open(store: Store, random: Source) -> Self {
        let engine = now(driver::open(&store)).expect("memory").expect("a vault");
        Self { store, engine, random }
    }

    /// The app is started anew.
    #[must_use]
    pub fn restarted(self) -> Self {
        Self::open(self.store, self.random)
    }

    /// What its store holds.
    ///
    /// # Panics
    /// Never: it is in memory.
    pub fn loaded(&self) -> Loaded {
        now(self.store.load()).expect("memory")
    }

    fn identity(&self) -> Identity {
        let meta = self.loaded().meta;
        let bytes = meta.iter().find(|(name, _)| name == META_IDENTITY).map(|(_, bytes)| bytes.as_slice());
        minicbor_serde::from_slice(bytes.unwrap_or_default()).expect("an identity")
    }

    /// Its store's drawer of held objects.
    ///
    /// # Panics
    /// Never: it is in memory.
    pub fn held(&self) -> Vec<(String, Vec<u8>)> {
        now(self.store.held()).expect("memory")
    }

    /// Its book.
    ///
    /// # Panics
    /// If there is none in the store.
    pub fn session(&self) -> Session<&Store> {
        Session::open(&self.store, self.engine.dev(), &self.loaded()).expect("a book")
    }

    fn act() -> Act {
        Act { now_ms: NOON, by: Some(RowId([5; 16])), ..Act::default() }
    }

    fn note_book(&mut self) {
        let Self { store, engine, .. } = self;
        let session = Session::open(&*store, engine.dev(), &now(store.load()).expect("memory")).expect("a book");
        session.with(|book| engine.note_book(book));
    }

    fn round(&mut self, bucket: &Bucket) {
        self.note_book();
        let moment = Moment::new(NOON, &mut *self.random);
        let report = now(driver::round(&mut self.engine, &self.store, bucket, moment));
        assert!(report.finished, "{report:?}");
    }

    /// What it has not shared, to be carried by hand.
    fn pack(&mut self) -> Vec<u8> {
        self.note_book();
        let moment = Moment::new(NOON, &mut *self.random);
        now(carry::pack(&mut self.engine, &self.store, moment)).expect("memory")
    }

    /// Takes in what was carried by hand.
    pub fn unpack(&mut self, file: &[u8]) -> Result<Report, CarryError> {
        let moment = Moment::new(NOON, &mut *self.random);
        now(carry::unpack(&mut self.engine, &self.store, file, moment))
    }

    fn invite(&mut self, bucket: &Bucket, role: Role) -> Invitation {
        let terms = Terms { role, uses: 3, expires_ms: NOON + 86_400_000, recovery: false };
        let connection = Connection {
            endpoint: "https://s3.example.com".into(),
            bucket: "shop".into(),
            region: "us-east-1".into(),
            prefix: "team".into(),
            access_key: "key".into(),
            secret_key: "secret".into(),
        };
        let Self { engine, store, random } = self;
        let invitation = now(driver::invite(engine, store, bucket, connection, terms, NOON, &mut **random));
        let Ok(invitation) = invitation else { unreachable!("a bucket in memory takes an invitation") };
        invitation
    }

    fn sample(&self) {
        let day = jiff::civil::date(2026, 11, 27);
        let mut number = 0;
        let id = || {
            number += 1;
            RowId([number; 16])
        };
        let rows = sample::rows(Lang::Zh, day, NOON.cast_signed(), id);
        now(self.session().save(&rows, Self::act())).expect("memory");
    }

    /// Renames a customer, and takes another to the bin and back.
    fn edit(&self, number: u64) {
        let session = self.session();
        let write = session.with(|book| {
            let mut ids: Vec<RowId> =
                book.rows(customer::ID).chain(book.deleted(customer::ID)).map(|row| row.0).collect();
            ids.sort();
            let id = *ids.get(usize::try_from(number).unwrap_or_default() % ids.len().max(1))?;
            let mut draft = Draft::open(book, customer::ID, id);
            draft.set(customer::NAME, &format!("客户{number}"));
            if number.is_multiple_of(5) {
                draft.delete(book);
            }
            draft.write()
        });
        now(session.save(&write.into_iter().collect::<Vec<_>>(), Self::act())).expect("memory");
    }
}

/// Everything that the shop wrote.
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Shop {
    /// The bucket's objects.
    pub objects: Vec<(Name, Vec<u8>)>,
    /// An invitation that is open.
    pub invitation: Invitation,
    /// The stores of both devices.
    pub stores: Vec<Loaded>,
}

/// A shop's life: sample data, an invitation, edits of both devices at once, a pack, a snapshot.
///
/// # Panics
/// If the devices do not get along.
pub fn shop() -> Shop {
    let bucket = Bucket::default();
    let mut founder = Device::founder();
    founder.sample();
    founder.round(&bucket);
    let invitation = founder.invite(&bucket, Role::Staff);
    let mut joiner = Device::joiner(2, &invitation, &bucket);
    joiner.round(&bucket);
    for number in 0..70 {
        founder.edit(number);
        if number % 9 == 0 {
            joiner.edit(number);
            joiner.round(&bucket);
        }
        founder.round(&bucket);
    }
    now(founder.session().checkpoint()).expect("memory");
    founder.round(&bucket);
    joiner.round(&bucket);
    let objects = bucket.with_objects(std::mem::take);
    let objects = objects.into_iter().filter_map(|(name, object)| Some((Name::parse(&name)?, object))).collect();
    Shop { objects, invitation, stores: vec![founder.loaded(), joiner.loaded()] }
}

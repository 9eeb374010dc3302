//! `verify`, `backup` and `restore`, over a folder that real devices wrote through the endpoint.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dianbu::book::erase::erasing;
use dianbu::book::{Batch, Book, Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::remote::Connection;
use dianbu::remote::s3::S3;
use dianbu::session::{Act, Session};
use dianbu::store::Store as _;
use dianbu::store::memory::Memory;
use dianbu::sync::driver::{self, Moment};
use dianbu::sync::engine::{Engine, Limits, Terms};
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::Identity;
use dianbu::sync::member::{Founding, META_IDENTITY, Names};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Sealed, hash, seal};
use dianbu::sync::state::State;
use dianbu::sync::wire::{self, HeadBody, Manifest, Objects, Role};
use dianbu_endpoint::vault::{self, Location, Outcome, VaultError};
use tempfile::TempDir;

use crate::shop::Shop;

mod checks;
mod erased;
mod moves;

fn clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap();
}

struct Device {
    store: Memory,
    engine: Engine,
}

impl Device {
    async fn enter(commit: dianbu::sync::engine::Commit) -> Self {
        let store = Memory::default();
        store.transact(|state| commit.apply(state)).await.unwrap();
        let engine = driver::open(&store).await.unwrap().unwrap();
        Self { store, engine }
    }

    async fn session(&self) -> Session<&Memory> {
        Session::open(&self.store, self.engine.dev(), &self.store.load().await.unwrap()).unwrap()
    }

    async fn write(&self, count: u8, text: &str) {
        let session = self.session().await;
        for number in 0..count {
            let mut draft = Draft::new(customer::ID, RowId([number; 16]));
            draft.set(customer::NAME, &format!("{text}{number}"));
            let row = draft.write().unwrap();
            session.save(&[row], Act { now_ms: clock(), ..Act::default() }).await.unwrap();
        }
    }

    async fn state(&self) -> State {
        self.store.load().await.unwrap().state
    }

    /// A turn of the app's loop.
    async fn beat(&mut self, bucket: &S3) {
        self.session().await.purge().await.unwrap();
        self.note_book().await;
        let moment = Moment::new(clock(), &mut random);
        let report = driver::round(&mut self.engine, &self.store, bucket, moment).await;
        if report.wants_checkpoint {
            self.session().await.checkpoint().await.unwrap();
        }
    }

    async fn note_book(&mut self) {
        let Self { store, engine } = self;
        let session = Session::open(&*store, engine.dev(), &store.load().await.unwrap()).unwrap();
        session.with(|book| engine.note_book(book));
    }

    async fn round(&mut self, bucket: &S3) {
        self.note_book().await;
        let moment = Moment::new(clock(), &mut random);
        let report = driver::round(&mut self.engine, &self.store, bucket, moment).await;
        assert!(report.finished, "{report:?}");
    }
}

/// A shop of two devices whose data lie in a folder: segments, a pack, a snapshot, an invitation.
struct Team {
    shop: Shop,
    bucket: S3,
    devices: [Device; 2],
    invitation: Invitation,
}

impl Team {
    async fn open() -> Self {
        Box::pin(Self::found()).await
    }

    async fn found() -> Self {
        let shop = Shop::open().await;
        let keys = shop.running.keys();
        let connection = Connection {
            endpoint: shop.url(""),
            bucket: "dianbu".to_owned(),
            access_key: keys.access_key.clone(),
            secret_key: keys.secret_key.clone(),
            ..Connection::default()
        };
        let bucket = S3::new(&connection, clock).unwrap();
        let names = Names { vault: "老王茶叶店".into(), device: "前台".into() };
        let identity = Identity::new(&mut random);
        let founding = Founding::begin(&identity, names, clock(), &mut random).unwrap();
        let commit = founding.commit(&State::default(), &identity, &mut random).unwrap();
        let mut founder = Device::enter(commit).await;
        let terms = Terms { role: Role::Staff, uses: 3, expires_ms: clock() + 86_400_000, recovery: false };
        let Device { engine, store } = &mut founder;
        let invited = driver::invite(engine, store, &bucket, connection, terms, clock(), &mut random).await;
        let invitation = invited.unwrap();
        let welcome = driver::welcome(&bucket, &invitation, clock()).await.unwrap();
        let identity = Identity::new(&mut random);
        let commit = welcome.join(&State::default(), &identity, "平板".into(), clock(), &mut random).unwrap();
        let mut team = Self { shop, bucket, devices: [founder, Device::enter(commit).await], invitation };
        for turn in 0..70 {
            team.devices[0].write(1, &format!("第{turn}次")).await;
            team.devices[0].round(&team.bucket).await;
        }
        team.devices[1].write(9, "平板").await;
        team.devices[1].round(&team.bucket).await;
        team.devices[0].session().await.checkpoint().await.unwrap();
        team.devices[0].round(&team.bucket).await;
        let (packs, manifests) = (team.paths("/p/").len(), team.paths("/manifest").len());
        assert_eq!((packs, manifests), (1, 1));
        team
    }

    fn data(&self) -> Location {
        folder(self.shop.data.path())
    }

    /// Files of the endpoint with this in their names.
    fn paths(&self, part: &str) -> Vec<PathBuf> {
        paths(self.shop.data.path(), part)
    }

    /// The file of one object.
    fn path(&self, name: Name) -> PathBuf {
        self.shop.data.path().join("objects").join(name.to_string())
    }

    fn segment(&self, device: usize, seq: u64) -> Name {
        Name::Segment(self.invitation.vault, self.devices[device].engine.dev(), seq)
    }

    fn head(&self, device: usize) -> Name {
        Name::Head(self.invitation.vault, self.devices[device].engine.dev())
    }

    async fn verified(&self, with_link: bool) -> Outcome {
        vault::verify(&self.data(), with_link.then_some(&self.invitation), None).await.unwrap()
    }
}

fn folder(path: &Path) -> Location {
    Location::Folder { path: path.to_owned(), prefix: String::new() }
}

fn paths(data: &Path, part: &str) -> Vec<PathBuf> {
    let objects = data.join("objects");
    let files = crate::shop::files(&objects).into_iter().filter(|name| format!("/{name}").contains(part));
    files.map(|name| objects.join(name)).collect()
}

fn contents(data: &Path) -> BTreeMap<String, Vec<u8>> {
    let objects = data.join("objects");
    crate::shop::files(&objects).into_iter().map(|name| (name.clone(), fs::read(objects.join(name)).unwrap())).collect()
}

/// Flips a bit of a file, from the front or, with a negative place, from the end.
fn flip(path: &Path, place: isize) {
    let mut bytes = fs::read(path).unwrap();
    let at = if place < 0 { bytes.len() - place.unsigned_abs() } else { place.unsigned_abs() };
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn wrong(outcome: &Outcome) -> Vec<&str> {
    outcome.findings.iter().map(|finding| finding.name.as_str()).collect()
}

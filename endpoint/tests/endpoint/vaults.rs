//! `verify`, `backup` and `restore`, over a folder that real devices wrote through the endpoint.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dianbu::book::{Batch, Book, Draft, RowId};
use dianbu::domain::customer::customer;
use dianbu::remote::Connection;
use dianbu::remote::s3::S3;
use dianbu::session::{Act, Session};
use dianbu::store::Store as _;
use dianbu::store::memory::Memory;
use dianbu::sync::driver::{self, Moment};
use dianbu::sync::engine::{Engine, Terms};
use dianbu::sync::invite::Invitation;
use dianbu::sync::keys::Identity;
use dianbu::sync::member::{META_IDENTITY, Names, found};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Sealed, hash, seal};
use dianbu::sync::state::State;
use dianbu::sync::wire::{self, HeadBody, Manifest, Objects, Role};
use dianbu_endpoint::vault::{self, Location, Outcome, VaultError};
use tempfile::TempDir;

use crate::shop::Shop;

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

    async fn round(&mut self, bucket: &S3) {
        let Self { store, engine } = self;
        let session = Session::open(&*store, engine.dev(), &store.load().await.unwrap()).unwrap();
        session.with(|book| engine.note_book(book));
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
        let (_, commit) = found(&State::default(), &identity, names, clock(), &mut random).unwrap();
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
        vault::verify(&self.data(), with_link.then_some(&self.invitation)).await.unwrap()
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

#[tokio::test]
async fn a_whole_vault_is_whole_with_and_without_its_invitation() {
    let team = Team::open().await;
    let before = contents(team.shop.data.path());
    let without = team.verified(false).await;
    assert!(without.is_whole(), "{without}");
    assert!(without.to_string().contains("--link"), "what could not be checked is said: {without}");
    let with = team.verified(true).await;
    assert!(with.is_whole() && with.unchecked.is_empty(), "{with}");
    assert!(with.to_string().contains("2 members, 79 operations, 9 records"), "{with}");
    // The same through the bucket, with all that is needed in the link.
    let through = vault::verify(&Location::Bucket(team.invitation.connection.clone()), Some(&team.invitation)).await;
    assert_eq!(through.unwrap(), with);
    assert_eq!(contents(team.shop.data.path()), before, "nothing was written");
}

/// What is damaged, which file, how, and whether it shows without keys.
type Case = (&'static str, PathBuf, fn(&Path), bool);

/// A copy of the team's data with damage to one object, as one does it to a file, and whether it shows without keys.
async fn damaged(team: &Team, what: &str, path: &Path, damage: fn(&Path), without_keys: bool) {
    let copy = TempDir::new().unwrap();
    for (name, bytes) in contents(team.shop.data.path()) {
        let path = copy.path().join("objects").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let object = path.strip_prefix(team.shop.data.path()).unwrap();
    damage(&copy.path().join(object));
    let name = object.strip_prefix("objects").unwrap().to_str().unwrap();
    let without = vault::verify(&folder(copy.path()), None).await.unwrap();
    assert_eq!(wrong(&without).contains(&name), without_keys, "{what}: {without}");
    let with = vault::verify(&folder(copy.path()), Some(&team.invitation)).await.unwrap();
    assert!(wrong(&with).contains(&name), "{what}: {name} in {with}");
}

#[tokio::test]
async fn each_kind_of_damage_is_found_and_named() {
    let remove: fn(&Path) = |path| fs::remove_file(path).unwrap();
    let cut: fn(&Path) = |path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() - 9]).unwrap();
    };
    let flip_body: fn(&Path) = |path| flip(path, 130);
    let flip_signature: fn(&Path) = |path| flip(path, -1);
    let flip_prev: fn(&Path) = |path| flip(path, 60);
    let foreign: fn(&Path) = |path| fs::write(path, b"<html>").unwrap();
    let team = Team::open().await;
    let founders = |seq| team.path(team.segment(0, seq));
    let first = |part: &str| team.paths(part)[0].clone();
    let cases: [Case; 19] = [
        ("a flipped segment of the founder's", founders(3), flip_body, true),
        ("a flipped signature", founders(4), flip_signature, true),
        ("a flipped link", founders(5), flip_prev, true),
        ("a cut segment", founders(6), cut, true),
        ("something else in its place", founders(7), foreign, true),
        ("a segment that is gone and in no pack", founders(67), remove, true),
        ("the last segment gone", founders(70), remove, true),
        ("a flipped segment of a member's", team.path(team.segment(1, 1)), flip_body, false),
        ("a flipped link of a member's", team.path(team.segment(1, 1)), flip_prev, true),
        ("a member's head", team.path(team.head(1)), flip_signature, false),
        ("a member's head gone", team.path(team.head(1)), remove, true),
        ("the pack", first("/p/"), flip_body, true),
        ("the pack gone", first("/p/"), remove, false),
        ("a manifest", first("/manifest"), flip_body, true),
        ("a manifest gone", first("/manifest"), remove, false),
        ("a part", first("/00001"), flip_body, true),
        ("a part gone", first("/00001"), remove, true),
        ("a control entry gone", first("/k/"), remove, true),
        ("the vault object", first("/vault"), flip_body, true),
    ];
    for (what, path, damage, without_keys) in cases {
        damaged(&team, what, &path, damage, without_keys).await;
    }
}

#[tokio::test]
async fn what_is_set_back_or_exchanged_is_found_with_the_invitation() {
    let mut team = Team::open().await;
    // The member reads on and says so, then the founder's chain loses its end.
    team.devices[1].round(&team.bucket).await;
    let old = fs::read(team.path(team.head(0))).unwrap();
    team.devices[0].write(1, "后来").await;
    team.devices[0].round(&team.bucket).await;
    team.devices[1].write(1, "也是后来").await;
    team.devices[1].round(&team.bucket).await;
    fs::write(team.path(team.head(0)), old).unwrap();
    fs::remove_file(team.path(team.segment(0, 71))).unwrap();
    let without = team.verified(false).await;
    assert!(without.is_whole(), "nobody can tell without keys: {without}");
    let with = team.verified(true).await;
    assert_eq!(wrong(&with), [team.devices[0].engine.dev().to_string()], "{with}");
    // A true object under another name.
    fs::copy(team.path(team.segment(0, 3)), team.path(team.segment(0, 4))).unwrap();
    let with = team.verified(true).await;
    assert!(wrong(&with).contains(&team.segment(0, 4).to_string().as_str()), "{with}");
}

/// The founder, who holds all keys, writes one of its objects anew with another body, well signed and sealed.
async fn rewrite(team: &Team, name: Name, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let founder = &team.devices[0];
    let meta = founder.store.load().await.unwrap().meta;
    let identity = meta.iter().find(|(name, _)| name == META_IDENTITY).map(|(_, bytes)| bytes.as_slice()).unwrap();
    let identity: Identity = minicbor_serde::from_slice(identity).unwrap();
    let old = fs::read(team.path(name)).unwrap();
    let sealed = Sealed::read(&old, name).unwrap();
    let place = sealed.place;
    let key = founder.engine.vault().object_key(place.epoch, place.kind, place.dev, place.seq).unwrap();
    let body = change(sealed.open(&key).unwrap());
    let object = seal(&place, &body, Some(&key), [5; 24], &identity.signer()).unwrap();
    let name = match name {
        Name::Pack(vault, dev, from, to, _) => {
            let half = hash(&object).first_chunk().copied().unwrap();
            Name::Pack(vault, dev, from, to, half)
        }
        name => name,
    };
    fs::write(team.path(name), object).unwrap();
}

#[tokio::test]
async fn who_holds_all_keys_and_lies_is_found_out_too() {
    let team = Team::open().await;
    let parsed = |part: &str| {
        let path = team.paths(part)[0].clone();
        let name = path.strip_prefix(team.shop.data.path().join("objects")).unwrap().to_str().unwrap();
        Name::parse(name).unwrap()
    };
    let (pack, manifest) = (parsed("/p/"), parsed("/manifest"));
    rewrite(&team, manifest, |body| {
        let mut manifest: Manifest = wire::from_bytes(&body).unwrap();
        manifest.standing.digest[0] ^= 1;
        wire::to_bytes(&manifest)
    })
    .await;
    // The head names the false one, as whoever lies would see to.
    let forged = hash(&fs::read(team.path(manifest)).unwrap());
    rewrite(&team, team.head(0), |body| {
        let mut head: HeadBody = wire::from_bytes(&body).unwrap();
        head.snapshot.as_mut().unwrap().manifest.hash = forged;
        wire::to_bytes(&head)
    })
    .await;
    rewrite(&team, pack, |body| {
        let mut objects: Objects = wire::from_bytes(&body).unwrap();
        objects.0.swap(3, 4);
        wire::to_bytes(&objects)
    })
    .await;
    // Another past: the segment after it no longer follows, and the true pack holds something else.
    let lie = |body: Vec<u8>| {
        let mut batch = Batch::decode(&body).unwrap();
        batch.ops[0].rows.clear();
        batch.encode()
    };
    rewrite(&team, team.segment(0, 60), lie).await;
    let without = team.verified(false).await;
    assert_eq!(wrong(&without), [team.segment(0, 61).to_string()], "{without}");
    let with = team.verified(true).await;
    let packs = team.paths("/p/").len();
    let found = wrong(&with).iter().filter(|name| name.contains("/p/")).count();
    assert_eq!((packs, found), (2, 2), "the true one and the false one: {with}");
    let told = with.findings.iter().find(|finding| finding.name == manifest.to_string()).unwrap();
    assert!(told.what.to_string().contains("a snapshot that does not hold what it says"), "{with}");
    assert!(wrong(&with).contains(&team.segment(0, 61).to_string().as_str()), "{with}");
}

#[tokio::test]
async fn an_invitation_that_opens_nothing_says_so() {
    let mut team = Team::open().await;
    let other = Team::open().await;
    let foreign = vault::verify(&team.data(), Some(&other.invitation)).await;
    assert_eq!(foreign, Err(VaultError::OtherVault));
    let id = dianbu::sync::keys::invite_id(&dianbu::sync::keys::InviteKeys::new(&team.invitation.secret).public());
    let Device { engine, store } = &mut team.devices[0];
    assert!(driver::withdraw(engine, store, &team.bucket, id, clock(), &mut random).await.unwrap());
    assert_eq!(vault::verify(&team.data(), Some(&team.invitation)).await, Err(VaultError::Withdrawn));
    let link = format!("https://shop.example/#/join?i={}", team.invitation.to_link_payload());
    assert!(vault::invitation(&link).is_ok_and(|read| read == team.invitation));
    assert!(vault::invitation(link.strip_suffix(|_: char| true).unwrap()).is_err());
    let empty = TempDir::new().unwrap();
    assert!(matches!(vault::verify(&folder(empty.path()), None).await, Err(VaultError::Place(_))));
}

#[tokio::test]
async fn a_backup_takes_what_is_new_and_a_restore_gives_it_back() {
    let mut team = Team::open().await;
    let (backup, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = vault::backup(&team.data(), backup.path().to_owned(), Some(&team.invitation)).await.unwrap();
    assert!(first.is_whole(), "{first}");
    assert_eq!(contents(backup.path()), contents(team.shop.data.path()));
    // Two segments and two heads more; from the bucket this time.
    for device in &mut team.devices {
        device.write(1, "以后").await;
        device.round(&team.bucket).await;
    }
    let bucket = Location::Bucket(team.invitation.connection.clone());
    let second = vault::backup(&bucket, backup.path().to_owned(), None).await.unwrap();
    assert!(second.is_whole() && second.to_string().contains("copied 4 objects"), "{second}");
    assert_eq!(contents(backup.path()), contents(team.shop.data.path()));
    let restored = vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    assert!(restored.is_whole(), "{restored}");
    assert_eq!(contents(target.path()), contents(backup.path()));
    // Once more changes nothing; where something else lies, nothing is written.
    let again = vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    assert!(again.to_string().contains("copied 0 objects"), "{again}");
    let name = team.segment(0, 1).to_string();
    fs::write(target.path().join("objects").join(&name), b"else").unwrap();
    let before = contents(target.path());
    fs::remove_file(target.path().join("objects").join(team.head(0).to_string())).unwrap();
    let refused = vault::restore(backup.path().to_owned(), &folder(target.path())).await;
    assert_eq!(refused, Err(VaultError::Taken(vec![name])));
    assert_eq!(contents(target.path()).len(), before.len() - 1, "nothing was written");
}

#[tokio::test]
async fn a_backup_is_not_spoiled_by_what_was_damaged_or_set_back() {
    let mut team = Team::open().await;
    let backup = TempDir::new().unwrap();
    let old = fs::read(team.path(team.head(0))).unwrap();
    team.devices[0].write(1, "以后").await;
    team.devices[0].round(&team.bucket).await;
    flip(&team.path(team.segment(0, 67)), 3);
    let first = vault::backup(&team.data(), backup.path().to_owned(), None).await.unwrap();
    assert_eq!(wrong(&first)[0], team.segment(0, 67).to_string(), "{first}");
    assert!(!backup.path().join("objects").join(team.segment(0, 67).to_string()).exists());
    let kept = fs::read(team.path(team.head(0))).unwrap();
    fs::write(team.path(team.head(0)), old).unwrap();
    let second = vault::backup(&team.data(), backup.path().to_owned(), None).await.unwrap();
    assert!(wrong(&second).contains(&team.head(0).to_string().as_str()), "{second}");
    assert_eq!(fs::read(backup.path().join("objects").join(team.head(0).to_string())).unwrap(), kept);
    // What is restored of it has no head that promises what is not there, and says so.
    let target = TempDir::new().unwrap();
    let restored = vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    assert!(wrong(&restored).contains(&team.head(0).to_string().as_str()), "{restored}");
    assert!(!target.path().join("objects").join(team.head(0).to_string()).exists());
    assert!(target.path().join("objects").join(team.head(1).to_string()).exists());
}

#[tokio::test]
async fn a_restored_bucket_is_one_in_which_the_team_goes_on() {
    let mut team = Team::open().await;
    let (backup, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    vault::backup(&team.data(), backup.path().to_owned(), None).await.unwrap();
    vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    let config = dianbu_endpoint::Config::new("127.0.0.1:0", target.path());
    let running = dianbu_endpoint::serve(config).await.unwrap();
    let keys = running.keys().clone();
    let connection = Connection {
        endpoint: format!("http://{}", running.addr()),
        access_key: keys.access_key,
        secret_key: keys.secret_key,
        ..team.invitation.connection.clone()
    };
    let bucket = S3::new(&connection, clock).unwrap();
    team.devices[0].write(1, "新家").await;
    for device in &mut team.devices {
        device.round(&bucket).await;
    }
    team.devices[0].round(&bucket).await;
    let [one, other] = &team.devices;
    assert_eq!(one.session().await.with(Book::standing), other.session().await.with(Book::standing));
    running.shutdown().await;
}

#[test]
fn the_commands_run_as_processes_and_their_exit_codes_tell() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let team = runtime.block_on(Team::open());
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dianbu-endpoint"));
        command.env_remove("DIANBU_ACCESS_KEY").env_remove("DIANBU_SECRET_KEY");
        let output = command.args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let data = team.shop.data.path().to_str().unwrap();
    let link = team.invitation.to_link_payload();
    assert_eq!(run(&["verify", "--data", data]).0, 0);
    let (code, out, _) = run(&["verify", "--link", &link]);
    assert!(code == 0 && out.contains("79 operations"), "{out}");
    let url = format!("{}/dianbu", team.shop.url(""));
    let keys = team.shop.running.keys();
    let (key, secret) = (keys.access_key.as_str(), keys.secret_key.as_str());
    assert_eq!(run(&["verify", "--bucket", &url, "--key", key, "--secret", secret]).0, 0);
    let (code, _, error) = run(&["verify", "--bucket", &url, "--key", "x", "--secret", "y"]);
    assert!(code == 1 && error.contains("InvalidAccessKeyId"), "{error}");
    let backup = TempDir::new().unwrap();
    let folder = backup.path().to_str().unwrap();
    assert_eq!(run(&["backup", "--data", data, "--to", folder]).0, 0);
    assert_eq!(run(&["backup", "--data", data, "--to", data]).0, 1);
    flip(&team.path(team.segment(0, 2)), 140);
    let (code, out, _) = run(&["verify", "--data", data]);
    assert!(code == 1 && out.contains(&team.segment(0, 2).to_string()) && out.contains("altered"), "{out}");
    let (code, _, error) = run(&["restore", "--from", folder, "--data", data]);
    assert!(code == 1 && error.contains("Stop it first"), "the endpoint runs over it: {error}");
    assert_eq!(run(&["restore", "--from", folder]).0, 2);
    assert_eq!(run(&["verify"]).0, 2);
    assert_eq!(run(&["verify", "--link", "nonsense"]).0, 1);
    assert!(run(&["backup", "--help"]).1.contains("--to FOLDER"));
}

//! What the app asks of an S3 service, asked of a real one: the bundled endpoint, or the one that the environment names
//! (`cargo xtask test s3` starts Garage and names it):
//!
//! `DIANBU_S3_ENDPOINT`, `DIANBU_S3_BUCKET`, `DIANBU_S3_REGION`, `DIANBU_ACCESS_KEY`, `DIANBU_SECRET_KEY`.
//!
//! What may differ between services is printed.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and tells what it found")]

#[path = "../../tests/bucket_contract/mod.rs"]
mod bucket_contract;

use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bucket_contract::{contract, pages};
use dianbu::remote::probe::probe;
use dianbu::remote::s3::S3;
use dianbu::remote::{Bucket, Connection, Page, RemoteError};
use dianbu::store::Store as _;
use dianbu::store::memory::Memory;
use dianbu::sync::driver;
use dianbu::sync::engine::Terms;
use dianbu::sync::keys::Identity;
use dianbu::sync::member::{Founding, Names};
use dianbu::sync::state::State;
use dianbu::sync::wire::Role;
use dianbu_endpoint::vault::{self, Location};
use dianbu_endpoint::{Config, Running, serve};
use reqwest::{Client, Method, Response};
use rusty_s3::{Credentials, S3Action as _, UrlStyle};
use tempfile::TempDir;

const ORIGIN: &str = "https://shop.example";
const HOUR: u64 = 3_600_000;

fn clock() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A service, and the endpoint behind it if it is the bundled one.
struct Service {
    connection: Connection,
    bundled: Option<(Running, TempDir)>,
}

impl Service {
    async fn open() -> Self {
        let named = |name: &str| env::var(name).unwrap_or_default();
        let mut nonce = [0; 8];
        getrandom::fill(&mut nonce).unwrap();
        // A blank and a character that has to be encoded stand in the prefix, as people choose them.
        let prefix = format!("店 test/{}", u64::from_be_bytes(nonce));
        if !named("DIANBU_S3_ENDPOINT").is_empty() {
            let connection = Connection {
                endpoint: named("DIANBU_S3_ENDPOINT"),
                bucket: named("DIANBU_S3_BUCKET"),
                region: named("DIANBU_S3_REGION"),
                prefix,
                access_key: named("DIANBU_ACCESS_KEY"),
                secret_key: named("DIANBU_SECRET_KEY"),
            };
            return Self { connection, bundled: None };
        }
        let data = TempDir::new().unwrap();
        let running = serve(Config::new("127.0.0.1:0", data.path())).await.unwrap();
        let connection = Connection {
            endpoint: format!("http://{}", running.addr()),
            bucket: "dianbu".to_owned(),
            region: String::new(),
            prefix,
            access_key: running.keys().access_key.clone(),
            secret_key: running.keys().secret_key.clone(),
        };
        Self { connection, bundled: Some((running, data)) }
    }

    fn bucket(&self) -> S3 {
        S3::new(&self.connection, clock).unwrap()
    }

    /// A presigned address, as the app makes it, for a method on a key.
    fn signed(&self, method: &Method, key: &str) -> reqwest::Url {
        let Connection { endpoint, bucket, region, access_key, secret_key, .. } = &self.connection;
        let region = if region.is_empty() { "us-east-1" } else { region };
        let in_host = endpoint.split_once(&format!("://{bucket}."));
        let (endpoint, style) = match in_host {
            Some((scheme, host)) => (format!("{scheme}://{host}"), UrlStyle::VirtualHost),
            None => (endpoint.clone(), UrlStyle::Path),
        };
        let (bucket, region) = (bucket.clone(), region.to_owned());
        let bucket = rusty_s3::Bucket::new(endpoint.parse().unwrap(), style, bucket, region).unwrap();
        let keys = Credentials::new(access_key, secret_key);
        let hour = Duration::from_millis(HOUR);
        match *method {
            Method::PUT => bucket.put_object(Some(&keys), key).sign(hour),
            Method::DELETE => bucket.delete_object(Some(&keys), key).sign(hour),
            _ => bucket.get_object(Some(&keys), key).sign(hour),
        }
    }
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Whether a list in a header has all of these, or everything.
fn has(response: &Response, name: &str, wanted: &[&str]) -> bool {
    let list = header(response, name).to_ascii_lowercase();
    let has =
        |wanted: &&str| list.split(',').any(|word| word.trim() == wanted.to_ascii_lowercase() || word.trim() == "*");
    wanted.iter().all(has)
}

#[tokio::test]
async fn the_service_keeps_the_contract() {
    let service = Service::open().await;
    let bucket = service.bucket();
    let honours = contract(&bucket).await;
    let pages = pages(&bucket).await;
    println!("conditional PUT            {}", honours.conditions);
    println!("tells its clock            {}", honours.clock);
    println!("pages of 1,005 names       {pages}");
    assert!(honours.clock);
    assert_eq!(pages, 2);
    // A belt, not what correctness hangs on: other services may ignore it.
    assert!(honours.conditions || service.bundled.is_none());
}

#[tokio::test]
async fn the_connection_test_finds_nothing_wrong_and_leaves_nothing_behind() {
    let service = Service::open().await;
    let bucket = service.bucket();
    let findings = probe(&bucket, clock(), [7; 16]).await.unwrap();
    println!("entity tags of what is put {}", findings.etags);
    assert!(findings.etags && findings.clock_offset_ms == 0);
    assert_eq!(bucket.list("", None).await.unwrap().entries, []);
}

#[tokio::test]
async fn a_wrong_clock_is_told_apart_and_corrected() {
    let service = Service::open().await;
    for wrong in [-49 * HOUR.cast_signed(), 49 * HOUR.cast_signed()] {
        let bucket = S3::new(&service.connection, move || clock().saturating_add_signed(wrong)).unwrap();
        let refused = bucket.list("V/h/", None).await;
        println!("clock wrong by {:>3} h       {refused:?}", wrong / HOUR.cast_signed());
        let (Err(RemoteError::Skew { server_ms: Some(server_ms) }) | Ok(Page { server_ms: Some(server_ms), .. })) =
            refused
        else {
            panic!("the app cannot tell that it is the clock: {refused:?}");
        };
        assert!(server_ms.abs_diff(clock()) < HOUR / 60);
        bucket.set_clock_offset(-wrong);
        assert_eq!(bucket.list("V/h/", None).await.unwrap().entries, []);
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_bucket_are_told_apart() {
    let service = Service::open().await;
    let list = |change: fn(&mut Connection)| {
        let mut connection = service.connection.clone();
        change(&mut connection);
        async move { S3::new(&connection, clock).unwrap().list("V/h/", None).await }
    };
    let wrong_secret = list(|connection| connection.secret_key = "0".repeat(64)).await;
    println!("wrong secret               {wrong_secret:?}");
    assert!(matches!(wrong_secret, Err(RemoteError::Denied(_))));
    let wrong_bucket = list(|connection| connection.bucket = "no-such-bucket-here".to_owned()).await;
    println!("wrong bucket               {wrong_bucket:?}");
    // Where the address names a bucket too, the other one is a name in it.
    assert!(matches!(wrong_bucket, Err(RemoteError::NoBucket | RemoteError::Denied(_) | RemoteError::NotFound)));
}

#[tokio::test]
async fn a_browser_of_another_origin_may_do_all_of_it() {
    let service = Service::open().await;
    let http = Client::new();
    let key = format!("{}/V/h/cors", service.connection.prefix);
    for (method, headers) in
        [(Method::PUT, "if-none-match"), (Method::PUT, "content-type"), (Method::DELETE, ""), (Method::GET, "")]
    {
        let ask = http.request(Method::OPTIONS, service.signed(&method, &key)).header("origin", ORIGIN);
        let ask = ask.header("access-control-request-method", method.as_str());
        let ask = if headers.is_empty() { ask } else { ask.header("access-control-request-headers", headers) };
        let answer = ask.send().await.unwrap();
        println!("preflight {method:<6} {headers:<14} {} {:?}", answer.status(), answer.headers());
        assert!(answer.status().is_success());
        assert!(has(&answer, "access-control-allow-origin", &[ORIGIN]));
        assert!(has(&answer, "access-control-allow-methods", &[method.as_str()]));
        assert!(headers.is_empty() || has(&answer, "access-control-allow-headers", &[headers]));
    }
    let put = http.put(service.signed(&Method::PUT, &key)).header("origin", ORIGIN).body("x").send().await.unwrap();
    let get = http.get(service.signed(&Method::GET, &key)).header("origin", ORIGIN).send().await.unwrap();
    let gone = http.get(service.signed(&Method::GET, "no/such/name")).header("origin", ORIGIN).send().await.unwrap();
    assert_eq!((put.status().as_u16(), get.status().as_u16(), gone.status().as_u16()), (200, 200, 404));
    for answer in [&put, &get, &gone] {
        println!("answer {}                 {:?}", answer.status(), answer.headers());
        assert!(has(answer, "access-control-allow-origin", &[ORIGIN]));
    }
    for answer in [&put, &get] {
        assert!(has(answer, "access-control-expose-headers", &["ETag", "Date"]));
    }
    http.delete(service.signed(&Method::DELETE, &key)).send().await.unwrap();
}

#[tokio::test]
async fn a_vault_is_founded_checked_backed_up_and_restored_there() {
    let mut random = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    let service = Service::open().await;
    let bucket = service.bucket();
    let names = Names { vault: "老王茶叶店".into(), device: "前台".into() };
    let identity = Identity::new(&mut random);
    let founding = Founding::begin(&identity, names, clock(), &mut random).unwrap();
    let commit = founding.commit(&State::default(), &identity, &mut random).unwrap();
    let store = Memory::default();
    store.transact(|state| commit.apply(state)).await.unwrap();
    let mut engine = driver::open(&store).await.unwrap().unwrap();
    let terms = Terms { role: Role::Staff, uses: 1, expires_ms: clock() + HOUR, recovery: false };
    let at = service.connection.clone();
    let invited = driver::invite(&mut engine, &store, &bucket, at.clone(), terms, clock(), &mut random).await;
    let link = vault::invitation(&invited.unwrap().to_link_payload()).unwrap();
    let (there, folder) = (Location::Bucket(at.clone()), TempDir::new().unwrap());
    let checked = vault::verify(&there, Some(&link), None).await.unwrap();
    assert!(checked.is_whole() && checked.unchecked.is_empty(), "{checked}");
    let copied = vault::backup(&there, folder.path().to_owned(), Some(&link)).await.unwrap();
    assert!(copied.is_whole(), "{copied}");
    let home = Location::Bucket(Connection { prefix: format!("{}/again", at.prefix), ..at.clone() });
    let restored = vault::restore(folder.path().to_owned(), &home).await.unwrap();
    assert!(restored.is_whole(), "{restored}");
    assert_eq!(vault::verify(&home, Some(&link), None).await.unwrap(), checked);
    for entry in bucket.list("", None).await.unwrap().entries {
        bucket.delete(&entry.name).await.unwrap();
    }
}

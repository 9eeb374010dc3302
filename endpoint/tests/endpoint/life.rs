//! Start, stop, restart, death.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use dianbu_endpoint::{Config, Error, Keys, Log, serve};
use jiff::Timestamp;
use reqwest::Method;
use tempfile::TempDir;

use crate::shop::{Shop, files, sign};

/// The program, started over `data`; killed when the test ends.
struct Program {
    child: Child,
    addr: SocketAddr,
}

impl Program {
    fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = command(data, more).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let addr = line.split_once("http://").unwrap().1.split(' ').next().unwrap().parse().unwrap();
        Self { child, addr }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dianbu-endpoint"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(more);
    command.env_remove("DIANBU_ACCESS_KEY").env_remove("DIANBU_SECRET_KEY");
    command
}

fn keys_in(data: &Path) -> Keys {
    let text = fs::read_to_string(data.join("credentials")).unwrap();
    let value =
        |name: &str| text.split_once(name).unwrap().1.lines().next().unwrap().trim_matches([' ', '=']).to_owned();
    Keys { access_key: value("aws_access_key_id"), secret_key: value("aws_secret_access_key") }
}

/// The head of a signed PUT of `length` bytes.
fn put_head(addr: SocketAddr, keys: &Keys, key: &str, length: usize) -> String {
    let url = sign(&Method::PUT, addr, keys, key, &[], Timestamp::now());
    let target = format!("{}?{}", url.path(), url.query().unwrap());
    format!("PUT {target} HTTP/1.1\r\nhost: {addr}\r\ncontent-length: {length}\r\n\r\n")
}

#[tokio::test]
async fn objects_and_keys_outlive_a_restart() {
    let shop = Shop::open().await;
    shop.put("V/h/dev", "head").await;
    let keys = shop.running.keys().clone();
    let Shop { running, data, http } = shop;
    running.shutdown().await;
    let running = serve(Config::new("127.0.0.1:0", data.path())).await.unwrap();
    assert_eq!(running.keys(), &keys);
    let shop = Shop { running, data, http };
    assert_eq!(shop.get("V/h/dev").await.text().await.unwrap(), "head");
    assert_eq!(shop.list(&[]).await.0, ["V/h/dev"]);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_credentials() {
    use std::os::unix::fs::PermissionsExt as _;

    let shop = Shop::open().await;
    let file = shop.data.path().join("credentials");
    let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let Shop { running, data, .. } = shop;
    running.shutdown().await;
    let _running = serve(Config::new("127.0.0.1:0", data.path())).await.unwrap();
    assert_eq!(mode(), 0o600);
}

#[tokio::test]
async fn given_keys_are_used_and_not_written_down() {
    let given = Keys { access_key: "shop".to_owned(), secret_key: "hush hush".replace(' ', "-") };
    let shop = Shop::with(|config| config.keys = Some(given.clone())).await;
    assert_eq!(shop.put("k", "x").await.status(), 200);
    assert_eq!(files(shop.data.path()), ["lock", "objects/k"]);
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let shop = Shop::open().await;
    let again = serve(Config::new("127.0.0.1:0", shop.data.path())).await;
    assert!(matches!(again, Err(Error::Busy { .. })));
    let dir = TempDir::new().unwrap();
    let taken = serve(Config::new(shop.running.addr().to_string(), dir.path())).await;
    assert!(matches!(taken, Err(Error::Listen { .. })));
    let change = |change: fn(&mut Config, &Path)| {
        let mut config = Config::new("127.0.0.1:0", dir.path());
        change(&mut config, dir.path());
        serve(config)
    };
    assert!(matches!(change(|c, _| c.bucket = "No Bucket".to_owned()).await, Err(Error::Bucket { .. })));
    assert!(matches!(change(|c, dir| c.app = Some(dir.join("none"))).await, Err(Error::App { .. })));
    assert!(matches!(change(|c, dir| c.log = Log::File(dir.join("no/log"))).await, Err(Error::Log { .. })));
    let blank = Keys { access_key: "a".to_owned(), secret_key: String::new() };
    assert!(matches!(
        serve(Config { keys: Some(blank), ..Config::new("127.0.0.1:0", dir.path()) }).await,
        Err(Error::GivenKeys)
    ));
    fs::write(dir.path().join("credentials"), "damaged").unwrap();
    assert!(matches!(change(|_, _| ()).await, Err(Error::Keys { .. })));
    assert_eq!(fs::read_to_string(dir.path().join("credentials")).unwrap(), "damaged");
}

#[tokio::test]
async fn each_request_leaves_one_line() {
    let logs = TempDir::new().unwrap();
    let file = logs.path().join("access.log");
    let shop = Shop::with(|config| config.log = Log::File(file.clone())).await;
    shop.put("V/h/dev", "head").await;
    shop.list(&[("prefix", "V/h/")]).await;
    shop.get("V/h/dev").await;
    shop.get("none").await;
    shop.http.request(Method::OPTIONS, shop.url("/dianbu/V/h/dev")).send().await.unwrap();
    shop.http.get(shop.url("/app.js")).send().await.unwrap();
    let log = fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = log.lines().map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(lines.len(), 6, "{log}");
    assert_eq!(lines[0], "PUT /dianbu/V/h/dev 200 in=4 out=0");
    assert!(lines[1].starts_with("GET /dianbu/?list-type=2&prefix=V%2Fh%2F 200 in=0 out="), "{log}");
    assert_eq!(lines[2], "GET /dianbu/V/h/dev 200 in=0 out=4");
    assert!(lines[3].starts_with("GET /dianbu/none 404 in=0 out="), "{log}");
    assert_eq!(lines[4], "OPTIONS /dianbu/V/h/dev 204 in=0 out=0");
    assert!(lines[5].starts_with("GET /app.js 404 "), "{log}");
    assert!(!log.contains("Signature") && !log.contains(&shop.running.keys().access_key), "{log}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_requests_in_flight_finish() {
    for signal in ["-TERM", "-INT"] {
        let data = TempDir::new().unwrap();
        let mut program = Program::start(data.path(), &[]);
        let mut stream = TcpStream::connect(program.addr).unwrap();
        let head = put_head(program.addr, &keys_in(data.path()), "k", 10);
        stream.write_all(format!("{head}01234").as_bytes()).unwrap();
        // A second request on its own connection is answered: the first one is being read by now.
        reqwest::get(format!("http://{}/", program.addr)).await.unwrap();
        assert!(Command::new("kill").args([signal, &program.child.id().to_string()]).status().unwrap().success());
        while TcpStream::connect(program.addr).is_ok() {
            std::thread::yield_now();
        }
        stream.write_all(b"56789").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(program.child.wait().unwrap().code(), Some(0));
        assert_eq!(fs::read(data.path().join("objects/k")).unwrap(), b"0123456789");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_a_write_leaves_no_half_object() {
    let data = TempDir::new().unwrap();
    let mut program = Program::start(data.path(), &[]);
    let keys = keys_in(data.path());
    let whole = sign(&Method::PUT, program.addr, &keys, "whole", &[], Timestamp::now());
    assert_eq!(crate::shop::client().put(whole).body("old").send().await.unwrap().status(), 200);
    let mut streams = Vec::new();
    for key in ["half", "whole"] {
        let mut stream = TcpStream::connect(program.addr).unwrap();
        stream.write_all(put_head(program.addr, &keys, key, 1 << 20).as_bytes()).unwrap();
        stream.write_all(&vec![b'x'; 1 << 19]).unwrap();
        streams.push(stream);
    }
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    drop(streams);
    let program = Program::start(data.path(), &[]);
    let list = sign(&Method::GET, program.addr, &keys_in(data.path()), "", &[("list-type", "2")], Timestamp::now());
    let listed = crate::shop::client().get(list).send().await.unwrap().text().await.unwrap();
    assert_eq!(listed.matches("<Key>").count(), 1, "{listed}");
    assert_eq!(files(data.path()), ["credentials", "lock", "objects/whole"]);
    assert_eq!(fs::read(data.path().join("objects/whole")).unwrap(), b"old");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_leaves_nothing() {
    let shop = Shop::open().await;
    let head = put_head(shop.running.addr(), shop.running.keys(), "half", 100);
    let mut stream = TcpStream::connect(shop.running.addr()).unwrap();
    stream.write_all(format!("{head}only this").as_bytes()).unwrap();
    drop(stream);
    let Shop { running, data, .. } = shop;
    running.shutdown().await;
    assert_eq!(files(data.path()), ["credentials", "lock"]);
}

#[test]
fn a_wrong_command_says_what_is_missing() {
    let data = TempDir::new().unwrap();
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = run(&mut command(data.path(), &["--colour", "red"]));
    assert!(code == Some(2) && told.contains("--colour"), "{told}");
    let (code, told) = run(Command::new(env!("CARGO_BIN_EXE_dianbu-endpoint")).arg("serve"));
    assert!(code == Some(2) && told.contains("--listen"), "{told}");
    let (code, told) = run(command(data.path(), &[]).env("DIANBU_ACCESS_KEY", "half"));
    assert!(code == Some(1) && told.contains("DIANBU_SECRET_KEY"), "{told}");
    let help = Command::new(env!("CARGO_BIN_EXE_dianbu-endpoint")).arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--listen ADDR"));
}

//! The tools people already have: rclone, the AWS command line, s3cmd.
//!
//! They sign in headers, each in its own way, and none of them knows this endpoint. Each runs with a configuration and
//! a home folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dianbu_endpoint::Keys;
use tempfile::TempDir;

use crate::shop::{Shop, files};

/// A folder to work in and how to call one tool from it.
struct Tool {
    home: TempDir,
    program: PathBuf,
    fixed: Vec<String>,
}

impl Tool {
    /// Finds the tool: the system's package first, so that a version manager's empty shim is not taken for it.
    fn find(name: &str, package: &str) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let system = std::iter::once(PathBuf::from("/usr/bin"));
        let program = system
            .chain(std::env::split_paths(&path))
            .map(|folder| folder.join(name))
            .find(|program| {
                Command::new(program)
                    .arg("--version")
                    .output()
                    .is_ok_and(|output| output.status.success())
            })
            .unwrap_or_else(|| {
                panic!("{name} is missing: install it with `apt-get install {package}`")
            });
        let home = TempDir::new().unwrap();
        fs::write(home.path().join("one.txt"), "hello").unwrap();
        Self {
            home,
            program,
            fixed: Vec::new(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.home.path().join(name), text).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.home.path().join(name)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command
            .current_dir(self.home.path())
            .args(&self.fixed)
            .args(args)
            .env_clear();
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path());
        command
            .env("AWS_CONFIG_FILE", self.path("aws-config"))
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("aws-credentials"))
            .env("AWS_PAGER", "");
        command.env("LANG", "C.UTF-8").output().unwrap()
    }

    /// What the tool prints; it must succeed.
    fn tell(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            output.status.success(),
            "{args:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// What the tool complains of; it must fail.
    fn fail(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            !output.status.success(),
            "{args:?} did not fail: {}",
            text(&output.stdout)
        );
        text(&output.stdout) + &text(&output.stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wrong(keys: &Keys) -> Keys {
    Keys {
        secret_key: "wrong".to_owned(),
        ..keys.clone()
    }
}

fn nothing_but(data: &Path, objects: &[&str]) {
    let found = files(data);
    let expected: Vec<_> = ["credentials", "lock"]
        .iter()
        .chain(objects)
        .copied()
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn rclone_works() {
    let shop = Shop::open().await;
    let addr = shop.running.addr();
    let mut tool = Tool::find("rclone", "rclone");
    let config = |keys: &Keys| {
        format!(
            "[shop]\ntype = s3\nprovider = Other\naccess_key_id = {}\nsecret_access_key = {}\n\
             endpoint = http://{addr}\nregion = auto\n",
            keys.access_key, keys.secret_key
        )
    };
    let file = tool.write("rclone.conf", &config(shop.running.keys()));
    tool.fixed = [
        "--config",
        &file,
        "--retries",
        "1",
        "--low-level-retries",
        "1",
    ]
    .map(str::to_owned)
    .to_vec();

    assert!(tool.tell(&["lsd", "shop:"]).contains("dianbu"));
    tool.tell(&["copyto", "one.txt", "shop:dianbu/in/客户 一.txt"]);
    assert_eq!(
        tool.tell(&["lsf", "-R", "shop:dianbu"]),
        "in/\nin/客户 一.txt\n"
    );
    assert_eq!(
        tool.tell(&["lsf", "shop:dianbu/in", "--format", "sh", "--hash", "MD5"])
            .trim(),
        "5;5d41402abc4b2a76b9719d911017c592"
    );
    assert_eq!(tool.tell(&["cat", "shop:dianbu/in/客户 一.txt"]), "hello");
    assert_eq!(
        tool.tell(&[
            "cat",
            "--offset",
            "1",
            "--count",
            "3",
            "shop:dianbu/in/客户 一.txt"
        ]),
        "ell"
    );
    tool.tell(&["copyto", "shop:dianbu/in/客户 一.txt", "back.txt"]);
    assert_eq!(tool.read("back.txt"), "hello");
    tool.tell(&[
        "check",
        "--download",
        "--one-way",
        "shop:dianbu/in",
        "shop:dianbu/in",
    ]);
    tool.tell(&[
        "copyto",
        "shop:dianbu/in/客户 一.txt",
        "shop:dianbu/copy.txt",
    ]);
    assert_eq!(tool.tell(&["cat", "shop:dianbu/copy.txt"]), "hello");
    tool.tell(&["deletefile", "shop:dianbu/copy.txt"]);
    tool.tell(&["delete", "shop:dianbu/in"]);
    assert_eq!(tool.tell(&["lsf", "-R", "shop:dianbu"]), "");
    nothing_but(shop.data.path(), &[]);

    tool.write("rclone.conf", &config(&wrong(shop.running.keys())));
    assert!(
        tool.fail(&["lsf", "shop:dianbu"])
            .contains("SignatureDoesNotMatch")
    );
    assert!(
        tool.fail(&["copyto", "one.txt", "shop:dianbu/x"])
            .contains("403")
    );
    nothing_but(shop.data.path(), &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aws_command_line_works() {
    let shop = Shop::with(|config| config.max_object = 1_000_000).await;
    let mut tool = Tool::find("aws", "awscli");
    // The endpoint's own file is one that AWS tools read.
    fs::copy(
        shop.data.path().join("credentials"),
        tool.path("aws-credentials"),
    )
    .unwrap();
    let url = shop.url("");
    tool.fixed = [
        "--endpoint-url",
        &url,
        "--region",
        "us-east-1",
        "--output",
        "json",
        "--no-cli-pager",
    ]
    .map(str::to_owned)
    .to_vec();
    let api = |args: &[&str]| tool.tell(&[&["s3api"], args].concat());
    let refused = |args: &[&str]| tool.fail(&[&["s3api"], args].concat());
    let one = tool.path("one.txt");

    assert!(api(&["list-buckets"]).contains("\"dianbu\""));
    for key in ["in/客户 一.txt", "in/2", "3"] {
        let put = api(&[
            "put-object",
            "--bucket",
            "dianbu",
            "--key",
            key,
            "--body",
            &one,
        ]);
        assert!(put.contains("5d41402abc4b2a76b9719d911017c592"), "{put}");
    }
    // Three pages of one object each.
    let listed = api(&[
        "list-objects-v2",
        "--bucket",
        "dianbu",
        "--page-size",
        "1",
        "--query",
        "Contents[].Key",
    ]);
    assert_eq!(
        listed.replace([' ', '\n'], ""),
        "[\"3\",\"in/2\",\"in/客户一.txt\"]"
    );
    let grouped = api(&["list-objects-v2", "--bucket", "dianbu", "--delimiter", "/"]);
    assert!(grouped.contains("\"Prefix\": \"in/\""), "{grouped}");
    assert!(api(&["list-objects", "--bucket", "dianbu", "--prefix", "in/"]).contains("in/2"));
    let head = api(&[
        "head-object",
        "--bucket",
        "dianbu",
        "--key",
        "in/客户 一.txt",
    ]);
    assert!(head.contains("\"ContentLength\": 5"), "{head}");
    api(&[
        "get-object",
        "--bucket",
        "dianbu",
        "--key",
        "in/客户 一.txt",
        &tool.path("back.txt"),
    ]);
    assert_eq!(tool.read("back.txt"), "hello");
    api(&[
        "get-object",
        "--bucket",
        "dianbu",
        "--key",
        "3",
        "--range",
        "bytes=1-3",
        &tool.path("part.txt"),
    ]);
    assert_eq!(tool.read("part.txt"), "ell");
    api(&[
        "copy-object",
        "--bucket",
        "dianbu",
        "--key",
        "4",
        "--copy-source",
        "dianbu/3",
    ]);
    api(&["delete-object", "--bucket", "dianbu", "--key", "4"]);
    let doomed = "Objects=[{Key=in/2},{Key=3}]";
    assert!(api(&["delete-objects", "--bucket", "dianbu", "--delete", doomed]).contains("Deleted"));
    nothing_but(shop.data.path(), &["objects/in/客户 一.txt"]);

    // This tool signs names as they are, so these reach the rule for names with a right signature.
    for key in [
        "../escape",
        "in/../../escape",
        "/etc/escape",
        "in//escape",
        "in/./escape",
        "..\\escape",
    ] {
        let told = refused(&[
            "put-object",
            "--bucket",
            "dianbu",
            "--key",
            key,
            "--body",
            &one,
        ]);
        assert!(told.contains("InvalidArgument"), "{key}: {told}");
        refused(&[
            "get-object",
            "--bucket",
            "dianbu",
            "--key",
            key,
            &tool.path("escape"),
        ]);
    }
    let big = tool.write("big", &"x".repeat(1_000_001));
    assert!(
        refused(&[
            "put-object",
            "--bucket",
            "dianbu",
            "--key",
            "big",
            "--body",
            &big
        ])
        .contains("EntityTooLarge")
    );
    assert!(refused(&["head-object", "--bucket", "dianbu", "--key", "none"]).contains("404"));
    assert!(refused(&["list-objects-v2", "--bucket", "other"]).contains("NoSuchBucket"));
    let keys = wrong(shop.running.keys());
    tool.write(
        "aws-credentials",
        &format!(
            "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            keys.access_key, keys.secret_key
        ),
    );
    assert!(refused(&["list-objects-v2", "--bucket", "dianbu"]).contains("SignatureDoesNotMatch"));
    nothing_but(shop.data.path(), &["objects/in/客户 一.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s3cmd_works() {
    let shop = Shop::open().await;
    let addr = shop.running.addr();
    let mut tool = Tool::find("s3cmd", "s3cmd");
    let config = |keys: &Keys| {
        format!(
            "[default]\naccess_key = {}\nsecret_key = {}\nhost_base = {addr}\nhost_bucket = {addr}\nuse_https = False\n\
             signature_v2 = False\nbucket_location = US\nmax_retries = 1\n",
            keys.access_key, keys.secret_key
        )
    };
    let file = tool.write("s3cfg", &config(shop.running.keys()));
    tool.fixed = ["--config", &file, "--no-progress"]
        .map(str::to_owned)
        .to_vec();

    assert!(tool.tell(&["ls"]).contains("s3://dianbu"));
    tool.tell(&["put", "one.txt", "s3://dianbu/in/客户 一.txt"]);
    tool.tell(&["put", "one.txt", "s3://dianbu/2"]);
    let listed = tool.tell(&["ls", "--recursive", "s3://dianbu/"]);
    assert!(
        listed.contains("s3://dianbu/2") && listed.contains("s3://dianbu/in/客户 一.txt"),
        "{listed}"
    );
    let grouped = tool.tell(&["ls", "s3://dianbu/"]);
    assert!(
        grouped.contains("DIR") && !grouped.contains("客户"),
        "{grouped}"
    );
    let info = tool.tell(&["info", "s3://dianbu/in/客户 一.txt"]);
    assert!(info.contains("5d41402abc4b2a76b9719d911017c592"), "{info}");
    tool.tell(&["get", "s3://dianbu/in/客户 一.txt", "back.txt"]);
    assert_eq!(tool.read("back.txt"), "hello");
    tool.tell(&["del", "s3://dianbu/2"]);
    tool.tell(&["del", "--recursive", "--force", "s3://dianbu/in/"]);
    assert_eq!(tool.tell(&["ls", "--recursive", "s3://dianbu/"]), "");
    nothing_but(shop.data.path(), &[]);

    tool.write("s3cfg", &config(&wrong(shop.running.keys())));
    assert!(
        tool.fail(&["ls", "s3://dianbu/"])
            .contains("SignatureDoesNotMatch")
    );
    tool.fail(&["put", "one.txt", "s3://dianbu/x"]);
    nothing_but(shop.data.path(), &[]);
}

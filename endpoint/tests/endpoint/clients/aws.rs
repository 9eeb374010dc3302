//! The AWS command line.

use std::fs;

use super::{Tool, nothing_but, wrong};
use crate::shop::Shop;

/// The tool with the endpoint's own credentials file, which has the form it reads.
fn aws(shop: &Shop) -> Tool {
    let mut tool = Tool::find("aws", "awscli");
    let credentials = shop.data.path().join("credentials");
    fs::copy(credentials, tool.path("aws-credentials")).unwrap();
    let url = shop.url("");
    let fixed = ["s3api", "--endpoint-url", &url, "--region", "us-east-1", "--output", "json"];
    tool.fixed = fixed.map(str::to_owned).to_vec();
    tool
}

/// The words of a command on one object.
fn on<'a>(command: &'a str, key: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--bucket", "dianbu", "--key", key], more].concat()
}

/// The words of a command on the bucket.
fn all<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--bucket", "dianbu"], more].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aws_command_line_works() {
    let shop = Shop::open().await;
    let tool = aws(&shop);
    let (one, back) = (tool.path("one.txt"), tool.path("back.txt"));

    assert!(tool.tell(&["list-buckets"]).contains("\"dianbu\""));
    for key in ["in/客户 一.txt", "in/2", "3"] {
        let put = tool.tell(&on("put-object", key, &["--body", &one]));
        assert!(put.contains("5d41402abc4b2a76b9719d911017c592"), "{put}");
    }
    // Three pages of one object each.
    let pages = ["--page-size", "1", "--query", "Contents[].Key"];
    let listed = tool.tell(&all("list-objects-v2", &pages));
    assert_eq!(listed.replace([' ', '\n'], ""), "[\"3\",\"in/2\",\"in/客户一.txt\"]");
    let grouped = tool.tell(&all("list-objects-v2", &["--delimiter", "/"]));
    assert!(grouped.contains("\"Prefix\": \"in/\""), "{grouped}");
    assert!(tool.tell(&all("list-objects", &["--prefix", "in/"])).contains("in/2"));
    let head = tool.tell(&on("head-object", "in/客户 一.txt", &[]));
    assert!(head.contains("\"ContentLength\": 5"), "{head}");
    tool.tell(&on("get-object", "in/客户 一.txt", &[&back]));
    assert_eq!(tool.read("back.txt"), "hello");
    tool.tell(&on("get-object", "3", &["--range", "bytes=1-3", &back]));
    assert_eq!(tool.read("back.txt"), "ell");
    tool.tell(&on("copy-object", "4", &["--copy-source", "dianbu/3"]));
    tool.tell(&on("delete-object", "4", &[]));
    let doomed = "Objects=[{Key=in/2},{Key=3}]";
    assert!(tool.tell(&all("delete-objects", &["--delete", doomed])).contains("Deleted"));
    nothing_but(shop.data.path(), &["objects/in/客户 一.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_lead_out_are_refused_though_rightly_signed() {
    let shop = Shop::open().await;
    let tool = aws(&shop);
    let (one, back) = (tool.path("one.txt"), tool.path("back.txt"));
    // This tool signs and sends names as they are.
    for key in ["../up", "in/../../up", "/etc/up", "in//up", "in/./up", "..\\up"] {
        for words in [
            on("put-object", key, &["--body", &one]),
            on("get-object", key, &[&back]),
            on("delete-object", key, &[]),
            on("copy-object", key, &["--copy-source", "dianbu/one"]),
        ] {
            let told = tool.fail(&words);
            assert!(told.contains("InvalidArgument"), "{words:?}: {told}");
        }
    }
    nothing_but(shop.data.path(), &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn aws_hears_why_it_is_refused() {
    let shop = Shop::with(|config| config.max_object = 1_000_000).await;
    let tool = aws(&shop);
    let big = tool.write("big", &"x".repeat(1_000_001));
    let told = tool.fail(&on("put-object", "big", &["--body", &big]));
    assert!(told.contains("EntityTooLarge"), "{told}");
    assert!(tool.fail(&on("head-object", "none", &[])).contains("404"));
    assert!(tool.fail(&["list-objects-v2", "--bucket", "other"]).contains("NoSuchBucket"));
    let keys = wrong(shop.running.keys());
    let (access, secret) = (keys.access_key, keys.secret_key);
    let text = format!("[default]\naws_access_key_id = {access}\naws_secret_access_key = {secret}\n");
    tool.write("aws-credentials", &text);
    assert!(tool.fail(&all("list-objects-v2", &[])).contains("SignatureDoesNotMatch"));
    nothing_but(shop.data.path(), &[]);
}

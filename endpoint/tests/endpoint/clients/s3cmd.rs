//! s3cmd.

use dianbu_endpoint::Keys;

use super::{Tool, nothing_but, wrong};
use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn s3cmd_works() {
    let shop = Shop::open().await;
    let addr = shop.running.addr();
    let mut tool = Tool::find("s3cmd", "s3cmd");
    let config = |keys: &Keys| {
        format!(
            "[default]\naccess_key = {}\nsecret_key = {}\nhost_base = {addr}\nhost_bucket = {addr}\nuse_https = False\n\
             signature_v2 = False\nbucket_location = us-east-1\nmax_retries = 1\n",
            keys.access_key, keys.secret_key
        )
    };
    let file = tool.write("s3cfg", &config(shop.running.keys()));
    tool.fixed = ["--config", &file, "--no-progress"].map(str::to_owned).to_vec();

    assert!(tool.tell(&["ls"]).contains("s3://dianbu"));
    tool.tell(&["put", "one.txt", "s3://dianbu/in/客户 一.txt"]);
    tool.tell(&["put", "one.txt", "s3://dianbu/2"]);
    let listed = tool.tell(&["ls", "--recursive", "s3://dianbu/"]);
    assert!(listed.contains("s3://dianbu/2") && listed.contains("s3://dianbu/in/客户 一.txt"), "{listed}");
    let grouped = tool.tell(&["ls", "s3://dianbu/"]);
    assert!(grouped.contains("DIR") && !grouped.contains("客户"), "{grouped}");
    let info = tool.tell(&["info", "s3://dianbu/in/客户 一.txt"]);
    assert!(info.contains("5d41402abc4b2a76b9719d911017c592"), "{info}");
    tool.tell(&["get", "s3://dianbu/in/客户 一.txt", "back.txt"]);
    assert_eq!(tool.read("back.txt"), "hello");
    tool.tell(&["del", "s3://dianbu/2"]);
    tool.tell(&["del", "--recursive", "--force", "s3://dianbu/in/"]);
    assert_eq!(tool.tell(&["ls", "--recursive", "s3://dianbu/"]), "");
    nothing_but(shop.data.path(), &[]);

    tool.write("s3cfg", &config(&wrong(shop.running.keys())));
    assert!(tool.fail(&["ls", "s3://dianbu/"]).contains("SignatureDoesNotMatch"));
    tool.fail(&["put", "one.txt", "s3://dianbu/x"]);
    nothing_but(shop.data.path(), &[]);
}

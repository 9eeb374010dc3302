//! rclone.

use dianbu_endpoint::Keys;

use super::{Tool, nothing_but, wrong};
use crate::shop::Shop;

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
    tool.fixed = ["--config", &file, "--retries", "1", "--low-level-retries", "1"].map(str::to_owned).to_vec();

    assert!(tool.tell(&["lsd", "shop:"]).contains("dianbu"));
    tool.tell(&["copyto", "one.txt", "shop:dianbu/in/客户 一.txt"]);
    let listed = tool.tell(&["lsf", "-R", "--files-only", "shop:dianbu"]);
    assert_eq!(listed, "in/客户 一.txt\n");
    assert_eq!(
        tool.tell(&["lsf", "shop:dianbu/in", "--format", "sh", "--hash", "MD5"]).trim(),
        "5;5d41402abc4b2a76b9719d911017c592"
    );
    assert_eq!(tool.tell(&["cat", "shop:dianbu/in/客户 一.txt"]), "hello");
    assert_eq!(tool.tell(&["cat", "--offset", "1", "--count", "3", "shop:dianbu/in/客户 一.txt"]), "ell");
    tool.tell(&["copyto", "shop:dianbu/in/客户 一.txt", "back.txt"]);
    assert_eq!(tool.read("back.txt"), "hello");
    tool.tell(&["check", "--download", "--one-way", "shop:dianbu/in", "shop:dianbu/in"]);
    tool.tell(&["copyto", "shop:dianbu/in/客户 一.txt", "shop:dianbu/copy.txt"]);
    assert_eq!(tool.tell(&["cat", "shop:dianbu/copy.txt"]), "hello");
    tool.tell(&["deletefile", "shop:dianbu/copy.txt"]);
    tool.tell(&["delete", "shop:dianbu/in"]);
    assert_eq!(tool.tell(&["lsf", "-R", "shop:dianbu"]), "");
    nothing_but(shop.data.path(), &[]);

    tool.write("rclone.conf", &config(&wrong(shop.running.keys())));
    assert!(tool.fail(&["lsf", "shop:dianbu"]).contains("SignatureDoesNotMatch"));
    assert!(tool.fail(&["copyto", "one.txt", "shop:dianbu/x"]).contains("403"));
    nothing_but(shop.data.path(), &[]);
}

//! The app: types, compressed twins, caching, the headers that keep it safe.

use std::fs;

use base64::Engine as _;
use s3s::crypto::{Checksum as _, Sha256};
use tempfile::TempDir;

use crate::shop::{Shop, header};

const HASHED: &str = "dianbu-0123456789abcdef_bg.wasm";

async fn with_app() -> (TempDir, Shop) {
    let dist = TempDir::new().unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html>"),
        ("sw.js", "worker"),
        ("manifest.webmanifest", "{}"),
        (HASHED, "wasm"),
        ("dianbu-0123456789abcdef_bg.wasm.br", "br twin"),
        ("dianbu-0123456789abcdef_bg.wasm.gz", "gz twin"),
        ("icons.svg", "<svg/>"),
    ] {
        fs::write(dist.path().join(name), content).unwrap();
    }
    fs::create_dir(dist.path().join("icons")).unwrap();
    fs::write(dist.path().join("icons/店 簿.png"), "png").unwrap();
    let path = dist.path().to_owned();
    let shop = Shop::with(|config| config.app = Some(path)).await;
    (dist, shop)
}

#[tokio::test]
async fn files_come_with_their_type_and_their_cache() {
    let (_dist, shop) = with_app().await;
    for (path, kind, cache, body) in [
        ("/", "text/html; charset=utf-8", "no-cache", "<!doctype html>"),
        ("/index.html", "text/html; charset=utf-8", "no-cache", "<!doctype html>"),
        ("/sw.js?v=1", "text/javascript; charset=utf-8", "no-cache", "worker"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache", "{}"),
        ("/icons.svg", "image/svg+xml", "no-cache", "<svg/>"),
        ("/icons/店 簿.png", "image/png", "no-cache", "png"),
        ("/dianbu-0123456789abcdef_bg.wasm", "application/wasm", "public, max-age=31536000, immutable", "wasm"),
    ] {
        let got = shop.http.get(shop.url(path)).send().await.unwrap();
        assert_eq!(got.status(), 200, "{path}");
        assert_eq!((header(&got, "content-type"), header(&got, "cache-control")), (kind, cache), "{path}");
        assert_eq!(header(&got, "vary"), "accept-encoding");
        assert_eq!(got.text().await.unwrap(), body, "{path}");
        let head = shop.http.head(shop.url(path)).send().await.unwrap();
        assert_eq!((head.status().as_u16(), header(&head, "content-type")), (200, kind));
        assert_eq!(header(&head, "content-length"), body.len().to_string());
        assert_eq!(head.bytes().await.unwrap().len(), 0);
    }
}

/// The hash of the style that stands in the page itself, as a policy names it.
fn hash_of_style() -> String {
    let page = include_str!("../../../public/index.html");
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).unwrap().0;
    base64::engine::general_purpose::STANDARD.encode(Sha256::checksum(style.as_bytes()))
}

#[tokio::test]
async fn every_answer_carries_the_safety_headers() {
    let (_dist, shop) = with_app().await;
    for path in ["/", "/sw.js", "/nothing"] {
        let got = shop.http.get(shop.url(path)).send().await.unwrap();
        let policy = header(&got, "content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            &format!("style-src 'self' 'sha256-{}';", hash_of_style()),
            "connect-src 'self' https:",
            "require-trusted-types-for 'script'; trusted-types dianbu",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"));
        // Hosts that take a file of headers send the same.
        assert!(include_str!("../../../public/_headers").contains(policy), "{policy}");
        assert_eq!(header(&got, "x-content-type-options"), "nosniff");
        assert_eq!(header(&got, "referrer-policy"), "no-referrer");
        assert_eq!(header(&got, "cross-origin-opener-policy"), "same-origin");
        assert!(header(&got, "permissions-policy").contains("geolocation=()"));
        assert_eq!(header(&got, "access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn a_compressed_twin_is_sent_to_whoever_takes_it() {
    let (_dist, shop) = with_app().await;
    let mut tags = Vec::new();
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", "br", "br twin"),
        ("gzip", "gzip", "gz twin"),
        ("br;q=0, gzip;q=0.5", "gzip", "gz twin"),
        ("identity", "", "wasm"),
    ] {
        let request = shop.http.get(shop.url(&format!("/{HASHED}"))).header("accept-encoding", accepted);
        let got = request.send().await.unwrap();
        assert_eq!((header(&got, "content-encoding"), header(&got, "content-type")), (encoding, "application/wasm"));
        tags.push(header(&got, "etag").to_owned());
        assert_eq!(got.text().await.unwrap(), body);
    }
    assert_ne!(tags[0], tags[1]);
    assert_eq!(tags[1], tags[2]);
    let plain = shop.http.get(shop.url("/sw.js")).header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(plain.text().await.unwrap(), "worker");
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again() {
    let (dist, shop) = with_app().await;
    let tag = header(&shop.http.get(shop.url("/")).send().await.unwrap(), "etag").to_owned();
    let again = || shop.http.get(shop.url("/")).header("if-none-match", &tag).send();
    let known = again().await.unwrap();
    assert_eq!((known.status().as_u16(), header(&known, "etag")), (304, tag.as_str()));
    assert_eq!(header(&known, "cache-control"), "no-cache");
    assert_eq!(known.bytes().await.unwrap().len(), 0);
    fs::write(dist.path().join("index.html"), "<!doctype HTML>").unwrap();
    assert_eq!(again().await.unwrap().status(), 200);
}

#[tokio::test]
async fn anything_else_is_a_plain_404() {
    let (_dist, shop) = with_app().await;
    for path in ["/nothing", "/icons", "/icons/", "/dianbu2", "/index.html/"] {
        let got = shop.http.get(shop.url(path)).send().await.unwrap();
        assert_eq!((got.status().as_u16(), header(&got, "content-type")), (404, "text/plain; charset=utf-8"), "{path}");
        assert!(got.text().await.unwrap().contains("There is no such file."));
    }
    let put = shop.http.put(shop.url("/index.html")).body("x").send().await.unwrap();
    assert_eq!(put.status(), 403);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_app_is_not_followed() {
    let (dist, shop) = with_app().await;
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), dist.path().join("link.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), dist.path().join("sw.js.br")).unwrap();
    assert_eq!(shop.http.get(shop.url("/link.txt")).send().await.unwrap().status(), 404);
    let worker = shop.http.get(shop.url("/sw.js")).header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(worker.text().await.unwrap(), "worker");
}

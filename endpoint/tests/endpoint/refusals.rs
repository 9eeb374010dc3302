//! What is refused, and that a refusal can be read from another origin.

use dianbu_endpoint::Keys;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;

use crate::shop::{Shop, files, header, raw, refusal, sign};

#[tokio::test]
async fn only_the_right_keys_open_the_bucket() {
    let shop = Shop::open().await;
    shop.put("k", "x").await;
    let right = shop.running.keys().clone();
    let stranger = Keys { access_key: "stranger".to_owned(), ..right.clone() };
    let guesser = Keys { secret_key: "guess".to_owned(), ..right };
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        for (keys, code) in [(&stranger, "InvalidAccessKeyId"), (&guesser, "SignatureDoesNotMatch")] {
            let url = sign(&method, shop.running.addr(), keys, "k", &[], Timestamp::now());
            let answer = shop.http.request(method.clone(), url).send().await.unwrap();
            assert_eq!(header(&answer, "access-control-allow-origin"), "*");
            assert_eq!(refusal(answer).await, (403, code.to_owned()));
        }
        let unsigned = shop.http.request(method, shop.url("/dianbu/k")).send().await.unwrap();
        assert_eq!(refusal(unsigned).await, (403, "AccessDenied".to_owned()));
    }
    let old = shop.http.get(shop.url("/dianbu/k")).header("authorization", "AWS a:b").send().await.unwrap();
    assert_eq!(refusal(old).await, (400, "InvalidRequest".to_owned()));
    assert_eq!(shop.get("k").await.text().await.unwrap(), "x");
}

#[tokio::test]
async fn a_signature_opens_only_what_it_was_made_for() {
    let shop = Shop::open().await;
    shop.put("a", "1").await;
    shop.put("b", "2").await;
    let url = sign(&Method::GET, shop.running.addr(), shop.running.keys(), "a", &[], Timestamp::now());
    let moved = url.as_str().replace("/dianbu/a", "/dianbu/b");
    assert_eq!(refusal(shop.http.get(moved).send().await.unwrap()).await, (403, "SignatureDoesNotMatch".to_owned()));
    let turned = shop.http.delete(url).send().await.unwrap();
    assert_eq!(refusal(turned).await, (403, "SignatureDoesNotMatch".to_owned()));
}

#[tokio::test]
async fn a_wrong_clock_gets_a_refusal_that_tells_the_time() {
    let shop = Shop::open().await;
    let years = SignedDuration::from_hours(24 * 3652);
    for (at, code) in [
        (Timestamp::now() - years, "AccessDenied"),
        (Timestamp::now() + years, "RequestTimeTooSkewed"),
        (Timestamp::now() + SignedDuration::from_mins(16), "RequestTimeTooSkewed"),
    ] {
        for method in [Method::GET, Method::PUT] {
            let url = sign(&method, shop.running.addr(), shop.running.keys(), "k", &[], at);
            let answer = shop.http.request(method, url).body("body").send().await.unwrap();
            let date = header(&answer, "date").to_owned();
            assert!(header(&answer, "access-control-expose-headers").contains("Date"));
            assert_eq!(header(&answer, "access-control-allow-origin"), "*");
            assert_eq!(refusal(answer).await, (403, code.to_owned()));
            let told = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp();
            assert!(Timestamp::now().duration_since(told).abs() < SignedDuration::from_mins(1), "{date}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_everything_first_still_hears_the_refusal() {
    let shop = Shop::open().await;
    let addr = shop.running.addr();
    let year = SignedDuration::from_hours(24 * 366);
    let late = Timestamp::now() - year;
    let url = sign(&Method::PUT, addr, shop.running.keys(), "k", &[], late);
    let (path, query) = (url.path(), url.query().unwrap());
    // More than the buffers between client and server hold: left unread, the connection would break first.
    let body = "x".repeat(24 << 20);
    let answer = raw(
        addr,
        &format!(
            "PUT {path}?{query} HTTP/1.1\r\nhost: {addr}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("\r\ndate: "), "{answer}");
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let shop = Shop::open().await;
    let (long, part) = ("x".repeat(1025), "x".repeat(256));
    for (key, code) in [
        ("/etc/passwd", "InvalidArgument"),
        ("//", "InvalidArgument"),
        ("a//b", "InvalidArgument"),
        ("a/", "InvalidArgument"),
        ("a\\..\\b", "InvalidArgument"),
        ("a\0b", "InvalidArgument"),
        ("a\nb", "InvalidArgument"),
        (long.as_str(), "KeyTooLongError"),
        (part.as_str(), "KeyTooLongError"),
    ] {
        for method in [Method::PUT, Method::GET, Method::DELETE] {
            let request = shop.request(method.clone(), key, &[]).body("x");
            let refused = refusal(request.send().await.unwrap()).await;
            assert_eq!(refused, (400, code.to_owned()), "{method} {key:?}");
        }
    }
    assert_eq!(files(shop.data.path()), ["credentials", "lock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_paths_that_no_client_sends_find_nothing() {
    let dist = tempfile::TempDir::new().unwrap();
    std::fs::write(dist.path().join("index.html"), "app").unwrap();
    let shop = Shop::with(|config| config.app = Some(dist.path().join(""))).await;
    std::fs::write(dist.path().parent().unwrap().join("dianbu-outside"), "secret").unwrap();
    for path in [
        "/../dianbu-outside",
        "/%2e%2e/dianbu-outside",
        "/..%2fdianbu-outside",
        "//etc/passwd",
        "/./index.html",
        "/a%00b",
        "/%ff",
        "/..\\dianbu-outside",
        "/dianbu/../index.html",
        "/dianbu/%2e%2e/%2e%2e/credentials",
    ] {
        let answer = raw(shop.running.addr(), &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        let status = answer.split(' ').nth(1).unwrap();
        assert!(matches!(status, "400" | "403" | "404"), "{path}: {answer}");
        assert!(!answer.contains("secret"), "{path}: {answer}");
    }
    std::fs::remove_file(dist.path().parent().unwrap().join("dianbu-outside")).unwrap();
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_however_it_comes() {
    let shop = Shop::with(|config| config.max_object = 100_000).await;
    assert_eq!(shop.put("fits", vec![1; 100_000]).await.status(), 200);
    for size in [100_001, 190_000] {
        assert_eq!(refusal(shop.put("over", vec![1; size]).await).await, (400, "EntityTooLarge".to_owned()));
    }
    // A length far beyond is refused from its announcement alone: not a byte of the body is sent here.
    let url = sign(&Method::PUT, shop.running.addr(), shop.running.keys(), "over", &[], Timestamp::now());
    let head = format!("PUT {}?{} HTTP/1.1\r\nhost: {}\r\n", url.path(), url.query().unwrap(), shop.running.addr());
    let addr = shop.running.addr();
    let announced = format!("{head}content-length: 99999999\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n");
    let answer = tokio::task::spawn_blocking(move || raw(addr, &announced)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("EntityTooLarge"), "{answer}");
    // Without an announced length the bytes are counted as they come.
    let chunk = format!("{:x}\r\n{}\r\n", 60_000, "x".repeat(60_000));
    let chunked = format!("{head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n{chunk}{chunk}0\r\n\r\n");
    let answer = tokio::task::spawn_blocking(move || raw(addr, &chunked)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("EntityTooLarge"), "{answer}");
    assert_eq!(shop.list(&[]).await.0, ["fits"]);
}

#[tokio::test]
async fn a_full_bucket_says_so() {
    let shop = Shop::with(|config| config.max_objects = 1).await;
    shop.put("a", "1").await;
    assert_eq!(refusal(shop.put("b", "1").await).await, (507, "QuotaExceeded".to_owned()));
    assert_eq!(shop.put("a", "2").await.status(), 200);
}

#[tokio::test]
async fn a_name_in_the_way_is_named() {
    let shop = Shop::open().await;
    shop.put("a/b", "1").await;
    assert_eq!(refusal(shop.put("a", "1").await).await, (400, "InvalidArgument".to_owned()));
    assert_eq!(refusal(shop.put("a/b/c", "1").await).await, (400, "InvalidArgument".to_owned()));
}

#[tokio::test]
async fn a_preflight_is_answered_for_a_day() {
    let shop = Shop::open().await;
    let preflight = shop
        .http
        .request(Method::OPTIONS, shop.url("/dianbu/V/h/dev"))
        .header("origin", "https://app.example")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "authorization,if-none-match")
        .header("access-control-request-private-network", "true")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 204);
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, PUT, POST, DELETE"),
        ("access-control-allow-headers", "authorization,if-none-match"),
        ("access-control-max-age", "86400"),
        ("access-control-allow-private-network", "true"),
    ] {
        assert_eq!(header(&preflight, name), value);
    }
}

#[tokio::test]
async fn an_object_never_acts_as_a_page() {
    let shop = Shop::open().await;
    shop.put("page", "<script>alert(1)</script>").await;
    let got = shop.request(Method::GET, "page", &[("response-content-type", "text/html")]).send().await.unwrap();
    assert_eq!(header(&got, "content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header(&got, "x-content-type-options"), "nosniff");
}

//! Objects: written, read, read in part, conditionally, copied, removed.

use reqwest::Method;

use crate::shop::{Shop, header, refusal};

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let shop = Shop::open().await;
    let put = shop.put("V/h/客户 +%1.bin", "hello").await;
    assert_eq!((put.status().as_u16(), header(&put, "etag")), (200, "\"5d41402abc4b2a76b9719d911017c592\""));
    assert_eq!(std::fs::read(shop.data.path().join("objects/V/h/客户 +%1.bin")).unwrap(), b"hello");

    let got = shop.get("V/h/客户 +%1.bin").await;
    assert_eq!(header(&got, "etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(header(&got, "content-type"), "application/octet-stream");
    assert_eq!(header(&got, "content-length"), "5");
    assert!(header(&got, "last-modified").ends_with(" GMT"));
    assert_eq!(got.text().await.unwrap(), "hello");

    let head = shop.request(Method::HEAD, "V/h/客户 +%1.bin", &[]).send().await.unwrap();
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, "5"));
    assert_eq!(head.bytes().await.unwrap().len(), 0);

    for _ in 0..2 {
        let gone = shop.request(Method::DELETE, "V/h/客户 +%1.bin", &[]).send().await.unwrap();
        assert_eq!(gone.status(), 204);
    }
    assert_eq!(refusal(shop.get("V/h/客户 +%1.bin").await).await, (404, "NoSuchKey".to_owned()));
    let head = shop.request(Method::HEAD, "V/h/客户 +%1.bin", &[]).send().await.unwrap();
    assert_eq!(head.status(), 404);
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let shop = Shop::open().await;
    assert_eq!(shop.put("empty", "").await.status(), 200);
    let got = shop.get("empty").await;
    assert_eq!((got.status().as_u16(), header(&got, "content-length")), (200, "0"));
}

#[tokio::test]
async fn a_range_gives_exactly_these_bytes() {
    let shop = Shop::open().await;
    shop.put("k", "0123456789").await;
    for (range, content, bytes) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=0-99", "bytes 0-9/10", "0123456789"),
    ] {
        let got = shop.request(Method::GET, "k", &[]).header("range", range).send().await.unwrap();
        assert_eq!((got.status().as_u16(), header(&got, "content-range")), (206, content));
        assert_eq!(got.text().await.unwrap(), bytes);
    }
    let got = shop.request(Method::GET, "k", &[]).header("range", "bytes=10-").send().await.unwrap();
    assert_eq!(refusal(got).await, (416, "InvalidRange".to_owned()));
}

#[tokio::test]
async fn reading_can_depend_on_what_is_known() {
    let shop = Shop::open().await;
    let tag = header(&shop.put("k", "hello").await, "etag").to_owned();
    let ask = |method: Method, name: &'static str, value: String| {
        let request = shop.request(method, "k", &[]).header(name, value);
        async move { request.send().await.unwrap() }
    };
    for method in [Method::GET, Method::HEAD] {
        let known = ask(method.clone(), "if-none-match", tag.clone()).await;
        assert_eq!((known.status().as_u16(), header(&known, "etag")), (304, tag.as_str()));
        assert_eq!(header(&known, "access-control-allow-origin"), "*");
        assert_eq!(known.bytes().await.unwrap().len(), 0);
        assert_eq!(ask(method.clone(), "if-none-match", "\"other\"".to_owned()).await.status(), 200);
        assert_eq!(ask(method.clone(), "if-match", tag.clone()).await.status(), 200);
        assert_eq!(ask(method.clone(), "if-match", "\"other\"".to_owned()).await.status(), 412);
        let date = header(&shop.get("k").await, "last-modified").to_owned();
        assert_eq!(ask(method.clone(), "if-modified-since", date.clone()).await.status(), 304);
        assert_eq!(ask(method, "if-unmodified-since", date).await.status(), 200);
    }
}

#[tokio::test]
async fn of_two_first_writes_exactly_one_wins() {
    let shop = Shop::open().await;
    for round in 0..10 {
        let key = format!("V/d/dev/s/{round}");
        let first =
            |bytes: &'static str| shop.request(Method::PUT, &key, &[]).header("if-none-match", "*").body(bytes).send();
        let (one, other) = tokio::join!(first("one"), first("other"));
        let (one, other) = (one.unwrap(), other.unwrap());
        let (kept, lost) = if one.status() == 200 { ("one", other) } else { ("other", one) };
        assert_eq!(refusal(lost).await, (412, "PreconditionFailed".to_owned()));
        assert_eq!(shop.get(&key).await.text().await.unwrap(), kept);
    }
}

#[tokio::test]
async fn a_write_can_depend_on_what_is_there() {
    let shop = Shop::open().await;
    let old = header(&shop.put("k", "1").await, "etag").to_owned();
    let put = |value: &str| shop.request(Method::PUT, "k", &[]).header("if-match", value).body("2").send();
    assert_eq!(put("\"d41d8cd98f00b204e9800998ecf8427e\"").await.unwrap().status(), 412);
    assert_eq!(put(&old).await.unwrap().status(), 200);
    assert_eq!(put(&old).await.unwrap().status(), 412);
    let other = shop.request(Method::PUT, "k", &[]).header("if-none-match", &old).body("3").send().await.unwrap();
    assert_eq!(refusal(other).await, (501, "NotImplemented".to_owned()));
}

#[tokio::test]
async fn a_body_must_have_the_checksum_sent_with_it() {
    let shop = Shop::open().await;
    // Digests of `hello`, as `openssl dgst -binary | base64` gives them.
    for (name, right) in [
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
        ("x-amz-checksum-crc32", "NhCmhg=="),
    ] {
        let put = |body: &'static str| shop.request(Method::PUT, "k", &[]).header(name, right).body(body).send();
        assert_eq!(put("hello").await.unwrap().status(), 200, "{name}");
        assert_eq!(refusal(put("hellp").await.unwrap()).await, (400, "BadDigest".to_owned()), "{name}");
        assert_eq!(shop.get("k").await.text().await.unwrap(), "hello");
    }
}

#[tokio::test]
async fn an_object_can_be_copied() {
    let shop = Shop::open().await;
    shop.put("from", "hello").await;
    let copy = |source: &str| shop.request(Method::PUT, "to/here", &[]).header("x-amz-copy-source", source).send();
    assert_eq!(copy("/dianbu/from").await.unwrap().status(), 200);
    assert_eq!(shop.get("to/here").await.text().await.unwrap(), "hello");
    assert_eq!(refusal(copy("/dianbu/none").await.unwrap()).await, (404, "NoSuchKey".to_owned()));
    assert_eq!(refusal(copy("/other/from").await.unwrap()).await, (404, "NoSuchBucket".to_owned()));
    assert_eq!(copy("/dianbu/..%2f..%2fcredentials").await.unwrap().status(), 400);
}

#[tokio::test]
async fn many_are_deleted_at_once_and_each_has_its_answer() {
    let shop = Shop::open().await;
    for key in ["a", "b/c", "stays"] {
        shop.put(key, "x").await;
    }
    let xml = "<Delete><Object><Key>a</Key></Object><Object><Key>b/c</Key></Object>\
               <Object><Key>none</Key></Object><Object><Key>../credentials</Key></Object></Delete>";
    let answer = shop.request(Method::POST, "", &[("delete", "")]).body(xml).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer = answer.text().await.unwrap();
    assert_eq!(answer.matches("<Deleted>").count(), 3, "{answer}");
    assert!(answer.contains("<Code>InvalidArgument</Code>"), "{answer}");
    assert_eq!(shop.list(&[]).await.0, ["stays"]);
    assert!(shop.data.path().join("credentials").exists());
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let shop = Shop::open().await;
    let uploads = shop.request(Method::POST, "big", &[("uploads", "")]).send().await.unwrap();
    assert_eq!(refusal(uploads).await, (501, "NotImplemented".to_owned()));
    let form = shop.http.post(shop.url("/dianbu")).header("content-type", "multipart/form-data; boundary=x");
    assert_eq!(refusal(form.body("--x--").send().await.unwrap()).await, (501, "NotImplemented".to_owned()));
    let create = shop.request(Method::PUT, "", &[]).send().await.unwrap();
    assert_eq!(refusal(create).await, (409, "BucketAlreadyOwnedByYou".to_owned()));
    let location = shop.request(Method::GET, "", &[("location", "")]).send().await.unwrap();
    assert_eq!(location.status(), 200);
    assert_eq!(shop.request(Method::HEAD, "", &[]).send().await.unwrap().status(), 200);
}

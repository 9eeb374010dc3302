//! Listing: sorted, paged, grouped, in both versions.

use reqwest::Method;

use crate::shop::{Shop, header, refusal};

async fn filled() -> Shop {
    let shop = Shop::open().await;
    for number in 0..25 {
        shop.put(&format!("V/h/{number:02}"), "head").await;
    }
    for key in ["V/d/a/s/1", "V/d/a/s/2", "V/d/b/s/1", "V/vault", "W/客 户&<>", "V/h-", "V/h0"] {
        shop.put(key, "x").await;
    }
    shop
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_double() {
    let shop = filled().await;
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let mut query = vec![("prefix", "V/h/"), ("max-keys", "10")];
        if !token.is_empty() {
            query.push(("continuation-token", &token));
        }
        let (keys, groups, next) = shop.list(&query).await;
        assert!(keys.len() <= 10 && groups.is_empty());
        all.extend(keys);
        match next {
            Some(next) => token = next,
            None => break,
        }
    }
    assert_eq!(all, (0..25).map(|number| format!("V/h/{number:02}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn keys_are_sorted_by_their_bytes_and_grouped_by_the_delimiter() {
    let shop = filled().await;
    let (keys, groups, next) = shop.list(&[("prefix", "V/"), ("delimiter", "/")]).await;
    assert_eq!(keys, ["V/h-", "V/h0", "V/vault"]);
    assert_eq!(groups, ["V/d/", "V/h/"]);
    assert_eq!(next, None);
    let (keys, groups, _) = shop.list(&[("prefix", "V/d/"), ("delimiter", "/s/")]).await;
    assert_eq!((keys.len(), groups.as_slice()), (0, ["V/d/a/s/".to_owned(), "V/d/b/s/".to_owned()].as_slice()));
    let (keys, _, _) = shop.list(&[("start-after", "V/h/23"), ("prefix", "V/h")]).await;
    assert_eq!(keys, ["V/h/24", "V/h0"]);
    assert_eq!(shop.list(&[("prefix", "nothing")]).await, (vec![], vec![], None));
    assert_eq!(shop.list(&[("max-keys", "0")]).await, (vec![], vec![], None));
}

#[tokio::test]
async fn a_listing_tells_size_etag_and_time_and_survives_odd_names() {
    let shop = filled().await;
    let ask = |query: &'static [(&str, &str)]| async {
        shop.request(Method::GET, "", query).send().await.unwrap().text().await.unwrap()
    };
    let plain = ask(&[("list-type", "2"), ("prefix", "W/")]).await;
    assert!(plain.contains("<Key>W/客 户&amp;&lt;&gt;</Key>"), "{plain}");
    assert!(plain.contains("<Size>1</Size>") && plain.contains("<LastModified>20"), "{plain}");
    assert!(plain.contains("9dd4e461268c8034f5c8564e155c67a6"), "{plain}");
    let encoded = ask(&[("encoding-type", "url"), ("list-type", "2"), ("prefix", "W/")]).await;
    assert!(encoded.contains("<Key>W/%E5%AE%A2%20%E6%88%B7%26%3C%3E</Key>"), "{encoded}");
    assert!(encoded.contains("<EncodingType>url</EncodingType>"), "{encoded}");
}

#[tokio::test]
async fn the_old_listing_works_too() {
    let shop = filled().await;
    let (mut found, mut marker) = (Vec::new(), String::new());
    loop {
        let query = [("prefix", "V/"), ("delimiter", "/"), ("max-keys", "2"), ("marker", marker.as_str())];
        let page = shop.request(Method::GET, "", &query).send().await.unwrap().text().await.unwrap();
        let names = page.split("<Key>").skip(1).chain(page.split("<CommonPrefixes><Prefix>").skip(1));
        let mut names: Vec<_> = names.map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        names.sort();
        found.extend(names);
        match page.split_once("<NextMarker>") {
            Some((_, rest)) => marker = rest.split('<').next().unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(found, ["V/d/", "V/h-", "V/h/", "V/h0", "V/vault"]);
}

#[tokio::test]
async fn a_listing_is_one_plain_request_from_another_origin() {
    let shop = filled().await;
    let request = shop.request(Method::GET, "", &[("list-type", "2"), ("prefix", "V/h/")]);
    let answer = request.header("origin", "https://app.example").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), header(&answer, "access-control-allow-origin")), (200, "*"));
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused() {
    let shop = filled().await;
    for query in [[("list-type", "2"), ("continuation-token", "?")], [("list-type", "2"), ("max-keys", "-1")]] {
        let answer = shop.request(Method::GET, "", &query).send().await.unwrap();
        assert_eq!(refusal(answer).await, (400, "InvalidArgument".to_owned()), "{query:?}");
    }
}

#[tokio::test]
async fn the_bucket_is_listed_at_the_root_for_whoever_signs() {
    let shop = filled().await;
    let unsigned = shop.http.get(shop.url("/")).send().await.unwrap();
    assert_eq!(unsigned.status(), 404);
    let addr = shop.running.addr();
    let url = rusty_s3::signing::sign(
        &jiff::Timestamp::now(),
        rusty_s3::Method::Get,
        format!("http://{addr}/").parse().unwrap(),
        &shop.running.keys().access_key,
        &shop.running.keys().secret_key,
        None,
        "auto",
        60,
        std::iter::empty(),
        std::iter::empty(),
    );
    let answer = shop.http.get(url).send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("<Name>dianbu</Name>"), "{answer}");
}

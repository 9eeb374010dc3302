//! What every bucket has to keep to: the twin in memory, the bundled endpoint, any S3 service.
#![allow(unreachable_pub, reason = "a module of several test binaries")]

use dianbu::remote::{Bucket, Entry, Object, RemoteError};

/// Objects of the same kind, more than one page of any listing.
pub const MANY: usize = 1_005;

/// What may differ between services without harm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Honours {
    /// `If-None-Match: *` refuses to overwrite.
    pub conditions: bool,
    /// Listings tell the service's clock.
    pub clock: bool,
}

/// Every entry whose name begins so, over all pages, and how many pages those were.
async fn listed(bucket: &impl Bucket, prefix: &str) -> (Vec<Entry>, usize) {
    let (mut entries, mut next, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = bucket.list(prefix, next.as_deref()).await.unwrap();
        entries.extend(page.entries);
        next = page.next;
        pages += 1;
        if next.is_none() {
            return (entries, pages);
        }
    }
}

/// Writes, reads, lists and deletes as the app does, in a bucket in which nothing lies under `V/`.
pub async fn contract(bucket: &impl Bucket) -> Honours {
    let empty = bucket.list("V/h/", None).await.unwrap();
    assert_eq!(empty.entries, []);
    assert_eq!(bucket.get("V/h/a").await, Err(RemoteError::NotFound));
    let etag = bucket.put("V/h/a", b"one".to_vec(), false).await.unwrap();
    assert!(!etag.contains('"'));
    let refused = bucket.put("V/h/a", b"other".to_vec(), true).await;
    let conditions = refused == Err(RemoteError::Conflict);
    assert!(conditions || refused.is_ok(), "refused for another reason: {refused:?}");
    let content = if conditions { b"one".to_vec() } else { b"other".to_vec() };
    let found = bucket.get("V/h/a").await.unwrap();
    assert_eq!(found.bytes, content);
    assert!(!conditions || found == Object { bytes: content, etag: etag.clone() });
    let again = bucket.put("V/h/a", b"three".to_vec(), false).await.unwrap();
    assert_ne!(etag, again, "another content has another tag");
    bucket.put("V/h/b", b"b".to_vec(), true).await.unwrap();
    bucket.put("V/h/c", vec![0; 100_000], true).await.unwrap();
    bucket.put("V/h-", b"no head".to_vec(), true).await.unwrap();
    bucket.put("V/k/a", b"k".to_vec(), true).await.unwrap();
    let (entries, _) = listed(bucket, "V/h/").await;
    let names: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.size)).collect();
    assert_eq!(names, [("V/h/a", 5), ("V/h/b", 1), ("V/h/c", 100_000)]);
    assert_eq!(entries.first().map(|entry| entry.etag.as_str()), Some(again.as_str()), "a listing has the same tags");
    assert_eq!(bucket.get("V/h/c").await.unwrap().bytes, vec![0; 100_000]);
    // As large as an object may be, and one byte more than that is not handed out.
    let largest = vec![7; dianbu::sync::object::MAX_OBJECT];
    bucket.put("V/d/large", largest.clone(), true).await.unwrap();
    assert_eq!(bucket.get("V/d/large").await.unwrap().bytes, largest);
    for name in ["V/h/a", "V/h/b", "V/h/c", "V/h-", "V/k/a", "V/d/large"] {
        bucket.delete(name).await.unwrap();
        // What is not there counts as deleted.
        bucket.delete(name).await.unwrap();
        assert_eq!(bucket.get(name).await, Err(RemoteError::NotFound));
    }
    assert_eq!(listed(bucket, "V/").await.0, []);
    Honours { conditions, clock: empty.server_ms.is_some() }
}

/// Lists more than a page holds, then clears it away. Returns how many pages it took.
pub async fn pages(bucket: &impl Bucket) -> usize {
    for number in 0..MANY {
        bucket.put(&format!("V/h/{number:04}"), number.to_string().into_bytes(), true).await.unwrap();
    }
    let (entries, pages) = listed(bucket, "V/h/").await;
    let names: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, (0..MANY).map(|number| format!("V/h/{number:04}")).collect::<Vec<_>>());
    for name in names {
        bucket.delete(&name).await.unwrap();
    }
    pages
}

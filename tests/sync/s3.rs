//! The S3 client against a small server that keeps the raw requests, and the same contract on every bucket.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use dianbu::remote::memory::{Fate, Memory, Request};
use dianbu::remote::probe::{Findings, ProbeFault, Right, probe};
use dianbu::remote::s3::S3;
use dianbu::remote::{Bucket, Connection, RemoteError};

use crate::bucket_contract::{Honours, contract, pages};
use crate::kit::{NOON, now};

#[derive(Default)]
struct Served {
    objects: BTreeMap<String, Vec<u8>>,
    /// First lines and headers, in lower case.
    requests: Vec<(String, Vec<String>)>,
    /// Answer everything with this status and body.
    refuse: Option<(u16, &'static str)>,
    /// Refuse what is not implemented.
    without_conditions: bool,
}

/// A server of one bucket `shop`, path style, that checks no signature.
fn serve() -> (Connection, Arc<Mutex<Served>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let served = Arc::new(Mutex::new(Served::default()));
    let shared = Arc::clone(&served);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || while answer(stream.as_ref().unwrap(), &shared).is_some() {});
        }
    });
    let connection = Connection {
        endpoint,
        bucket: "shop".into(),
        prefix: "team one".into(),
        access_key: "key".into(),
        secret_key: "secret".into(),
        ..Connection::default()
    };
    (connection, served)
}

fn answer(mut stream: &TcpStream, served: &Mutex<Served>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_lowercase());
    }
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut parts = first.split(' ');
    let (method, url) = (parts.next()?, parts.next()?);
    let (path, query) = url.split_once('?')?;
    let key = path.strip_prefix("/shop/")?.replace("%20", " ");
    let mut served = served.lock().unwrap();
    served.requests.push((format!("{method} {url}"), headers.clone()));
    let (status, body) = match (served.refuse, method) {
        (Some((status, body)), _) => (status, body.as_bytes().to_vec()),
        (None, "GET") if key.is_empty() => (200, listing(&served.objects, query)),
        (None, "GET") => served.objects.get(&key).map_or((404, Vec::new()), |object| (200, object.clone())),
        (None, "PUT") if served.without_conditions && headers.contains(&"if-none-match: *".into()) => (501, Vec::new()),
        (None, "PUT") if headers.contains(&"if-none-match: *".into()) && served.objects.contains_key(&key) => {
            (412, Vec::new())
        }
        (None, "PUT") => {
            served.objects.insert(key, body);
            (200, Vec::new())
        }
        _ => (served.objects.remove(&key).map_or(404, |_| 204), Vec::new()),
    };
    let length = if method == "PUT" { length } else { body.len() };
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\netag: \"e{}\"\r\ndate: Mon, 21 Sep 2026 14:13:20 GMT\r\n\r\n",
        body.len(),
        length
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).ok()
}

fn listing(objects: &BTreeMap<String, Vec<u8>>, query: &str) -> Vec<u8> {
    let field = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
        Some(value.replace("%2F", "/").replace("%20", " "))
    };
    let (prefix, after) = (field("prefix").unwrap(), field("continuation-token").unwrap_or_default());
    let mut rest = objects.iter().filter(|(key, _)| key.starts_with(&prefix) && **key > after);
    let page: Vec<_> = rest.by_ref().take(2).collect();
    let mut xml = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">".to_owned();
    let _ = write!(xml, "<EncodingType>url</EncodingType><IsTruncated>{}</IsTruncated>", rest.next().is_some());
    for (key, object) in &page {
        let (key, size) = (key.replace(' ', "+"), object.len());
        let _ = write!(xml, "<Contents><Key>{key}</Key><ETag>&quot;e{size}&quot;</ETag><Size>{size}</Size></Contents>");
    }
    if let Some((key, _)) = page.last() {
        let _ = write!(xml, "<NextContinuationToken>{key}</NextContinuationToken>");
    }
    (xml + "</ListBucketResult>").into_bytes()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn the_twin_in_memory_keeps_the_contract() {
    let bucket = Memory::default();
    bucket.set_page(2);
    bucket.set_server_ms(Some(NOON));
    assert_eq!(now(contract(&bucket)), Honours { conditions: true, clock: true });
    bucket.set_page(0);
    assert_eq!(now(pages(&bucket)), 2);
    bucket.set_conditions(false);
    assert!(!now(contract(&bucket)).conditions);
}

#[test]
fn the_client_keeps_the_contract_and_sends_no_header_that_asks_a_preflight() {
    let (connection, served) = serve();
    let bucket = S3::new(&connection, || NOON).unwrap();
    assert_eq!(wait(contract(&bucket)), Honours { conditions: true, clock: true });
    let served = served.lock().unwrap();
    assert!(served.objects.keys().all(|key| key.starts_with("team one/V/")));
    for (line, headers) in &served.requests {
        let names: Vec<_> = headers.iter().filter_map(|line| line.split(':').next()).collect();
        let free = ["host", "accept", "content-length", "if-none-match"];
        assert!(names.iter().all(|name| free.contains(name)), "{line} {names:?}");
        assert!(!line.starts_with("GET") || !names.contains(&"if-none-match"));
        assert!(line.contains("X-Amz-Signature=") && line.contains("X-Amz-SignedHeaders=host&"), "{line}");
        assert!(line.contains("X-Amz-Date=20260921T"), "signed by the clock that was given: {line}");
    }
}

#[test]
fn a_service_without_conditional_requests_can_be_used() {
    let (connection, served) = serve();
    served.lock().unwrap().without_conditions = true;
    let bucket = S3::new(&connection, || NOON).unwrap();
    wait(bucket.put("a", vec![1], true)).unwrap();
    wait(bucket.put("b", vec![2], true)).unwrap();
    let served = served.lock().unwrap();
    assert_eq!((served.objects.len(), served.requests.len()), (2, 3), "it is asked once");
}

#[test]
fn the_service_tells_the_time_and_a_known_offset_is_used() {
    let (connection, served) = serve();
    let bucket = S3::new(&connection, || NOON - 86_400_000).unwrap();
    let page = wait(bucket.list("V/h/", None)).unwrap();
    assert_eq!(page.server_ms, Some(1_790_000_000_000));
    bucket.set_clock_offset(86_400_000);
    wait(bucket.list("V/h/", None)).unwrap();
    let requests = &served.lock().unwrap().requests;
    assert!(requests[0].0.contains("X-Amz-Date=20260920T") && requests[1].0.contains("X-Amz-Date=20260921T"));
}

#[test]
fn the_connection_test_names_what_is_wrong() {
    let (connection, served) = serve();
    let try_it = |connection: &Connection| wait(probe(&S3::new(connection, || NOON).unwrap(), NOON, [7; 16]));
    let good = Findings { conditions: true, etags: true, clock_offset_ms: 0 };
    assert_eq!(try_it(&connection), Ok(good));
    assert!(served.lock().unwrap().objects.is_empty(), "nothing stays behind");
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = Connection { endpoint: format!("http://{gone}"), ..connection.clone() };
    assert_eq!(try_it(&nowhere), Err(ProbeFault::Unreachable));
    for (status, body, fault) in [
        (403, "<Code>InvalidAccessKeyId</Code>", ProbeFault::Key("InvalidAccessKeyId".into())),
        (403, "<Code>SignatureDoesNotMatch</Code>", ProbeFault::Key("SignatureDoesNotMatch".into())),
        (403, "<Code>AccessDenied</Code>", ProbeFault::Right(Right::List, "AccessDenied".into())),
        (404, "<Code>NoSuchBucket</Code>", ProbeFault::NoBucket),
        (403, "<Code>RequestTimeTooSkewed</Code>", ProbeFault::Clock),
        (500, "", ProbeFault::Other(Right::List, RemoteError::Status(500))),
    ] {
        served.lock().unwrap().refuse = Some((status, body));
        assert_eq!(try_it(&connection), Err(fault));
    }
}

#[test]
fn the_connection_test_names_each_right() {
    for (right, refused) in [
        (Right::List, |request: &Request| matches!(request, Request::List(_))),
        (Right::Put, |request: &Request| matches!(request, Request::Put(_))),
        (Right::Get, |request: &Request| matches!(request, Request::Get(_))),
        (Right::Delete, |request: &Request| matches!(request, Request::Delete(_))),
    ] as [(Right, fn(&Request) -> bool); 4]
    {
        let bucket = Memory::default();
        let denied = RemoteError::Denied("AccessDenied".into());
        bucket.judge(move |request| if refused(request) { Fate::Lost(denied.clone()) } else { Fate::Done });
        let fault = now(probe(&bucket, NOON, [7; 16]));
        assert_eq!(fault, Err(ProbeFault::Right(right, "AccessDenied".into())));
        bucket.judge(move |request| if refused(request) { Fate::Lost(RemoteError::Offline) } else { Fate::Done });
        bucket.set_reachable(true);
        let hidden = now(probe(&bucket, NOON, [8; 16]));
        assert_eq!(hidden == Err(ProbeFault::Cors), matches!(right, Right::List | Right::Put));
    }
    let bucket = Memory::default();
    bucket.set_conditions(false);
    bucket.set_server_ms(Some(NOON + 100_000));
    let findings = Findings { conditions: false, etags: true, clock_offset_ms: 100_000 };
    assert_eq!(now(probe(&bucket, NOON, [7; 16])), Ok(findings));
}

//! An endpoint in this process over a folder that vanishes, and a client that signs as the app does.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use dianbu_endpoint::{Config, Keys, Running, serve};
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Response, Url};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, UrlStyle, signing};
use tempfile::TempDir;

/// A started endpoint and what a client needs to talk to it.
pub(crate) struct Shop {
    pub(crate) running: Running,
    pub(crate) data: TempDir,
    pub(crate) http: reqwest::Client,
}

impl Shop {
    /// An endpoint with the usual settings.
    pub(crate) async fn open() -> Self {
        Self::with(|_| ()).await
    }

    /// An endpoint with settings of its own.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = TempDir::new().unwrap();
        let mut config = Config::new("127.0.0.1:0", data.path());
        change(&mut config);
        Self { running: serve(config).await.unwrap(), data, http: client() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr())
    }

    /// A signed request for `key` (the bucket itself if empty).
    pub(crate) fn request(&self, method: Method, key: &str, query: &[(&str, &str)]) -> RequestBuilder {
        let url = sign(&method, self.running.addr(), self.running.keys(), key, query, Timestamp::now());
        self.http.request(method, url)
    }

    pub(crate) async fn put(&self, key: &str, bytes: impl Into<reqwest::Body>) -> Response {
        self.request(Method::PUT, key, &[]).body(bytes).send().await.unwrap()
    }

    pub(crate) async fn get(&self, key: &str) -> Response {
        self.request(Method::GET, key, &[]).send().await.unwrap()
    }

    /// Keys, groups and the token of one page.
    pub(crate) async fn list(&self, query: &[(&str, &str)]) -> (Vec<String>, Vec<String>, Option<String>) {
        let query: Vec<_> = [("list-type", "2")].iter().chain(query).copied().collect();
        let response = self.request(Method::GET, "", &query).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let page = ListObjectsV2::parse_response(&response.text().await.unwrap()).unwrap();
        (
            page.contents.into_iter().map(|object| object.key).collect(),
            page.common_prefixes.into_iter().map(|group| group.prefix).collect(),
            page.next_continuation_token,
        )
    }
}

/// A client that goes straight to where it is told.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A presigned URL, good for an hour from `at`.
pub(crate) fn sign(
    method: &Method,
    addr: SocketAddr,
    keys: &Keys,
    key: &str,
    query: &[(&str, &str)],
    at: Timestamp,
) -> Url {
    let endpoint = format!("http://{addr}").parse().unwrap();
    let bucket = Bucket::new(endpoint, UrlStyle::Path, "dianbu", "auto").unwrap();
    let url = if key.is_empty() { bucket.base_url().clone() } else { bucket.object_url(key) };
    let method = match method.as_str() {
        "GET" => rusty_s3::Method::Get,
        "HEAD" => rusty_s3::Method::Head,
        "PUT" => rusty_s3::Method::Put,
        "POST" => rusty_s3::Method::Post,
        _ => rusty_s3::Method::Delete,
    };
    let mut query = query.to_vec();
    query.sort_unstable();
    let (access, secret) = (&keys.access_key, &keys.secret_key);
    signing::sign(&at, method, url, access, secret, None, "auto", 3600, query.into_iter(), std::iter::empty())
}

/// Status and S3 error code of a refusal.
pub(crate) async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    (status, code.map(|(code, _)| code.to_owned()).unwrap_or_default())
}

pub(crate) fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Sends bytes as they are, for what no proper client would send, and reads until the connection closes.
pub(crate) fn raw(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Every file below `dir`, relative, sorted.
pub(crate) fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

//! Any S3 service, by presigned URLs: in the browser and on the host with the same client.
//!
//! Requests carry no header of their own, so a browser asks no preflight for LIST and GET; a PUT has one whatever
//! it carries. Responses are never cached: the name of a head stays while its content changes.

use std::cell::Cell;
use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use rusty_s3::{Credentials, S3Action, UrlStyle, actions::ListObjectsV2};

use super::{Bucket, Connection, Entry, Object, Page, RemoteError};
use crate::sync::object::MAX_OBJECT;

/// For how long a signed request may be on its way.
const VALID: Duration = Duration::from_hours(1);
/// After this long without an answer there is none.
const PATIENCE: Duration = Duration::from_mins(1);

/// A bucket behind an S3 service.
pub struct S3 {
    client: Client,
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: String,
    clock: Box<dyn Fn() -> u64>,
    offset_ms: Cell<i64>,
    /// The service knows conditional requests, as far as is known.
    conditions: Cell<bool>,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("S3").field(&self.place()).finish()
    }
}

impl S3 {
    /// A client for this connection. `clock` is the device's, in milliseconds since 1970.
    pub fn new(connection: &Connection, clock: impl Fn() -> u64 + 'static) -> Result<Self, RemoteError> {
        let malformed = |what: &str| RemoteError::Malformed(what.to_owned());
        let mut endpoint: Url = connection.endpoint.trim().parse().map_err(|_| malformed("endpoint"))?;
        let (name, region) = (connection.bucket.trim().to_owned(), connection.region.trim().to_owned());
        if name.is_empty() || name.contains('/') || name.starts_with('.') {
            return Err(malformed("bucket"));
        }
        let prefix = connection.prefix.trim().trim_matches('/');
        if prefix.split('/').any(|part| part == "." || part == ".." || (part.is_empty() && !prefix.is_empty())) {
            return Err(malformed("prefix"));
        }
        let region = if region.is_empty() { "us-east-1".to_owned() } else { region };
        let style = style(&mut endpoint, &name);
        let bucket = rusty_s3::Bucket::new(endpoint, style, name, region).map_err(|_| malformed("endpoint"))?;
        Ok(Self {
            client: Client::new(),
            bucket,
            credentials: Credentials::new(connection.access_key.trim(), connection.secret_key.trim()),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            clock: Box::new(clock),
            offset_ms: Cell::new(0),
            conditions: Cell::new(true),
        })
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn signed<'a>(&self, action: &impl S3Action<'a>) -> Url {
        let now = (self.clock)().saturating_add_signed(self.offset_ms.get());
        let now = i64::try_from(now).ok().and_then(|now| Timestamp::from_millisecond(now).ok());
        action.sign_with_time(VALID, &now.unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

/// How the bucket is named in addresses: in the path, or, if the address begins with its name, in the host. Some services
/// know only the one, some only the other.
fn style(endpoint: &mut Url, bucket: &str) -> UrlStyle {
    let host = endpoint.host_str().and_then(|host| host.strip_prefix(bucket)?.strip_prefix('.'));
    match host.map(str::to_owned) {
        Some(host) if endpoint.set_host(Some(&host)).is_ok() => UrlStyle::VirtualHost,
        _ => UrlStyle::Path,
    }
}

/// Sends a request and sees to it that the browser neither caches it nor waits for ever.
async fn send(request: RequestBuilder) -> Result<Response, RemoteError> {
    #[cfg(target_arch = "wasm32")]
    let request = request.fetch_cache_no_store();
    request.timeout(PATIENCE).send().await.map_err(|_| RemoteError::Offline)
}

/// The body of an answer, or what the service says is wrong.
async fn success(response: Response, ignored: &[StatusCode]) -> Result<Response, RemoteError> {
    let status = response.status();
    if status.is_success() || ignored.contains(&status) {
        return Ok(response);
    }
    let date = date(&response);
    let body = response.text().await.unwrap_or_default();
    Err(refusal(status, &body, date))
}

/// The text inside the first element of this name.
fn element<'t>(xml: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once('<').map(|(text, _)| text)
}

/// The meaning of an answer that is no success. `date` is the answer's own, in milliseconds.
fn refusal(status: StatusCode, body: &str, date: Option<u64>) -> RemoteError {
    let code = element(body, "Code").unwrap_or_default();
    let told = element(body, "ServerTime").and_then(|text| text.parse::<Timestamp>().ok()).and_then(millis);
    let message = element(body, "Message").unwrap_or_default();
    let old = message.contains("expired") || message.contains("too old");
    let skewed = code == "RequestTimeTooSkewed" || told.is_some() || old;
    match status {
        StatusCode::NOT_FOUND if code == "NoSuchBucket" => RemoteError::NoBucket,
        StatusCode::NOT_FOUND => RemoteError::NotFound,
        StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => RemoteError::Conflict,
        StatusCode::PAYLOAD_TOO_LARGE => RemoteError::TooLarge,
        _ if skewed => RemoteError::Skew { server_ms: told.or(date) },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            RemoteError::Denied(if code.is_empty() { status.as_str() } else { code }.to_owned())
        }
        StatusCode::BAD_REQUEST if !code.is_empty() => RemoteError::Denied(code.to_owned()),
        _ => RemoteError::Status(status.as_u16()),
    }
}

fn millis(time: Timestamp) -> Option<u64> {
    u64::try_from(time.as_millisecond()).ok()
}

/// When the service answered, if the browser lets us see it.
fn date(response: &Response) -> Option<u64> {
    let text = response.headers().get("date")?.to_str().ok()?;
    rfc2822::parse(text).ok().and_then(|time| millis(time.timestamp()))
}

/// The entity tag of an answer, if the browser lets us see it.
fn etag(response: &Response) -> String {
    response.headers().get("etag").and_then(|etag| etag.to_str().ok()).map(bare).unwrap_or_default()
}

/// An entity tag without quotes and without the mark of a weak one.
fn bare(etag: &str) -> String {
    etag.trim().trim_start_matches("W/").trim_matches('"').to_owned()
}

impl Bucket for S3 {
    fn place(&self) -> String {
        format!("{}{}", self.bucket.base_url(), self.prefix)
    }

    fn set_clock_offset(&self, offset_ms: i64) {
        self.offset_ms.set(offset_ms);
    }

    async fn list(&self, prefix: &str, next: Option<&str>) -> Result<Page, RemoteError> {
        let mut action = self.bucket.list_objects_v2(Some(&self.credentials));
        action.with_prefix(self.key(prefix));
        if let Some(token) = next {
            action.with_continuation_token(token);
        }
        let response = success(send(self.client.get(self.signed(&action))).await?, &[]).await?;
        let server_ms = date(&response);
        let text = response.text().await.map_err(|_| RemoteError::Offline)?;
        let listed = ListObjectsV2::parse_response(&text).map_err(|error| RemoteError::Malformed(error.to_string()))?;
        let entry = |object: rusty_s3::actions::list_objects_v2::ListObjectsContent| {
            let name = object.key.strip_prefix(&self.prefix)?.to_owned();
            let etag = object.etag.as_deref().map(bare).unwrap_or_default();
            Some(Entry { name, etag, size: object.size.unwrap_or_default() })
        };
        let entries = listed.contents.into_iter().filter_map(entry).collect();
        Ok(Page { entries, next: listed.next_continuation_token, server_ms })
    }

    async fn get(&self, name: &str) -> Result<Object, RemoteError> {
        let key = self.key(name);
        let url = self.signed(&self.bucket.get_object(Some(&self.credentials), &key));
        let response = success(send(self.client.get(url)).await?, &[]).await?;
        if response.content_length().is_some_and(|length| length > MAX_OBJECT as u64) {
            return Err(RemoteError::TooLarge);
        }
        let etag = etag(&response);
        let bytes = response.bytes().await.map_err(|_| RemoteError::Offline)?;
        if bytes.len() > MAX_OBJECT { Err(RemoteError::TooLarge) } else { Ok(Object { bytes: bytes.to_vec(), etag }) }
    }

    async fn put(&self, name: &str, bytes: Vec<u8>, if_absent: bool) -> Result<String, RemoteError> {
        let key = self.key(name);
        let url = self.signed(&self.bucket.put_object(Some(&self.credentials), &key));
        if if_absent && self.conditions.get() {
            let request = self.client.put(url.clone()).body(bytes.clone()).header("if-none-match", "*");
            match success(send(request).await?, &[]).await {
                // Some services refuse what they do not implement: from now on without the condition.
                Err(RemoteError::Status(501)) => self.conditions.set(false),
                other => return other.map(|response| etag(&response)),
            }
        }
        let response = success(send(self.client.put(url).body(bytes)).await?, &[]).await?;
        Ok(etag(&response))
    }

    async fn delete(&self, name: &str) -> Result<(), RemoteError> {
        let key = self.key(name);
        let url = self.signed(&self.bucket.delete_object(Some(&self.credentials), &key));
        success(send(self.client.delete(url)).await?, &[StatusCode::NOT_FOUND]).await.map(drop)
    }

    async fn answers(&self) -> bool {
        // Without CORS nothing of the answer may be seen, but it is seen that there is one.
        let request = self.client.get(self.bucket.base_url().clone());
        #[cfg(target_arch = "wasm32")]
        let request = request.fetch_mode_no_cors();
        request.timeout(PATIENCE).send().await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood() {
        let xml = |code: &str, rest: &str| format!("<Error><Code>{code}</Code>{rest}</Error>");
        let forbidden = |body: &str| refusal(StatusCode::FORBIDDEN, body, Some(7));
        assert_eq!(forbidden(&xml("InvalidAccessKeyId", "")), RemoteError::Denied("InvalidAccessKeyId".into()));
        assert_eq!(forbidden(""), RemoteError::Denied("403".into()));
        assert_eq!(forbidden(&xml("RequestTimeTooSkewed", "")), RemoteError::Skew { server_ms: Some(7) });
        let told = xml("AccessDenied", "<Message>x</Message><ServerTime>2026-11-21T08:00:00Z</ServerTime>");
        assert_eq!(forbidden(&told), RemoteError::Skew { server_ms: Some(1_795_248_000_000) });
        let expired = xml("AccessDenied", "<Message>Request has expired</Message>");
        assert_eq!(forbidden(&expired), RemoteError::Skew { server_ms: Some(7) });
        let old = xml("InvalidRequest", "<Message>Bad request: Date is too old</Message>");
        assert_eq!(refusal(StatusCode::BAD_REQUEST, &old, Some(7)), RemoteError::Skew { server_ms: Some(7) });
        let missing = |code| refusal(StatusCode::NOT_FOUND, &xml(code, ""), None);
        assert_eq!(missing("NoSuchBucket"), RemoteError::NoBucket);
        assert_eq!(missing("NoSuchKey"), RemoteError::NotFound);
        assert_eq!(refusal(StatusCode::PRECONDITION_FAILED, "", None), RemoteError::Conflict);
        assert_eq!(refusal(StatusCode::BAD_GATEWAY, "<html>", None), RemoteError::Status(502));
        assert_eq!(bare("W/\"abc\""), "abc");
    }

    #[test]
    fn an_address_that_begins_with_the_bucket_names_it_in_the_host() {
        let place = |endpoint: &str| {
            let connection = Connection { endpoint: endpoint.into(), bucket: "shop".into(), ..Connection::default() };
            S3::new(&connection, || 0).map(|bucket| bucket.place())
        };
        assert_eq!(place("https://s3.example.com"), Ok("https://s3.example.com/shop/".into()));
        assert_eq!(place("https://shop.s3.example.com"), Ok("https://shop.s3.example.com/".into()));
        assert_eq!(place("https://shop.s3.example.com:8443/"), Ok("https://shop.s3.example.com:8443/".into()));
        assert_eq!(place("https://shops.example.com"), Ok("https://shops.example.com/shop/".into()));
    }

    #[test]
    fn an_address_that_is_none_is_refused_before_any_request() {
        let good = Connection { endpoint: "http://h".into(), bucket: "b".into(), ..Connection::default() };
        let fails = |change: fn(&mut Connection)| {
            let mut connection = good.clone();
            change(&mut connection);
            S3::new(&connection, || 0).err()
        };
        assert_eq!(fails(|_| ()), None);
        assert_eq!(fails(|c| c.prefix = "/a/b/".into()), None);
        assert_eq!(fails(|c| c.endpoint = "h".into()), Some(RemoteError::Malformed("endpoint".into())));
        assert_eq!(fails(|c| c.endpoint = "ftp://h".into()), Some(RemoteError::Malformed("endpoint".into())));
        assert_eq!(fails(|c| c.bucket = String::new()), Some(RemoteError::Malformed("bucket".into())));
        assert_eq!(fails(|c| c.prefix = "a/../b".into()), Some(RemoteError::Malformed("prefix".into())));
    }
}

//! The app: static files, precompressed where the build made a compressed twin, with the headers that keep it safe.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use percent_encoding::percent_decode_str;
use s3s::Body;
use s3s::crypto::{Checksum as _, Md5};

use crate::condition::hex;
use crate::key::Key;

/// Sent with every file of the app and every refusal.
///
/// `connect-src` must reach whatever bucket a shop uses: any over https, and a plain http one on the device itself. The
/// hash is that of the style in the page itself, with which the seal is painted before anything else has come.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        HeaderName::from_static("content-security-policy"),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
         style-src 'self' 'sha256-p7+HFmP3AEQppVkVy0gx+blo2T2ZOQ0rlKjTQDtdcx0='; img-src 'self' blob: data:; \
         font-src 'self'; connect-src 'self' https: http://127.0.0.1:* http://localhost:*; manifest-src 'self'; \
         worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types dianbu",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=(), \
         display-capture=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Compressed twins in the order we like to send them: file ending and name of the encoding.
const TWINS: [(&str, &str); 2] = [("br", "br"), ("gz", "gzip")];

/// The folder of the built app.
#[derive(Debug)]
pub(crate) struct App {
    root: PathBuf,
}

impl App {
    /// The app in `root`, which must be a folder.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        if root.is_dir() { Ok(Self { root }) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// The answer to a GET or HEAD of `path` as it stands in the request. Reads the disk.
    pub(crate) fn answer(&self, path: &str, headers: &HeaderMap) -> Response<Body> {
        let Some(file) = self.file(path) else {
            return missing();
        };
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let twin = TWINS.iter().filter(|(_, name)| accepts(accepted, name)).find_map(|(ending, name)| {
            let twin = with_ending(&file, ending);
            self.is_inside(&twin).then(|| fs::read(twin).ok()).flatten().map(|bytes| (*name, bytes))
        });
        let (encoding, bytes) = match twin {
            Some((name, bytes)) => (Some(name), bytes),
            None => match fs::read(&file) {
                Ok(bytes) => (None, bytes),
                Err(_) => return missing(),
            },
        };
        let tag = format!("\"{}\"", hex(&Md5::checksum(&bytes)));
        let known =
            headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|sent| names(sent, &tag));
        let mut response = Response::new(if known { Body::empty() } else { Body::from(bytes) });
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(ETAG, tag);
        }
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        let name = file.strip_prefix(&self.root).unwrap_or(&file);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache(name)));
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&file)));
            if let Some(name) = encoding {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        secure(response)
    }

    /// The file meant by a path: a plain name below the root, no link leading out.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let path = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
        let name = if path.is_empty() { "index.html" } else { &path };
        let file = self.root.join(Key::parse(name).ok()?.as_str());
        self.is_inside(&file).then_some(file)
    }

    fn is_inside(&self, file: &Path) -> bool {
        file.canonicalize().is_ok_and(|file| file.starts_with(&self.root) && file.is_file())
    }
}

/// Nothing here, in plain text.
pub(crate) fn missing() -> Response<Body> {
    plain(StatusCode::NOT_FOUND, "没有这个文件。\nThere is no such file.\n")
}

/// A plain text with the app's headers.
fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    secure(response)
}

fn secure(mut response: Response<Body>) -> Response<Body> {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Whether an `Accept-Encoding` takes `encoding`: named or covered by `*`, and not at quality 0.
fn accepts(accepted: &str, encoding: &str) -> bool {
    let quality = |wanted: &str| {
        accepted.split(',').find_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let name = pieces.next()?;
            let quality =
                pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok());
            name.eq_ignore_ascii_case(wanted).then(|| quality.unwrap_or_default())
        })
    };
    quality(encoding).or_else(|| quality("*")).is_some_and(|quality| quality > 0.0)
}

/// Whether an `If-None-Match` names `tag`, compared weakly as HTTP wants it.
fn names(sent: &str, tag: &str) -> bool {
    sent.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// A name below the root that carries a hash of its content, or lies in a folder that does, never changes meaning; any
/// other is asked for again.
fn cache(name: &Path) -> &'static str {
    let is_hash = |part: &str| part.len() >= 16 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let has_hash = |name: &str| name.split(['-', '.', '_']).any(is_hash);
    if name.iter().filter_map(|part| part.to_str()).any(has_hash) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "vcf" => "text/vcard; charset=utf-8",
        "pdf" => "application/pdf",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_follow_what_the_browser_takes() {
        for (accepted, encoding, taken) in [
            ("gzip, deflate, br", "br", true),
            ("gzip;q=1.0, BR;q=0.5", "br", true),
            ("br;q=0, gzip", "br", false),
            ("br; q=0.000", "br", false),
            ("*", "br", true),
            ("*;q=0, gzip", "br", false),
            ("", "gzip", false),
            ("brx", "br", false),
        ] {
            assert_eq!(accepts(accepted, encoding), taken, "{accepted:?} {encoding}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for name in ["code-0123456789abcdef/dianbu_bg.wasm", "style-fedcba9876543210.css", "a.0123456789abcdef0.js"] {
            assert!(cache(Path::new(name)).contains("immutable"), "{name}");
        }
        for name in ["index.html", "sw.js", "boot.js", "0123456789abcde.js", "0123456789ABCDEF.js", "deadbeef.css"] {
            assert_eq!(cache(Path::new(name)), "no-cache", "{name}");
        }
    }

    #[test]
    fn a_known_tag_is_found_in_a_list() {
        assert!(names("\"a\", W/\"b\"", "\"b\""));
        assert!(names("*", "\"b\""));
        assert!(!names("\"ab\"", "\"b\""));
    }
}

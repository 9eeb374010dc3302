//! The access log: one line per request, `time method path status in=bytes out=bytes`.
//!
//! A line is written before its answer leaves, so whoever has the answer finds the line. Signatures and credentials in
//! a query are left out; what was asked (`list-type`, `prefix` …) stays.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use hyper::Uri;
use s3s::dto::{Timestamp, TimestampFormat};

/// Where lines go.
#[derive(Debug)]
pub(crate) enum AccessLog {
    None,
    Stdout,
    File(Mutex<File>),
}

impl AccessLog {
    /// A log that appends to `path`.
    pub(crate) fn append(path: &Path) -> io::Result<Self> {
        Ok(Self::File(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)))
    }

    /// Writes one line. A log that cannot be written stops nobody.
    pub(crate) fn write(&self, method: &str, target: &str, status: u16, received: u64, sent: u64) {
        let mut line = now();
        line.extend_from_slice(format!(" {method} {target} {status} in={received} out={sent}\n").as_bytes());
        let written = match self {
            Self::None => Ok(()),
            Self::Stdout => io::stdout().write_all(&line),
            Self::File(file) => file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line),
        };
        if let Err(error) = written {
            eprintln!("访问日志写不进去 · the access log cannot be written: {error}");
        }
    }
}

fn now() -> Vec<u8> {
    let mut text = Vec::new();
    // Formatting into memory fails for no time a clock can show.
    let _ = Timestamp::from(SystemTime::now()).format(TimestampFormat::DateTime, &mut text);
    text
}

/// Path and query as the client sent them, without the parts that would let a reader of the log sign in.
pub(crate) fn target(uri: &Uri) -> String {
    let kept: Vec<_> =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !is_secret(pair)).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

fn is_secret(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("x-amz-") || matches!(name.as_str(), "signature" | "awsaccesskeyid" | "expires")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_the_question_and_drops_the_signature() {
        let signed = "/dianbu?X-Amz-Signature=abc&list-type=2&x-amz-credential=k&prefix=V%2Fh%2F&X-Amz-Date=1";
        assert_eq!(target(&signed.parse().unwrap()), "/dianbu?list-type=2&prefix=V%2Fh%2F");
        assert_eq!(target(&"/dianbu/a?X-Amz-Signature=abc".parse().unwrap()), "/dianbu/a");
        assert_eq!(target(&"/".parse().unwrap()), "/");
    }
}

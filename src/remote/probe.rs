//! The connection test: does everything that sharing needs, once, and names what does not work.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{Bucket, RemoteError};

/// What may be done in a bucket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// See the names.
    List,
    /// Write objects.
    Put,
    /// Read objects.
    Get,
    /// Delete our own objects.
    Delete,
}

/// Why a bucket cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProbeFault {
    /// Nothing answers at the address.
    Unreachable,
    /// Something answers, but the browser may not see it: the bucket needs a CORS rule for this app's address.
    Cors,
    /// The clocks differ too much, and the service does not tell its own.
    Clock,
    /// The service does not know the key, or its secret is another one.
    Key(String),
    /// There is no bucket of this name.
    NoBucket,
    /// The key may not do this, with the service's code.
    Right(Right, String),
    /// What was written did not come back.
    Altered,
    /// Anything else.
    Other(Right, RemoteError),
}

/// What was found out about a bucket that can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    /// It refuses to overwrite when asked to: an additional guard.
    pub conditions: bool,
    /// It tells entity tags of what was put; without them each push costs one request more.
    pub etags: bool,
    /// Milliseconds by which this device's clock is wrong, if the service told.
    pub clock_offset_ms: i64,
}

/// Where the test writes. The names are random and deleted afterwards.
const PREFIX: &str = "dianbu-test/";

/// Tests a bucket. `now_ms` is the device's clock; `nonce` are random bytes for the name of the test object.
pub async fn probe<B: Bucket>(bucket: &B, now_ms: u64, nonce: [u8; 16]) -> Result<Findings, ProbeFault> {
    let name = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(nonce));
    let mut findings = Findings::default();
    let learn = |server_ms: u64| {
        let offset = i128::from(server_ms) - i128::from(now_ms);
        if offset.unsigned_abs() > 30_000 { i64::try_from(offset).unwrap_or_default() } else { 0 }
    };
    let page = match bucket.list(PREFIX, None).await {
        Err(RemoteError::Skew { server_ms: Some(server_ms) }) => {
            findings.clock_offset_ms = learn(server_ms);
            bucket.set_clock_offset(findings.clock_offset_ms);
            bucket.list(PREFIX, None).await
        }
        other => other,
    };
    let page = match page {
        Ok(page) => page,
        Err(RemoteError::Offline) if bucket.answers().await => return Err(ProbeFault::Cors),
        Err(error) => return Err(name_fault(Right::List, error)),
    };
    if let Some(server_ms) = page.server_ms {
        findings.clock_offset_ms = learn(server_ms);
        bucket.set_clock_offset(findings.clock_offset_ms);
    }
    match bucket.put(&name, nonce.to_vec(), true).await {
        Ok(etag) => findings.etags = !etag.is_empty(),
        // LIST came through, so this is the browser's refusal of PUT or of its header.
        Err(RemoteError::Offline) if bucket.answers().await => return Err(ProbeFault::Cors),
        Err(error) => return Err(name_fault(Right::Put, error)),
    }
    let back = bucket.get(&name).await.map_err(|error| name_fault(Right::Get, error))?;
    if back.bytes != nonce {
        return Err(ProbeFault::Altered);
    }
    findings.conditions = bucket.put(&name, nonce.to_vec(), true).await == Err(RemoteError::Conflict);
    bucket.delete(&name).await.map_err(|error| name_fault(Right::Delete, error))?;
    Ok(findings)
}

fn name_fault(right: Right, error: RemoteError) -> ProbeFault {
    match error {
        RemoteError::Offline => ProbeFault::Unreachable,
        RemoteError::Skew { .. } => ProbeFault::Clock,
        RemoteError::NoBucket => ProbeFault::NoBucket,
        RemoteError::Denied(code) if matches!(code.as_str(), "InvalidAccessKeyId" | "SignatureDoesNotMatch") => {
            ProbeFault::Key(code)
        }
        RemoteError::Denied(code) => ProbeFault::Right(right, code),
        other => ProbeFault::Other(right, other),
    }
}

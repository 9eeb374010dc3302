//! `If-Match` and its relatives, and the `ETag` and date they are compared with.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use hyper::header::{ETAG, HeaderMap, HeaderValue};
use s3s::dto::{CopyObjectInput, ETag, ETagCondition, GetObjectInput, HeadObjectInput, Timestamp};
use s3s::{S3Result, s3_error};

use crate::store::{Condition, Entry};

/// The condition of a PUT or DELETE.
pub(crate) fn write(if_match: Option<&ETagCondition>, if_none_match: Option<&ETagCondition>) -> S3Result<Condition> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Condition::Always),
        (None, Some(ETagCondition::Any)) => Ok(Condition::Absent),
        (Some(ETagCondition::Any), None) => Ok(Condition::Present),
        (Some(ETagCondition::ETag(tag)), None) => Ok(Condition::Content(tag.as_strong().and_then(from_hex))),
        // As in S3: writing knows no other form.
        _ => Err(s3_error!(NotImplemented, "A write takes either If-Match or If-None-Match: *.")),
    }
}

/// Whether a GET is to be answered with the object.
pub(crate) fn read(input: &GetObjectInput, entry: &Entry) -> S3Result<()> {
    must_match(input.if_match.as_ref(), input.if_unmodified_since.as_ref(), entry)?;
    unless_known(input.if_none_match.as_ref(), input.if_modified_since.as_ref(), entry)
}

/// Whether a HEAD is to be answered with the object's headers.
pub(crate) fn head(input: &HeadObjectInput, entry: &Entry) -> S3Result<()> {
    must_match(input.if_match.as_ref(), input.if_unmodified_since.as_ref(), entry)?;
    unless_known(input.if_none_match.as_ref(), input.if_modified_since.as_ref(), entry)
}

/// Whether the source of a copy is as the client wants it.
pub(crate) fn copy(input: &CopyObjectInput, entry: &Entry) -> S3Result<()> {
    must_match(input.copy_source_if_match.as_ref(), input.copy_source_if_unmodified_since.as_ref(), entry)?;
    unless_known(input.copy_source_if_none_match.as_ref(), input.copy_source_if_modified_since.as_ref(), entry)
        .map_err(|_| s3_error!(PreconditionFailed, "The source is not as the condition wants it."))
}

/// An `ETag` wins over a date, as HTTP has it.
fn must_match(tag: Option<&ETagCondition>, since: Option<&Timestamp>, entry: &Entry) -> S3Result<()> {
    let holds = match (tag, since) {
        (Some(tag), _) => matches(tag, entry),
        (None, Some(since)) => stamp(entry.modified) <= *since,
        (None, None) => true,
    };
    if holds { Ok(()) } else { Err(s3_error!(PreconditionFailed, "The object is not as the condition wants it.")) }
}

fn unless_known(tag: Option<&ETagCondition>, since: Option<&Timestamp>, entry: &Entry) -> S3Result<()> {
    let known = match (tag, since) {
        (Some(tag), _) => matches(tag, entry),
        (None, Some(since)) => stamp(entry.modified) <= *since,
        (None, None) => false,
    };
    if !known {
        return Ok(());
    }
    let mut error = s3_error!(NotModified);
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", hex(&entry.md5))) {
        headers.insert(ETAG, tag);
    }
    error.set_headers(headers);
    Err(error)
}

fn matches(condition: &ETagCondition, entry: &Entry) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(tag) => tag.weak_cmp(&ETag::Strong(hex(&entry.md5))),
    }
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<[u8; 16]> {
    (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok()).flatten().map(u128::to_be_bytes)
}

/// The time in whole seconds, as HTTP dates are, so that a date handed out compares equal when it comes back.
pub(crate) fn stamp(time: SystemTime) -> Timestamp {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_reads_back() {
        let md5 = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255];
        assert_eq!(hex(&md5), "000102030405060708090a0b0c0d0eff");
        assert_eq!(from_hex(&hex(&md5)), Some(md5));
        assert_eq!(from_hex("d41d8cd98f00b204e9800998ecf8427e-2"), None);
        assert_eq!(from_hex("+0102030405060708090a0b0c0d0eff"), None);
    }

    #[test]
    fn writing_takes_one_condition() {
        let any = ETagCondition::Any;
        let tag = |text: &str| ETagCondition::ETag(ETag::Strong(text.to_owned()));
        assert_eq!(write(None, None).unwrap(), Condition::Always);
        assert_eq!(write(None, Some(&any)).unwrap(), Condition::Absent);
        assert_eq!(write(Some(&any), None).unwrap(), Condition::Present);
        assert_eq!(write(Some(&tag("no md5")), None).unwrap(), Condition::Content(None));
        assert!(write(None, Some(&tag("x"))).is_err());
        assert!(write(Some(&any), Some(&any)).is_err());
    }
}

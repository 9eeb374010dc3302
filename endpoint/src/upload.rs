//! Receiving a body: never more than allowed, never other bytes than announced.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use hyper::body::Bytes;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::PutObjectInput;
use s3s::{Body, S3Error, S3Request, S3Result, s3_error};

/// How long a client may stay silent in the middle of a body.
const SILENCE: Duration = Duration::from_mins(1);

/// The whole body, at most `max` bytes, checked against every checksum the client sent with it.
///
/// It is held in memory: nothing touches the disk before all of it is here and right.
pub(crate) async fn receive(req: &mut S3Request<PutObjectInput>, max: u64) -> S3Result<Vec<u8>> {
    let announced = req.input.content_length.and_then(|length| u64::try_from(length).ok());
    if announced.is_some_and(|length| length > max) {
        return Err(too_large(max));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(announced.unwrap_or_default()).unwrap_or_default());
    if let Some(body) = req.input.body.take() {
        let mut body = Body::from(body);
        while let Some(chunk) = next(&mut body).await? {
            if (bytes.len() + chunk.len()) as u64 > max {
                return Err(too_large(max));
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    if announced.is_some_and(|length| length != bytes.len() as u64) {
        return Err(s3_error!(IncompleteBody, "The body is shorter or longer than its announced length."));
    }
    verify(req, &bytes)?;
    Ok(bytes)
}

/// The next piece, nothing at the end.
async fn next(body: &mut Body) -> S3Result<Option<Bytes>> {
    loop {
        return match tokio::time::timeout(SILENCE, body.frame()).await {
            Ok(None) => Ok(None),
            Ok(Some(Ok(frame))) => match frame.into_data() {
                Ok(bytes) => Ok(Some(bytes)),
                Err(_trailer) => continue,
            },
            // The source says which: cut off, or other bytes than the signature covers.
            Ok(Some(Err(error))) => Err(s3_error!(IncompleteBody, "The body did not arrive as announced: {error}")),
            Err(_) => Err(s3_error!(RequestTimeout, "Nothing of the body came for {} s.", SILENCE.as_secs())),
        };
    }
}

fn too_large(max: u64) -> S3Error {
    s3_error!(EntityTooLarge, "An object has at most {max} bytes here.")
}

/// Compares the bytes with `Content-MD5` and with `x-amz-checksum-*`, sent before the body or after it.
fn verify(req: &S3Request<PutObjectInput>, bytes: &[u8]) -> S3Result<()> {
    let input = &req.input;
    if let Some(md5) = &input.content_md5 {
        let md5 = STANDARD.decode(md5).map_err(|_| s3_error!(InvalidDigest, "Content-MD5 is not base64."))?;
        if md5 != Md5::checksum(bytes) {
            return Err(s3_error!(BadDigest, "The body does not have the Content-MD5 sent with it."));
        }
    }
    let sent = |before: &Option<String>, name: &str| {
        let after =
            || req.trailing_headers.as_ref()?.read(|headers| headers.get(name)?.to_str().ok().map(str::to_owned))?;
        before.clone().or_else(after)
    };
    let crc32 = sent(&input.checksum_crc32, "x-amz-checksum-crc32");
    let crc32c = sent(&input.checksum_crc32c, "x-amz-checksum-crc32c");
    let crc64 = sent(&input.checksum_crc64nvme, "x-amz-checksum-crc64nvme");
    let sha1 = sent(&input.checksum_sha1, "x-amz-checksum-sha1");
    let sha256 = sent(&input.checksum_sha256, "x-amz-checksum-sha256");
    let mut hasher = ChecksumHasher {
        crc32: crc32.as_ref().map(|_| Crc32::new()),
        crc32c: crc32c.as_ref().map(|_| Crc32c::new()),
        crc64nvme: crc64.as_ref().map(|_| Crc64Nvme::new()),
        sha1: sha1.as_ref().map(|_| Sha1::new()),
        sha256: sha256.as_ref().map(|_| Sha256::new()),
    };
    hasher.update(bytes);
    let found = hasher.finalize();
    let pairs = [
        (crc32, found.checksum_crc32),
        (crc32c, found.checksum_crc32c),
        (crc64, found.checksum_crc64nvme),
        (sha1, found.checksum_sha1),
        (sha256, found.checksum_sha256),
    ];
    if pairs.iter().all(|(sent, found)| sent == found) {
        Ok(())
    } else {
        Err(s3_error!(BadDigest, "The body does not have the checksum sent with it."))
    }
}

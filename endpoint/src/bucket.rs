//! The S3 operations of the one bucket, over the [`Store`].
//!
//! What S3 offers beyond plain objects (versions, multipart, metadata, rights) is not there: operations are refused as
//! `NotImplemented`, headers such as `x-amz-meta-*` and `Content-Type` are not kept.

use std::sync::Arc;
use std::time::SystemTime;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    Bucket as BucketName, CommonPrefix, CopyObjectInput, CopyObjectOutput, CopyObjectResult,
    CopySource, CreateBucketInput, CreateBucketOutput, DeleteObjectInput, DeleteObjectOutput,
    DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, EncodingType,
    Error as DeleteError, GetBucketLocationInput, GetBucketLocationOutput, GetObjectInput,
    GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput,
    ListBucketsInput, ListBucketsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, PutObjectInput, PutObjectOutput, StreamingBlob,
};
use s3s::{Body, S3, S3Error, S3Request, S3Response, S3Result, s3_error};

use crate::condition::{self, hex, stamp};
use crate::key::{Key, KeyError};
use crate::list::{After, Page, Query};
use crate::store::{Entry, Store, StoreError};
use crate::upload;

/// Most entries of one page of a listing, as in S3.
const MAX_KEYS: i32 = 1000;
/// What stays as it is in a url-encoded listing.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// The bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) store: Arc<Store>,
    /// Longest object in bytes.
    pub(crate) max_object: u64,
    /// Shown as the bucket's date of creation.
    pub(crate) since: SystemTime,
}

impl Bucket {
    fn is_ours(&self, name: &str) -> S3Result<()> {
        if name == self.name {
            Ok(())
        } else {
            Err(s3_error!(
                NoSuchBucket,
                "The only bucket here is {}.",
                self.name
            ))
        }
    }

    fn key(&self, bucket: &str, key: &str) -> S3Result<Key> {
        self.is_ours(bucket)?;
        Ok(Key::parse(key)?)
    }

    /// Runs `work` where waiting for the disk holds up nobody else.
    async fn on_disk<T, E>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> S3Result<T>
    where
        T: Send + 'static,
        E: Send + 'static,
        S3Error: From<E>,
    {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store))
            .await
            .map_err(S3Error::internal_error)?
            .map_err(S3Error::from)
    }

    /// One page; the names in it encoded if the client asked for that.
    async fn page(&self, asked: Asked) -> S3Result<Listed> {
        let max = usize::try_from(asked.max_keys.unwrap_or(MAX_KEYS).min(MAX_KEYS))
            .map_err(|_| s3_error!(InvalidArgument, "max-keys must not be negative."))?;
        let encode = asked.encode;
        let Page {
            objects,
            groups,
            next,
        } = self
            .on_disk(move |store| {
                let delimiter = asked.delimiter.as_deref();
                Ok::<_, S3Error>(store.list(&Query {
                    prefix: &asked.prefix,
                    delimiter,
                    after: asked.after,
                    max,
                }))
            })
            .await?;
        let shown = |name: &str| encoded(name, encode);
        let object = |(key, entry): (String, Entry)| Object {
            key: Some(shown(&key)),
            size: i64::try_from(entry.size).ok(),
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..Object::default()
        };
        let group = |prefix: String| CommonPrefix {
            prefix: Some(shown(&prefix)),
        };
        Ok(Listed {
            count: i32::try_from(objects.len() + groups.len()).unwrap_or(MAX_KEYS),
            max: i32::try_from(max).unwrap_or(MAX_KEYS),
            objects: objects.into_iter().map(object).collect(),
            groups: groups.into_iter().map(group).collect(),
            next,
        })
    }
}

/// What both versions of the listing ask for.
struct Asked {
    prefix: String,
    delimiter: Option<String>,
    after: After,
    max_keys: Option<i32>,
    encode: bool,
}

/// What both versions of the listing answer.
struct Listed {
    objects: Vec<Object>,
    groups: Vec<CommonPrefix>,
    next: Option<After>,
    count: i32,
    max: i32,
}

fn encoded(name: &str, encode: bool) -> String {
    if encode {
        utf8_percent_encode(name, PLAIN).to_string()
    } else {
        name.to_owned()
    }
}

fn wants_encoding(asked: Option<&EncodingType>) -> bool {
    asked.is_some_and(|asked| asked.as_str() == EncodingType::URL)
}

#[async_trait::async_trait]
impl S3 for Bucket {
    async fn list_buckets(
        &self,
        _: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        let bucket = BucketName {
            name: Some(self.name.clone()),
            creation_date: Some(stamp(self.since)),
            ..BucketName::default()
        };
        Ok(S3Response::new(ListBucketsOutput {
            buckets: Some(vec![bucket]),
            ..ListBucketsOutput::default()
        }))
    }

    async fn head_bucket(
        &self,
        req: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.is_ours(&req.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn get_bucket_location(
        &self,
        req: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.is_ours(&req.input.bucket)?;
        Ok(S3Response::new(GetBucketLocationOutput::default()))
    }

    async fn create_bucket(
        &self,
        req: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        if req.input.bucket == self.name {
            Err(s3_error!(
                BucketAlreadyOwnedByYou,
                "The bucket is there already."
            ))
        } else {
            Err(s3_error!(
                TooManyBuckets,
                "This endpoint has one bucket, {}.",
                self.name
            ))
        }
    }

    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        let key = self.key(&input.bucket, &input.key)?;
        let is_part = input.range.is_some();
        let (entry, range, bytes) = self
            .on_disk(move |store| {
                store.get(&key, |entry| {
                    condition::read(&input, entry)?;
                    Ok::<_, S3Error>(match &input.range {
                        Some(range) => range.check(entry.size)?,
                        None => 0..entry.size,
                    })
                })
            })
            .await?;
        Ok(S3Response::new(GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(bytes.len()).ok(),
            content_range: is_part
                .then(|| format!("bytes {}-{}/{}", range.start, range.end - 1, entry.size)),
            content_type: Some("application/octet-stream".to_owned()),
            body: Some(StreamingBlob::from(Body::from(bytes))),
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..GetObjectOutput::default()
        }))
    }

    async fn head_object(
        &self,
        req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let key = self.key(&req.input.bucket, &req.input.key)?;
        let entry = self.on_disk(move |store| store.head(&key)).await?;
        condition::head(&req.input, &entry)?;
        Ok(S3Response::new(HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(entry.size).ok(),
            content_type: Some("application/octet-stream".to_owned()),
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..HeadObjectOutput::default()
        }))
    }

    async fn put_object(
        &self,
        mut req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let key = self.key(&req.input.bucket, &req.input.key)?;
        let condition = condition::write(
            req.input.if_match.as_ref(),
            req.input.if_none_match.as_ref(),
        )?;
        let bytes = upload::receive(&mut req, self.max_object).await?;
        let entry = self
            .on_disk(move |store| store.put(&key, &bytes, condition))
            .await?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            ..PutObjectOutput::default()
        }))
    }

    async fn copy_object(
        &self,
        req: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let input = req.input;
        let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
            return Err(s3_error!(
                NotImplemented,
                "Only objects of this bucket can be copied."
            ));
        };
        let (from, to) = (self.key(bucket, key)?, self.key(&input.bucket, &input.key)?);
        let entry = self
            .on_disk(move |store| {
                let (_, _, bytes) = store.get(&from, |entry| {
                    condition::copy(&input, entry)?;
                    Ok::<_, S3Error>(0..entry.size)
                })?;
                Ok::<_, S3Error>(store.put(&to, &bytes, crate::store::Condition::Always)?)
            })
            .await?;
        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..CopyObjectResult::default()
        };
        Ok(S3Response::new(CopyObjectOutput {
            copy_object_result: Some(result),
            ..CopyObjectOutput::default()
        }))
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let key = self.key(&req.input.bucket, &req.input.key)?;
        let condition = condition::write(req.input.if_match.as_ref(), None)?;
        self.on_disk(move |store| store.delete(&key, condition))
            .await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn delete_objects(
        &self,
        req: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.is_ours(&req.input.bucket)?;
        let asked = req.input.delete;
        if asked.objects.len() > 1000 {
            return Err(s3_error!(
                MalformedXML,
                "At most 1,000 objects can be deleted at once."
            ));
        }
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for object in asked.objects {
            let outcome = match Key::parse(&object.key) {
                Ok(key) => {
                    self.on_disk(move |store| store.delete(&key, crate::store::Condition::Always))
                        .await
                }
                Err(error) => Err(error.into()),
            };
            match outcome {
                Ok(()) => deleted.push(DeletedObject {
                    key: Some(object.key),
                    ..DeletedObject::default()
                }),
                Err(error) => errors.push(DeleteError {
                    key: Some(object.key),
                    code: Some(error.code().as_str().to_owned()),
                    message: error.message().map(str::to_owned),
                    version_id: None,
                }),
            }
        }
        let deleted = (!asked.quiet.unwrap_or_default()).then_some(deleted);
        let errors = (!errors.is_empty()).then_some(errors);
        Ok(S3Response::new(DeleteObjectsOutput {
            deleted,
            errors,
            ..DeleteObjectsOutput::default()
        }))
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = req.input;
        self.is_ours(&input.bucket)?;
        let encode = wants_encoding(input.encoding_type.as_ref());
        let after = match (&input.continuation_token, &input.start_after) {
            (Some(token), _) => After::from_token(token).ok_or_else(|| {
                s3_error!(
                    InvalidArgument,
                    "The continuation token is not one of this endpoint."
                )
            })?,
            (None, Some(key)) => After::Key(key.clone()),
            (None, None) => After::Start,
        };
        let prefix = input.prefix.unwrap_or_default();
        let asked = Asked {
            prefix: prefix.clone(),
            delimiter: input.delimiter.clone(),
            after,
            max_keys: input.max_keys,
            encode,
        };
        let listed = self.page(asked).await?;
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: Some(encoded(&prefix, encode)),
            delimiter: input.delimiter.map(|text| encoded(&text, encode)),
            start_after: input.start_after.map(|text| encoded(&text, encode)),
            encoding_type: input.encoding_type,
            continuation_token: input.continuation_token,
            is_truncated: Some(listed.next.is_some()),
            next_continuation_token: listed.next.map(|next| next.to_token()),
            key_count: Some(listed.count),
            max_keys: Some(listed.max),
            contents: Some(listed.objects),
            common_prefixes: Some(listed.groups),
            ..ListObjectsV2Output::default()
        }))
    }

    async fn list_objects(
        &self,
        req: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        let input = req.input;
        self.is_ours(&input.bucket)?;
        let encode = wants_encoding(input.encoding_type.as_ref());
        let marker = input.marker.clone().unwrap_or_default();
        // The old listing continues from a name: one that ends in the delimiter is a group it was told before.
        let is_group = input
            .delimiter
            .as_ref()
            .is_some_and(|end| !end.is_empty() && marker.ends_with(end.as_str()));
        let after = match marker.as_str() {
            "" => After::Start,
            group if is_group => After::Group(group.to_owned()),
            key => After::Key(key.to_owned()),
        };
        let prefix = input.prefix.unwrap_or_default();
        let asked = Asked {
            prefix: prefix.clone(),
            delimiter: input.delimiter.clone(),
            after,
            max_keys: input.max_keys,
            encode,
        };
        let listed = self.page(asked).await?;
        let next_marker = listed.next.as_ref().and_then(|next| match next {
            After::Key(name) | After::Group(name) => Some(encoded(name, encode)),
            After::Start => None,
        });
        Ok(S3Response::new(ListObjectsOutput {
            name: Some(input.bucket),
            prefix: Some(encoded(&prefix, encode)),
            delimiter: input.delimiter.map(|text| encoded(&text, encode)),
            marker: Some(encoded(&marker, encode)),
            encoding_type: input.encoding_type,
            is_truncated: Some(listed.next.is_some()),
            next_marker,
            max_keys: Some(listed.max),
            contents: Some(listed.objects),
            common_prefixes: Some(listed.groups),
            ..ListObjectsOutput::default()
        }))
    }
}

impl From<KeyError> for S3Error {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::TooLong => s3_error!(KeyTooLongError, "{error}"),
            KeyError::NotPlain | KeyError::Character => s3_error!(InvalidArgument, "{error}"),
        }
    }
}

impl From<StoreError> for S3Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => s3_error!(NoSuchKey, "There is no object of this name."),
            StoreError::Condition => s3_error!(
                PreconditionFailed,
                "The object is not as the condition wants it."
            ),
            StoreError::Clash(name) => {
                s3_error!(
                    InvalidArgument,
                    "Objects are files here, and {name} is in the way of this name."
                )
            }
            StoreError::Full(most) => no_space(
                "QuotaExceeded",
                format!("The bucket is full: {most} objects."),
            ),
            StoreError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                no_space("InsufficientStorage", "The disk is full.".to_owned())
            }
            StoreError::Io(error) => {
                eprintln!(
                    "读写数据文件夹失败 · the data folder cannot be read or written: {error}"
                );
                S3Error::internal_error(error)
            }
        }
    }
}

/// S3 has no code for a store without room; 507 says it in HTTP.
fn no_space(code: &'static str, message: String) -> S3Error {
    let Ok(code) = code.parse::<s3s::S3ErrorCode>();
    let mut error = S3Error::with_message(code, message);
    error.set_status_code(hyper::StatusCode::INSUFFICIENT_STORAGE);
    error
}

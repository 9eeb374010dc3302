//! The S3 operations of the one bucket, over the [`Store`].
//!
//! What S3 offers beyond plain objects (versions, multipart, metadata, rights) is not there: operations are refused as
//! `NotImplemented`, headers such as `x-amz-meta-*` and `Content-Type` are not kept.

use std::sync::Arc;
use std::time::SystemTime;

use s3s::dto::{
    Bucket as BucketName, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, CreateBucketInput,
    CreateBucketOutput, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject,
    ETag, Error as DeleteError, GetBucketLocationInput, GetBucketLocationOutput, GetObjectInput, GetObjectOutput,
    HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput,
    ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, PutObjectInput, PutObjectOutput,
    StreamingBlob,
};
use s3s::{Body, S3, S3Error, S3Request, S3Response, S3Result, s3_error};

use crate::condition::{self, hex, stamp};
use crate::key::Key;
use crate::store::{Condition, Store};
use crate::{listing, upload};

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
        if name == self.name { Ok(()) } else { Err(s3_error!(NoSuchBucket, "The only bucket here is {}.", self.name)) }
    }

    fn key(&self, bucket: &str, key: &str) -> S3Result<Key> {
        self.is_ours(bucket)?;
        Ok(Key::parse(key)?)
    }

    /// Runs `work` where waiting for the disk holds up nobody else.
    async fn on_disk<T, E>(&self, work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static) -> S3Result<T>
    where
        T: Send + 'static,
        E: Send + 'static,
        S3Error: From<E>,
    {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store)).await.map_err(S3Error::internal_error)?.map_err(S3Error::from)
    }
}

#[async_trait::async_trait]
impl S3 for Bucket {
    async fn list_buckets(&self, _: S3Request<ListBucketsInput>) -> S3Result<S3Response<ListBucketsOutput>> {
        let bucket = BucketName {
            name: Some(self.name.clone()),
            creation_date: Some(stamp(self.since)),
            ..BucketName::default()
        };
        Ok(S3Response::new(ListBucketsOutput { buckets: Some(vec![bucket]), ..ListBucketsOutput::default() }))
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
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

    async fn create_bucket(&self, req: S3Request<CreateBucketInput>) -> S3Result<S3Response<CreateBucketOutput>> {
        if req.input.bucket == self.name {
            Err(s3_error!(BucketAlreadyOwnedByYou, "The bucket is there already."))
        } else {
            Err(s3_error!(TooManyBuckets, "This endpoint has one bucket, {}.", self.name))
        }
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
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
            content_range: is_part.then(|| format!("bytes {}-{}/{}", range.start, range.end - 1, entry.size)),
            content_type: Some("application/octet-stream".to_owned()),
            body: Some(StreamingBlob::from(Body::from(bytes))),
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..GetObjectOutput::default()
        }))
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
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

    async fn put_object(&self, mut req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let key = self.key(&req.input.bucket, &req.input.key)?;
        let condition = condition::write(req.input.if_match.as_ref(), req.input.if_none_match.as_ref())?;
        let bytes = upload::receive(&mut req, self.max_object).await?;
        let entry = self.on_disk(move |store| store.put(&key, &bytes, condition)).await?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            ..PutObjectOutput::default()
        }))
    }

    async fn copy_object(&self, req: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let input = req.input;
        let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
            return Err(s3_error!(NotImplemented, "Only objects of this bucket can be copied."));
        };
        let (from, to) = (self.key(bucket, key)?, self.key(&input.bucket, &input.key)?);
        let entry = self
            .on_disk(move |store| {
                let (_, _, bytes) = store.get(&from, |entry| {
                    condition::copy(&input, entry)?;
                    Ok::<_, S3Error>(0..entry.size)
                })?;
                Ok::<_, S3Error>(store.put(&to, &bytes, Condition::Always)?)
            })
            .await?;
        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(hex(&entry.md5))),
            last_modified: Some(stamp(entry.modified)),
            ..CopyObjectResult::default()
        };
        Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(result), ..CopyObjectOutput::default() }))
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let key = self.key(&req.input.bucket, &req.input.key)?;
        let condition = condition::write(req.input.if_match.as_ref(), None)?;
        self.on_disk(move |store| store.delete(&key, condition)).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn delete_objects(&self, req: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.is_ours(&req.input.bucket)?;
        let asked = req.input.delete;
        if asked.objects.len() > 1000 {
            return Err(s3_error!(MalformedXML, "At most 1,000 objects can be deleted at once."));
        }
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for object in asked.objects {
            let outcome = match Key::parse(&object.key) {
                Ok(key) => self.on_disk(move |store| store.delete(&key, Condition::Always)).await,
                Err(error) => Err(error.into()),
            };
            match outcome {
                Ok(()) => deleted.push(DeletedObject { key: Some(object.key), ..DeletedObject::default() }),
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
        Ok(S3Response::new(DeleteObjectsOutput { deleted, errors, ..DeleteObjectsOutput::default() }))
    }

    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.is_ours(&req.input.bucket)?;
        self.on_disk(move |store| listing::second(store, req.input)).await.map(S3Response::new)
    }

    async fn list_objects(&self, req: S3Request<ListObjectsInput>) -> S3Result<S3Response<ListObjectsOutput>> {
        self.is_ours(&req.input.bucket)?;
        self.on_disk(move |store| listing::first(store, req.input)).await.map(S3Response::new)
    }
}

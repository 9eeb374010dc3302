//! How what goes wrong in here is told in the words of S3.

use s3s::{S3Error, s3_error};

use crate::key::KeyError;
use crate::store::StoreError;

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
            StoreError::Condition => s3_error!(PreconditionFailed, "The object is not as the condition wants it."),
            StoreError::Clash(name) => {
                s3_error!(InvalidArgument, "Objects are files here, and {name} is in the way of this name.")
            }
            StoreError::Full(most) => no_space("QuotaExceeded", format!("The bucket is full: {most} objects.")),
            StoreError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                no_space("InsufficientStorage", "The disk is full.".to_owned())
            }
            StoreError::Io(error) => {
                eprintln!("读写数据文件夹失败 · the data folder cannot be read or written: {error}");
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

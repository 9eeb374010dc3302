//! What the browser's exceptions mean to a store.

use indexed_db_futures::error::{Error, OpenDbError};

use crate::store::StoreError;

/// Why a piece of work did not happen.
pub(super) enum Failure {
    /// The connection may be gone and nothing has been decided yet: doing it again on a new one is safe.
    Lost(StoreError),
    /// The answer to the caller.
    Final(StoreError),
}

impl Failure {
    /// What the caller is told when it is not tried again.
    pub(super) fn into_refusal(self) -> StoreError {
        match self {
            Self::Lost(refusal) | Self::Final(refusal) => refusal,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(refusal: StoreError) -> Self {
        Self::Final(refusal)
    }
}

/// A failure while nothing has been decided yet.
///
/// A closed connection says `InvalidStateError`; one that is cut while a request is under way says `AbortError`, and
/// in `WebKit`, whose storage process may be stopped behind a sleeping page, `UnknownError`.
pub(super) fn before_deciding(error: Error) -> Failure {
    let lost = matches!(name(&error).as_deref(), Some("InvalidStateError" | "AbortError" | "UnknownError"));
    let refusal = refusal(error);
    if lost { Failure::Lost(refusal) } else { Failure::Final(refusal) }
}

/// An error of a request or a transaction.
pub(super) fn refusal(error: Error) -> StoreError {
    match error {
        Error::DomException(exception) => {
            let exception = web_sys::DomException::from(exception);
            match exception.name().as_str() {
                "QuotaExceededError" => StoreError::Full,
                "InvalidStateError" => StoreError::Closed,
                "VersionError" => StoreError::Newer,
                name => StoreError::Other(format!("{name}: {}", exception.message())),
            }
        }
        other => said(&other),
    }
}

/// What is not the browser's: in few words of our own, since the binding's bring the printing of every kind of number.
fn said(error: &Error) -> StoreError {
    match error {
        Error::Serialisation(_) => StoreError::Damaged("a value that is no bytes".to_owned()),
        Error::MissingData(missing) => StoreError::Other(missing.to_string()),
        Error::DomException(_) | Error::Unknown(_) => StoreError::Other("unknown error of the storage".to_owned()),
    }
}

/// An error of opening or deleting a database.
pub(super) fn open_refusal(error: OpenDbError) -> StoreError {
    match error {
        // The binding gives every exception thrown by `open` itself this name; we never ask for version 0. What the
        // browser throws there is a `SecurityError`: this page may not have storage.
        OpenDbError::VersionZero => StoreError::Unavailable("SecurityError: the browser denies storage".into()),
        OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => {
            StoreError::Unavailable("the browser has no IndexedDB".to_owned())
        }
        OpenDbError::Base(error) => match name(&error).as_deref() {
            // Firefox in a private window, WebKit with storage switched off.
            Some(name @ ("InvalidStateError" | "SecurityError" | "NotAllowedError")) => {
                StoreError::Unavailable(name.to_owned())
            }
            _ => refusal(error),
        },
    }
}

fn name(error: &Error) -> Option<String> {
    match error {
        Error::DomException(exception) => Some(web_sys::DomException::from(exception.clone()).name()),
        _ => None,
    }
}

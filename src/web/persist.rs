//! How safe and how large the browser's storage for us is.

use wasm_bindgen::JsCast;

use super::{WebError, done, navigator, offered};

/// The browser's share of the disk for this app, in bytes; both are estimates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Space {
    /// Used by us.
    pub used: u64,
    /// Used and free together.
    pub quota: u64,
}

/// Whether the browser has promised not to clear our storage by itself.
pub async fn persisted() -> Result<bool, WebError> {
    Ok(done(storage()?.persisted()?).await?.is_truthy())
}

/// Asks for that promise; some browsers ask the person, others decide by how the app is used. Answers what
/// [`persisted`] will say.
pub async fn persist() -> Result<bool, WebError> {
    Ok(done(storage()?.persist()?).await?.is_truthy())
}

/// How much space there is.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole and not negative
pub async fn space() -> Result<Space, WebError> {
    let estimate: web_sys::StorageEstimate = done(storage()?.estimate()?).await?.unchecked_into();
    let bytes = |value: Option<f64>| value.unwrap_or(0.0) as u64;
    Ok(Space { used: bytes(estimate.get_usage()), quota: bytes(estimate.get_quota()) })
}

fn storage() -> Result<web_sys::StorageManager, WebError> {
    offered(navigator().storage(), "navigator.storage")
}

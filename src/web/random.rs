//! Randomness from the browser's generator, fit for keys.

use super::WebError;
use crate::book::RowId;

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], WebError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| WebError::new("Random", error.to_string()))?;
    Ok(bytes)
}

/// Fills a buffer with random bytes. Without them no key is safe, so a browser that has none is stopped here; the
/// start has asked for some before anything else.
pub fn fill(buffer: &mut [u8]) {
    if let Err(error) = getrandom::fill(buffer) {
        wasm_bindgen::throw_str(&error.to_string());
    }
}

impl RowId {
    /// The id of a new row: no other device ever chooses the same.
    pub fn random() -> Result<Self, WebError> {
        bytes().map(Self)
    }
}

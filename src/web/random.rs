//! Randomness from the browser's generator, fit for keys.

use super::WebError;
use crate::book::RowId;

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], WebError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| WebError::new("Random", error.to_string()))?;
    Ok(bytes)
}

impl RowId {
    /// The id of a new row: no other device ever chooses the same.
    pub fn random() -> Result<Self, WebError> {
        bytes().map(Self)
    }
}

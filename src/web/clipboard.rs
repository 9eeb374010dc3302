//! Copying text.

use super::{WebError, done, navigator, offered};

/// Puts text on the clipboard; browsers allow it only in answer to a tap or a key.
pub async fn copy(text: &str) -> Result<(), WebError> {
    let clipboard = offered(navigator().clipboard(), "navigator.clipboard")?;
    done(clipboard.write_text(text)).await.map(drop)
}

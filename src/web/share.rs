//! The system's share sheet.

use js_sys::{Array, Uint8Array};

use super::{WebError, done, method, navigator};

/// Whether there is a share sheet; else offer to copy.
pub fn is_available() -> bool {
    method(&navigator(), "share").is_some()
}

/// Opens the share sheet with a text, in answer to a tap. Answers whether it was shared; `false` is a change of mind.
pub async fn text(title: &str, text: &str) -> Result<bool, WebError> {
    let data = web_sys::ShareData::new();
    data.set_title(title);
    data.set_text(text);
    share(&data).await
}

/// Opens the share sheet with a file. Fails as missing where the browser does not share files of this type.
pub async fn file(name: &str, mime: &str, bytes: &[u8]) -> Result<bool, WebError> {
    let options = web_sys::FilePropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let file = web_sys::File::new_with_u8_array_sequence_and_options(&parts, name, &options)?;
    let data = web_sys::ShareData::new();
    data.set_files(&Array::of1(&file));
    if method(&navigator(), "canShare").is_none() || !navigator().can_share_with_data(&data) {
        return Err(WebError::missing("sharing this kind of file"));
    }
    share(&data).await
}

async fn share(data: &web_sys::ShareData) -> Result<bool, WebError> {
    if !is_available() {
        return Err(WebError::missing("navigator.share"));
    }
    match done(navigator().share_with_data(data)).await {
        Ok(_) => Ok(true),
        Err(refusal) if refusal.name == "AbortError" => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

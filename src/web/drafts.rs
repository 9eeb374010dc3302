//! Unsaved text of forms, kept while it is typed so that it survives a closed tab.
//!
//! A draft is what a form says it is; its key carries the version of that form's text, so that an app that changed
//! the form does not read an old draft wrongly. What was typed lies sealed, like everything at rest: this storage is open
//! to whoever has the device.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::WebError;
use super::prefs::local;
use crate::store::seal::{Seal, place};

const PREFIX: &str = "dianbu.draft.";

/// The longest draft, in bytes: this storage is read as a whole when the app starts, and is small.
pub const LONGEST: usize = 128 << 10;

/// A form whose text is kept.
#[derive(Clone, Debug)]
pub struct Draft {
    key: String,
    seal: Arc<Seal>,
}

impl Draft {
    /// The draft of a form, such as `complaint/new`, whose text is written in this `version`. It is kept behind `seal`.
    pub fn of(seal: &Arc<Seal>, form: &str, version: u32) -> Self {
        Self { key: format!("{PREFIX}v{version}.{form}"), seal: seal.clone() }
    }

    /// Keeps the text as it is now; the last one wins. Fails with `QuotaExceededError` when it is longer than
    /// [`LONGEST`] or the storage is full; then the draft before it stays.
    pub fn keep(&self, text: &str) -> Result<(), WebError> {
        if text.len() > LONGEST {
            return Err(WebError::new("QuotaExceededError", format!("a draft has {LONGEST} bytes at most")));
        }
        let sealed = BASE64_URL_SAFE_NO_PAD.encode(self.seal.seal(&self.place(), text.into()));
        Ok(local()?.set_item(&self.key, &sealed)?)
    }

    /// The text that was kept. Fails with `Damaged` when it does not open.
    pub fn find(&self) -> Result<Option<String>, WebError> {
        let Some(kept) = local()?.get_item(&self.key)? else { return Ok(None) };
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(kept).ok();
        let text = sealed.and_then(|sealed| String::from_utf8(self.seal.open(&self.place(), sealed)?).ok());
        text.map(Some).ok_or_else(|| WebError::new("Damaged", "a draft that does not open"))
    }

    fn place(&self) -> Vec<u8> {
        place("draft", self.key.as_bytes())
    }

    /// Forgets it: the form was saved or given up.
    pub fn forget(&self) -> Result<(), WebError> {
        Ok(local()?.remove_item(&self.key)?)
    }
}

/// Forgets every draft of any version, as when the device is erased.
pub fn forget_all() -> Result<(), WebError> {
    forget_those(|_| true).map(drop)
}

/// Forgets the drafts of these forms, of any version. Returns how many there were.
pub fn forget_those(gone: impl Fn(&str) -> bool) -> Result<usize, WebError> {
    let local = local()?;
    let mut drafts = Vec::new();
    for at in 0..local.length()? {
        drafts.extend(local.key(at)?.filter(|key| form_of(key).is_some_and(&gone)));
    }
    for draft in &drafts {
        local.remove_item(draft)?;
    }
    Ok(drafts.len())
}

/// The form whose draft lies under a key of the browser's storage.
fn form_of(key: &str) -> Option<&str> {
    key.strip_prefix(PREFIX)?.split_once('.').map(|(_, form)| form)
}

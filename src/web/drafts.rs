//! Unsaved text of forms, kept while it is typed so that it survives a closed tab.
//!
//! A draft is what a form says it is; its key carries the version of that form's text, so that an app that changed
//! the form does not read an old draft wrongly.

use super::WebError;
use super::prefs::local;

const PREFIX: &str = "dianbu.draft.";

/// The longest draft, in bytes: this storage is read as a whole when the app starts, and is small.
pub const LONGEST: usize = 128 << 10;

/// A form whose text is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft(String);

impl Draft {
    /// The draft of a form, such as `complaint/new`, whose text is written in this `version`.
    pub fn of(form: &str, version: u32) -> Self {
        Self(format!("{PREFIX}v{version}.{form}"))
    }

    /// Keeps the text as it is now; the last one wins. Fails with `QuotaExceededError` when it is longer than
    /// [`LONGEST`] or the storage is full; then the draft before it stays.
    pub fn keep(&self, text: &str) -> Result<(), WebError> {
        if text.len() > LONGEST {
            return Err(WebError::new("QuotaExceededError", format!("a draft has {LONGEST} bytes at most")));
        }
        Ok(local()?.set_item(&self.0, text)?)
    }

    /// The text that was kept.
    pub fn find(&self) -> Result<Option<String>, WebError> {
        Ok(local()?.get_item(&self.0)?)
    }

    /// Forgets it: the form was saved or given up.
    pub fn forget(&self) -> Result<(), WebError> {
        Ok(local()?.remove_item(&self.0)?)
    }
}

/// Forgets every draft of any version, as when the device is erased.
pub fn forget_all() -> Result<(), WebError> {
    let local = local()?;
    let mut drafts = Vec::new();
    for at in 0..local.length()? {
        drafts.extend(local.key(at)?.filter(|key| key.starts_with(PREFIX)));
    }
    for draft in drafts {
        local.remove_item(&draft)?;
    }
    Ok(())
}

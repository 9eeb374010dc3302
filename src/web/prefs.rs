//! How this device likes the app: never data of the shop, which belongs into the book.

use super::WebError;

/// A preference of this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pref {
    /// The language of the screens.
    Language,
    /// Light, dark, or as the system.
    Theme,
    /// How close the rows of a list stand.
    Density,
    /// The staff member who works at this device.
    Staff,
    /// After how many minutes without use it locks itself.
    LockAfter,
    /// Whether it locks when the app is put away.
    LockAway,
    /// When it was last used, in milliseconds since 1970: in whichever tab.
    LastUse,
}

impl Pref {
    const fn key(self) -> &'static str {
        match self {
            Self::Language => "dianbu.language",
            Self::Theme => "dianbu.theme",
            Self::Density => "dianbu.density",
            Self::Staff => "dianbu.staff",
            Self::LockAfter => "dianbu.lock.after",
            Self::LockAway => "dianbu.lock.away",
            Self::LastUse => "dianbu.lock.used",
        }
    }

    /// The value, when one was set; none also where the browser has no storage: the app works with its defaults.
    pub fn get(self) -> Option<String> {
        local().ok()?.get_item(self.key()).ok()?
    }

    /// Remembers a value.
    pub fn set(self, value: &str) -> Result<(), WebError> {
        Ok(local()?.set_item(self.key(), value)?)
    }

    /// Goes back to the default.
    pub fn clear(self) -> Result<(), WebError> {
        Ok(local()?.remove_item(self.key())?)
    }
}

/// The small storage of this device; the browser may deny it.
pub(super) fn local() -> Result<web_sys::Storage, WebError> {
    gloo::utils::window().local_storage()?.ok_or_else(|| WebError::missing("localStorage"))
}

//! The number on the app's icon.

use super::{method, navigator};

/// Shows a number on the icon, or none for 0. A browser that cannot, or an app that is not installed, shows nothing.
pub fn show(count: usize) {
    let navigator = navigator();
    let name = if count == 0 { "clearAppBadge" } else { "setAppBadge" };
    if let Some(call) = method(&navigator, name) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        // The promise is left alone: whether the icon shows it changes nothing here.
        let _ = if count == 0 { call.call0(&navigator) } else { call.call1(&navigator, &count.into()) };
    }
}

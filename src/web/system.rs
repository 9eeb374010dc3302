//! What the app runs on, as far as people do things differently there.

use super::navigator;

/// Whose habits the person follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum System {
    /// A phone or tablet with Android.
    Android,
    /// An iPhone or iPad.
    Ios,
    /// A computer, or something unknown.
    Desk,
}

/// The system, from what the browser says of itself.
pub fn system() -> System {
    let agent = agent();
    let is = |sign: &str| agent.contains(sign);
    // An iPad says that it is a Mac; no Mac has a screen to touch.
    if is("iPhone") || is("iPad") || (is("Macintosh") && navigator().max_touch_points() > 1) {
        System::Ios
    } else if is("Android") {
        System::Android
    } else {
        System::Desk
    }
}

/// Whether the page is shown inside `WeChat`, which installs nothing and forgets what it kept.
pub fn is_wechat() -> bool {
    agent().contains("MicroMessenger")
}

fn agent() -> String {
    navigator().user_agent().unwrap_or_default()
}

//! The network, and whether anybody looks.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::{document, window};

use super::{Listening, navigator};

/// Whether the device has a network at all; `true` does not mean that the bucket can be reached.
pub fn is_online() -> bool {
    navigator().on_line()
}

/// Whether this tab is in view.
pub fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Hears when the network comes (`true`) and goes.
pub fn on_network(hear: impl FnMut(bool) + 'static) -> Listening {
    let hear = Rc::new(RefCell::new(hear));
    let listen = |event, online| {
        let hear = hear.clone();
        EventListener::new(&window(), event, move |_| (hear.borrow_mut())(online))
    };
    Listening(vec![listen("online", true), listen("offline", false)])
}

/// Hears when the tab comes into view (`true`) and goes out of it: on a phone the last sure moment before it may be
/// stopped.
pub fn on_view(mut hear: impl FnMut(bool) + 'static) -> Listening {
    Listening(vec![EventListener::new(&document(), "visibilitychange", move |_| hear(is_visible()))])
}

/// Hears when the page is left; it may still come back as it was.
pub fn on_leave(mut hear: impl FnMut() + 'static) -> Listening {
    Listening(vec![EventListener::new(&window(), "pagehide", move |_| hear())])
}

//! Words between the tabs of one device.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;

use super::{Listening, WebError};

/// The channel of the app.
pub const CHANNEL: &str = "dianbu";

/// A channel that all tabs of this device hear. A message is a hint, such as *there is something new in the store*:
/// a tab that sleeps or starts later does not get it.
#[derive(Debug)]
pub struct Tabs(web_sys::BroadcastChannel);

impl Tabs {
    /// Joins a channel.
    pub fn join(channel: &str) -> Result<Self, WebError> {
        // The constructor is a global that old browsers do not have.
        if super::method(&js_sys::global(), "BroadcastChannel").is_none() {
            return Err(WebError::missing("BroadcastChannel"));
        }
        Ok(Self(web_sys::BroadcastChannel::new(channel)?))
    }

    /// Tells the other tabs; this one does not hear itself.
    pub fn post(&self, message: &str) -> Result<(), WebError> {
        Ok(self.0.post_message(&message.into())?)
    }

    /// Hears what other tabs tell.
    pub fn listen(&self, mut hear: impl FnMut(String) + 'static) -> Listening {
        Listening(vec![EventListener::new(&self.0, "message", move |event| {
            let message = event.dyn_ref::<web_sys::MessageEvent>().and_then(|event| event.data().as_string());
            if let Some(message) = message {
                hear(message);
            }
        })])
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.0.close();
    }
}

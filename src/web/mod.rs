//! What the browser can do for the app, one file per capability.
//!
//! Thin wrappers without decisions of their own: each asks the browser for one thing and hands back its answer, or its
//! refusal in its own words. What the answer means to a shop is decided elsewhere.

use std::fmt;

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub mod badge;
pub mod camera;
pub mod clipboard;
pub mod clock;
pub mod drafts;
pub mod files;
pub mod given;
pub mod install;
pub mod locks;
pub mod maps;
pub mod online;
pub mod persist;
pub mod photo;
pub mod prefs;
pub mod print;
pub mod random;
pub mod share;
pub mod sw;
pub mod system;
pub mod tabs;
pub mod turn;

/// A refusal of the browser, in its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebError {
    /// The name of the exception, such as `NotAllowedError`; `Missing` when the browser does not have the capability,
    /// `UnreadablePicture` when a picture cannot be decoded.
    pub name: String,
    /// What it says, mostly in English and meant for details, not for headlines.
    pub message: String,
}

impl WebError {
    fn new(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), message: message.into() }
    }

    fn missing(what: &str) -> Self {
        Self::new("Missing", format!("{what} is not available in this browser or on this address"))
    }

    /// A picture that no decoder of the browser takes; `why` is what the last of them said.
    fn unreadable(why: &Self) -> Self {
        Self::new("UnreadablePicture", why.to_string())
    }

    /// Whether a file was no picture, or one of a kind that this browser cannot decode.
    pub fn is_unreadable_picture(&self) -> bool {
        self.name == "UnreadablePicture"
    }

    /// Whether the browser does not have the capability at all: old, embedded, or a page that is not served securely.
    pub fn is_missing(&self) -> bool {
        self.name == "Missing"
    }
}

impl From<JsValue> for WebError {
    fn from(thrown: JsValue) -> Self {
        if let Some(exception) = thrown.dyn_ref::<web_sys::DomException>() {
            return Self::new(&exception.name(), exception.message());
        }
        match thrown.dyn_ref::<js_sys::Error>() {
            Some(error) => Self::new(&String::from(error.name()), String::from(error.message())),
            None => Self::new("Error", thrown.as_string().unwrap_or_else(|| format!("{thrown:?}"))),
        }
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl std::error::Error for WebError {}

/// Something we listen to; dropping it stops listening.
#[derive(Debug)]
#[must_use = "it stops listening when dropped"]
pub struct Listening(Vec<EventListener>);

impl Listening {
    /// Listens for the rest of the page's life.
    pub fn forget(self) {
        self.0.into_iter().for_each(EventListener::forget);
    }
}

/// A part of the browser that may not be there: the binding hands out `undefined` without a word.
fn offered<T: AsRef<JsValue>>(part: T, name: &str) -> Result<T, WebError> {
    if part.as_ref().is_undefined() || part.as_ref().is_null() { Err(WebError::missing(name)) } else { Ok(part) }
}

/// A method of `object`, when it has one.
fn method(object: &JsValue, name: &str) -> Option<js_sys::Function> {
    js_sys::Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

async fn done(promise: js_sys::Promise) -> Result<JsValue, WebError> {
    Ok(JsFuture::from(promise).await?)
}

fn navigator() -> web_sys::Navigator {
    gloo::utils::window().navigator()
}

//! The camera, for reading a code. The work is done by a script that is fetched with the first look (`script/scan.js`):
//! a reader in it weighs a sixth of one in wasm.

use gloo::utils::window;
use js_sys::{Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::{WebError, done, method, navigator};

/// Whether this browser could have a camera for the page: not without HTTPS, nor in some embedded browsers.
pub fn is_available() -> bool {
    Reflect::get(&navigator(), &"mediaDevices".into()).is_ok_and(|devices| devices.is_object())
}

/// Asks the person for the camera and shows its picture in `video`. Each text that is read in it is offered to `found`,
/// until that says that it was the right one, or until the video is taken off the page.
///
/// Fails with `NotAllowedError` when the camera is refused, `NotFoundError` when there is none, `NotReadableError` when
/// another app has it, and `TypeError` when the script cannot be fetched.
pub async fn scan(video: &web_sys::HtmlElement, found: impl Fn(String) -> bool + 'static) -> Result<(), WebError> {
    let scan = method(&window(), "dianbuScan").ok_or_else(|| WebError::missing("the reader of codes"))?;
    let found = Closure::<dyn Fn(String) -> bool>::new(found);
    let scanned = scan.call2(&window(), video, found.as_ref())?.unchecked_into::<Promise>();
    done(scanned).await.map(drop)
}

//! What the system hands over: a contact card, a list or a text that another app shares, a file opened with the app.
//!
//! `boot.js` takes it in at once, since the book may still be locked, and keeps it in memory alone.

use gloo::utils::window;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::done;
use super::files::Picked;

/// Where `boot.js` keeps it: a promise of the file.
const KEPT: &str = "dianbuGiven";

/// Takes what was handed over. Nothing if none came, or if it was taken before.
pub async fn take() -> Option<Picked> {
    let kept = Reflect::get(&window(), &KEPT.into()).ok()?.dyn_into::<Promise>().ok()?;
    // It is taken once; a window that cannot be written to keeps it for the next time.
    let _ = Reflect::set(&window(), &KEPT.into(), &JsValue::UNDEFINED);
    done(kept).await.ok()?.dyn_into::<web_sys::File>().ok().map(Picked::from)
}

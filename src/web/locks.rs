//! One tab among several: who synchronises.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

use super::{WebError, done, method, navigator};

/// The lock of the tab that synchronises.
pub const SYNC: &str = "dianbu-sync";

/// Waits until no other tab holds the lock `name`, does `work` while holding it, and lets go. The browser lets go for
/// a tab that closes or crashes, and the next one in line goes on.
///
/// A place in the line stays taken when this future is dropped: the work is done when its turn comes. A browser
/// without locks does the work at once: whatever it is must stand being done in two tabs.
pub async fn alone<F>(name: &str, work: impl FnOnce() -> F + 'static) -> Result<(), WebError>
where
    F: Future<Output = ()> + 'static,
{
    // The binding of `navigator.locks` counts as unstable in `web-sys`, so it is called by name.
    let locks = Reflect::get(&navigator(), &"locks".into())?;
    let Some(request) = (!locks.is_undefined()).then(|| method(&locks, "request")).flatten() else {
        work().await;
        return Ok(());
    };
    // Freed by its call, also when this future is dropped while it waits.
    let held = Closure::once_into_js(move |_lock: JsValue| {
        future_to_promise(async move {
            work().await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let released = request.call2(&locks, &name.into(), &held)?;
    done(released.unchecked_into::<Promise>()).await.map(drop)
}

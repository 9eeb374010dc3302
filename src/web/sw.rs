//! The service worker: a new version waits until the person wants it.
//!
//! The boot script registers the worker and dispatches `dianbu:update-ready` on the window when a new one waits.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;

use super::{Listening, WebError, done, navigator, offered};

/// How long a new worker may take to move in before the page is loaded again without waiting for it.
const PATIENCE_MS: u32 = 15_000;

/// Hears that a new version waits. Ask [`is_waiting`] too: it may have been there before us.
pub fn on_update(mut hear: impl FnMut() + 'static) -> Listening {
    Listening(vec![EventListener::new(&window(), "dianbu:update-ready", move |_| hear())])
}

/// Whether a new version waits.
pub async fn is_waiting() -> Result<bool, WebError> {
    Ok(waiting().await?.is_some())
}

/// Moves to the version that waits: the page is loaded again, so keep drafts first. Without one nothing happens, and
/// the answer is `false`.
pub async fn apply() -> Result<bool, WebError> {
    let Some(worker) = waiting().await? else { return Ok(false) };
    let container = container()?;
    EventListener::once(&container, "controllerchange", |_| reload()).forget();
    let message = Object::new();
    Reflect::set(&message, &"type".into(), &"skip-waiting".into())?;
    worker.post_message(&message)?;
    Timeout::new(PATIENCE_MS, reload).forget();
    Ok(true)
}

async fn waiting() -> Result<Option<web_sys::ServiceWorker>, WebError> {
    let registration = done(container()?.get_registration()).await?;
    let found = registration.dyn_into::<web_sys::ServiceWorkerRegistration>().ok();
    // The very first worker waits for a moment too, and is no update.
    Ok(found.filter(|found| found.active().is_some()).and_then(|found| found.waiting()))
}

fn container() -> Result<web_sys::ServiceWorkerContainer, WebError> {
    offered(navigator().service_worker(), "navigator.serviceWorker")
}

fn reload() {
    // A page that may not be loaded again goes on with the old version, which is still whole.
    drop(window().location().reload());
}

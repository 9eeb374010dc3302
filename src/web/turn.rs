//! A turn for whatever else the browser has to do: input, painting, other tasks.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use super::clock;

/// Lets the browser do what waits, and goes on after it. A timer would wait for four milliseconds at least, and for a
/// second in a page that is not seen.
pub async fn turn() {
    let Ok(channel) = MessageChannel::new() else { return };
    let (here, there) = (channel.port1(), channel.port2());
    let heard = Promise::new(&mut |resolve, _| here.set_onmessage(Some(&resolve)));
    if there.post_message(&JsValue::NULL).is_ok() {
        // It is never refused.
        let _ = JsFuture::from(heard).await;
    }
    here.close();
}

/// So long is worked at a stretch, in milliseconds.
const SLICE_MS: u64 = 8;

/// Takes all of them, with turns between: making or dropping a hundred thousand things takes a moment.
pub async fn in_turns<T>(things: impl Iterator<Item = T>) -> Vec<T> {
    let (mut all, mut until) = (Vec::new(), clock::now_ms() + SLICE_MS);
    for thing in things {
        all.push(thing);
        if clock::now_ms() >= until {
            turn().await;
            until = clock::now_ms() + SLICE_MS;
        }
    }
    all
}

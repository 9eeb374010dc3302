//! Routes behind the `#` of the address.
//!
//! A fragment never reaches a server: the app runs from any static host without rewriting rules, and the secrets of
//! an invitation link stay on the device.

use leptos::prelude::*;

use super::lasting::Lasting;
use wasm_bindgen::prelude::*;

/// Where in the app the person is: `#/customers/ID/edit?q=zs`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Route {
    /// Parts of the path.
    pub path: Vec<String>,
    /// Parameters, decoded.
    pub query: Vec<(String, String)>,
}

impl Route {
    /// Reads the fragment of an address, with or without its `#`.
    pub fn of_hash(hash: &str) -> Self {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let decode = |text: &str| {
            js_sys::decode_uri_component(&text.replace('+', "%20")).map_or_else(|_| text.to_owned(), String::from)
        };
        Self {
            path: path.split('/').filter(|part| !part.is_empty()).map(decode).collect(),
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        }
    }

    /// The path as a screen matches it.
    pub fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// A parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The route of the page, which follows the address.
pub fn follow() -> Lasting<Route> {
    let route = Lasting::new(Route::of_hash(&hash()));
    let listen = Closure::<dyn Fn()>::new(move || route.set(Route::of_hash(&hash())));
    // It listens as long as the page lives.
    let _ = window().add_event_listener_with_callback("hashchange", listen.as_ref().unchecked_ref());
    listen.forget();
    route
}

fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Goes to a route: `/customers`.
pub fn go(to: &str) {
    // Only a detached page refuses, and then there is nothing to show.
    let _ = window().location().set_hash(to);
}

/// Goes to a route in place of the present one, so that "back" does not return to it.
pub fn replace(to: &str) {
    let _ = window().location().replace(&format!("#{to}"));
}

/// Loads the app anew at its first screen.
pub fn restart() {
    replace("/");
    let _ = window().location().reload();
}

/// Goes back.
pub fn back() {
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

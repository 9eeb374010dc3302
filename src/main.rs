//! The app in the browser. On other machines there is nothing to start: the core is a library.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(dianbu::ui::start::Start);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

//! The app in the browser. On other machines there is nothing to start: the core is a library.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    // The browser has a turn between making the program ready and running it.
    wasm_bindgen_futures::spawn_local(async {
        dianbu::web::turn::turn().await;
        leptos::mount::mount_to_body(dianbu::ui::start::Start);
    });
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

//! The WASM entry: it hydrates the page that the server rendered, and nothing else.

/// Attach the interface to the server's HTML.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}

//! The WASM entry: it hydrates the page that the server rendered, and nothing else.

/// Attach the interface to the server's HTML.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}

/// Room for the splitting of the WASM: what each part's data is padded with must fit, or the texts of every page come
/// with the first (`wasm_split_cli_support` 0.2.3, `DataEmitInfo`). Nothing reads it, and so many zeros weigh nothing.
#[used]
static ROOM: [u8; 8192] = [0; 8192];

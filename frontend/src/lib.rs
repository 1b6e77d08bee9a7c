//! The WASM entry point: hydrates the page that the server rendered.

/// Hydrate the interface in the server's HTML.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::hydrate();
}

/// Space for WASM splitting. The splitter moves each chunk's constants to that chunk's file, padded for alignment; where
/// they no longer fit into the linked data, it keeps the constants of every page in the first file
/// (`wasm_split_cli_support` 0.2.3, `DataEmitInfo`). These zeros are never read, and they compress to nothing.
#[used]
static ROOM: [u8; 16_384] = [0; 16_384];

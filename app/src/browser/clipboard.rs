//! The clipboard.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Copy `text`. Returns whether the browser allowed it.
pub async fn write_text(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Undefined outside a secure context; calling it would throw.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

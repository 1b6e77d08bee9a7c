//! The clipboard.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Copy `text`. Returns whether the browser allowed it.
pub async fn write_text(text: &str) -> bool {
    // Without a secure context `navigator.clipboard` is undefined, and calling it would throw.
    if !window().is_secure_context() {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

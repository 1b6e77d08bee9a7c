//! The tab's session storage. A browser may deny access to it; then nothing is stored.

use leptos::prelude::window;
use web_sys::Storage;

/// Remove and return the text stored under `key`.
pub fn remove(key: &str) -> Option<String> {
    let storage = session_storage()?;
    let text = storage.get_item(key).ok().flatten();
    storage.remove_item(key).ok();
    text
}

/// Store `text` under `key` until the tab is closed.
pub fn set(key: &str, text: &str) {
    if let Some(storage) = session_storage() {
        storage.set_item(key, text).ok();
    }
}

fn session_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

//! Loading another page, which drops everything this one holds in memory.

use leptos::prelude::window;

/// Load `path` and replace this page in the history, so that "back" doesn't return to it.
pub fn redirect(path: &str) {
    // It fails only in a sandboxed frame, and then there is nothing else to do.
    window().location().replace(path).ok();
}

/// The path and query of this page.
pub fn current_path() -> String {
    let location = window().location();
    format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    )
}

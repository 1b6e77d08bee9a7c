//! Leaving for another page, with everything that this one held.

use leptos::prelude::window;

/// Load `path` in this page's place: nothing of it stays behind in memory, and "back" doesn't lead here.
pub fn to(path: &str) {
    // Only a page in a sandbox may not go anywhere.
    window().location().replace(path).ok();
}

/// Load this page again.
pub fn reload() {
    window().location().reload().ok();
}

/// The path and query of this page.
pub fn here() -> String {
    let location = window().location();
    format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    )
}

//! The drawing, kept for this tab while the visitor is on another page: to sign in, say.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::Storage;

use super::{drawing::Drawing, state::Desk};

/// Name in the tab's storage.
const NAME: &str = "drawing";

/// Bring back what was kept, and keep the drawing when the page is left for another one of the site.
pub fn keep_drawing(desk: Desk) {
    Effect::new(move |_| {
        let Some(storage) = storage() else { return };
        let kept = storage.get_item(NAME).ok().flatten();
        // Only once: what is cleared stays cleared.
        storage.remove_item(NAME).ok();
        if let Some(drawing) = kept.as_deref().and_then(Drawing::from_text) {
            desk.draw(|blank| *blank = drawing);
        }
        let storage = SendWrapper::new(storage);
        on_cleanup(move || {
            let text = desk.drawing.try_with_untracked(Drawing::to_text).unwrap_or_default();
            if !text.is_empty() {
                storage.set_item(NAME, &text).ok();
            }
        });
    });
}

/// The tab's storage; a browser may refuse it.
fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

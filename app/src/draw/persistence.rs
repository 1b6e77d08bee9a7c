//! Stores the drawing in the tab while the visitor is on another page, for example to sign in.

use leptos::prelude::*;

use super::{drawing::Drawing, state::DrawState};
use crate::browser::storage;

/// The key in session storage.
const KEY: &str = "drawing";

/// Restore the stored drawing, and store the current one when the page is left for another page of the site.
pub fn persist_drawing(state: DrawState) {
    Effect::new(move |_| {
        // Removed from the storage, so that a drawing cleared later is not restored.
        if let Some(drawing) = storage::remove(KEY).as_deref().and_then(Drawing::from_text) {
            state.draw(|blank| *blank = drawing);
        }
        on_cleanup(move || {
            let text = state.drawing.try_with_untracked(Drawing::to_text).unwrap_or_default();
            if !text.is_empty() {
                storage::set(KEY, &text);
            }
        });
    });
}

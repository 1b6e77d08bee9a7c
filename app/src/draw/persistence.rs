//! Stores the drawing or the image in the tab while the visitor is on another page, for example to sign in.

use leptos::prelude::*;

use super::{
    drawing::Drawing,
    file_input,
    image_file::Source,
    state::{DrawState, LoadedImage},
};
use crate::{browser::storage, session::Session};

/// The keys in session storage.
const DRAWING: &str = "drawing";
const IMAGE: &str = "image";

/// The event before a script loads the page again (`offline/page.js`, `load-guard.js`).
const LEAVE: &str = "leave";

/// Restore what is stored, and store what there is when the page is left for another page of the site, or loaded again by a
/// script.
pub fn persist(state: DrawState) {
    let session = Session::shared();
    Effect::new(move |_| {
        // Removed from the storage, so that a drawing cleared later is not restored.
        if let Some(drawing) = storage::remove(DRAWING).as_deref().and_then(Drawing::from_text) {
            state.draw(|blank| *blank = drawing);
        }
        // A data URL has no line breaks.
        if let Some((name, url)) = storage::remove(IMAGE)
            .as_deref()
            .and_then(|text| text.rsplit_once('\n'))
        {
            file_input::load(state, session, Source::DataUrl(url.to_owned(), name.to_owned()));
        }
        let store = move || {
            let drawing = state.drawing.try_with_untracked(Drawing::to_text).unwrap_or_default();
            if !drawing.is_empty() {
                storage::set(DRAWING, &drawing);
            }
            let image = state.image.try_with_untracked(|image| image.as_ref().and_then(to_text));
            if let Some(image) = image.flatten() {
                storage::set(IMAGE, &image);
            }
        };
        let listener = window_event_listener_untyped(LEAVE, move |_| store());
        on_cleanup(move || {
            listener.remove();
            store();
        });
    });
}

/// The file name, and the data URL on the last line.
fn to_text(image: &LoadedImage) -> Option<String> {
    let url = image.kept.as_ref()?;
    Some(format!("{}\n{url}", image.file_name))
}

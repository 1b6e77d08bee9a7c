//! Image files that are chosen, pasted or dropped.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, task::spawn_local};
use web_sys::{DataTransfer, DragEvent, FileList};

use super::{
    image_file::{self, SENT_NAME, Source},
    request_prediction::request_prediction,
    state::{DrawState, LivePrediction},
};
use crate::session::Session;

/// Load the first of `files` into the canvas.
pub fn load_first(state: DrawState, session: Session, files: Option<FileList>) {
    load(state, session, Source::File(files.and_then(|files| files.get(0))));
}

/// Load an image into the canvas. One that the page can't read because the browser alters it is sent to the server.
pub fn load(state: DrawState, session: Session, source: Source) {
    state.chosen.update_value(|number| *number += 1);
    let number = state.chosen.get_value();
    spawn_local(async move {
        let image = image_file::load(source).await;
        // `None` after the page was left.
        if state.chosen.try_get_value() != Some(number) {
            return;
        }
        let is_unread = image
            .as_ref()
            .is_ok_and(|image| image.reading == LivePrediction::Altered);
        state.load_image(image);
        if is_unread {
            state.live.set(LivePrediction::Altered);
            request_prediction(state, session);
        }
    });
}

/// Load files that are pasted or dropped anywhere on the page. `is_dragging` is set while one is dragged over it.
pub fn listen(state: DrawState, is_dragging: RwSignal<bool>) {
    let session = Session::shared();
    Effect::new(move |_| {
        let handles = [
            window_event_listener(ev::paste, move |event| {
                let files = event.clipboard_data().and_then(|data| data.files());
                // Pasted text is ignored.
                if files.as_ref().is_some_and(|files| files.length() > 0) {
                    event.prevent_default();
                    load_first(state, session, files);
                }
            }),
            // Whatever is dropped, the browser must not open it: the drawing would be lost.
            window_event_listener(ev::dragenter, |event| event.prevent_default()),
            window_event_listener(ev::dragover, move |event| {
                event.prevent_default();
                if has(&event, "Files") || has(&event, LINK) {
                    is_dragging.set(true);
                }
            }),
            window_event_listener(ev::dragleave, move |event| {
                // Without a related target the pointer has left the window, not just an element.
                if event.related_target().is_none() {
                    is_dragging.set(false);
                }
            }),
            window_event_listener(ev::drop, move |event| {
                event.prevent_default();
                is_dragging.set(false);
                let files = event.data_transfer().and_then(|data| data.files());
                let no_file = files.as_ref().is_none_or(|files| files.length() == 0);
                if no_file && has(&event, LINK) {
                    load_link(state, session, &event);
                } else if has(&event, "Files") {
                    load_first(state, session, files);
                }
            }),
        ];
        on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    });
}

/// The type of a link that is dragged, for example with an image of another page.
const LINK: &str = "text/uri-list";

fn has(event: &DragEvent, data_type: &str) -> bool {
    let includes = |data: DataTransfer| data.types().includes(&data_type.into(), 0);
    event.data_transfer().is_some_and(includes)
}

/// A link may contain the image. What is behind any other link can't be read by a page of another site.
fn load_link(state: DrawState, session: Session, event: &DragEvent) {
    let url = event.data_transfer().and_then(|data| data.get_data(LINK).ok());
    let source = match url.filter(|url| url.starts_with("data:image/")) {
        Some(url) => Source::DataUrl(url, SENT_NAME.to_owned()),
        None => Source::Link,
    };
    load(state, session, source);
}

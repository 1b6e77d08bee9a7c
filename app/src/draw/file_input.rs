//! Image files that are chosen, pasted or dropped.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, task::spawn_local};
use web_sys::{DataTransfer, DragEvent, FileList};

use super::{
    image_file,
    state::{DrawState, ImageFileError},
};

/// Load the first of `files` into the canvas.
pub fn load_first(state: DrawState, files: Option<FileList>) {
    match files.and_then(|files| files.get(0)) {
        Some(file) => spawn_local(async move { state.load_image(image_file::load(file).await) }),
        None => state.load_image(Err(ImageFileError::NotAnImage)),
    }
}

/// Load files that are pasted or dropped anywhere on the page. `is_dragging` is set while one is dragged over it.
pub fn listen(state: DrawState, is_dragging: RwSignal<bool>) {
    Effect::new(move |_| {
        let handles = [
            window_event_listener(ev::paste, move |event| {
                let files = event.clipboard_data().and_then(|data| data.files());
                // Pasted text is ignored.
                if files.as_ref().is_some_and(|files| files.length() > 0) {
                    event.prevent_default();
                    load_first(state, files);
                }
            }),
            window_event_listener(ev::dragenter, |event| {
                // Without this the browser would open the dropped file.
                if has_files(&event) {
                    event.prevent_default();
                }
            }),
            window_event_listener(ev::dragover, move |event| {
                if has_files(&event) {
                    event.prevent_default();
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
                if has_files(&event) {
                    event.prevent_default();
                    is_dragging.set(false);
                    load_first(state, event.data_transfer().and_then(|data| data.files()));
                }
            }),
        ];
        on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    });
}

fn has_files(event: &DragEvent) -> bool {
    let includes_files = |data: DataTransfer| data.types().includes(&"Files".into(), 0);
    event.data_transfer().is_some_and(includes_files)
}

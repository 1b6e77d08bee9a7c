//! Pictures from outside: chosen, pasted or dropped.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, task::spawn_local};
use web_sys::{DataTransfer, DragEvent, FileList};

use super::{
    image_file,
    state::{Desk, Unusable},
};

/// Put the first of `files` in the canvas; a drop or paste without any says that it was no picture.
pub fn take(desk: Desk, files: Option<FileList>) {
    match files.and_then(|files| files.get(0)) {
        Some(file) => spawn_local(async move { desk.show(image_file::open(file).await) }),
        None => desk.show(Err(Unusable::NoPicture)),
    }
}

/// Take what is pasted or dropped anywhere on the page; `dropping` tells while something is held above it.
pub fn listen(desk: Desk, dropping: RwSignal<bool>) {
    Effect::new(move |_| {
        let handles = [
            window_event_listener(ev::paste, move |event| {
                let files = event.clipboard_data().and_then(|data| data.files());
                // Pasted text is nobody's business here.
                if files.as_ref().is_some_and(|files| files.length() > 0) {
                    event.prevent_default();
                    take(desk, files);
                }
            }),
            window_event_listener(ev::dragenter, |event| {
                // Without this the browser would open the file that is dropped.
                if carries_files(&event) {
                    event.prevent_default();
                }
            }),
            window_event_listener(ev::dragover, move |event| {
                if carries_files(&event) {
                    event.prevent_default();
                    dropping.set(true);
                }
            }),
            window_event_listener(ev::dragleave, move |event| {
                // Left the window, not one element for another.
                if event.related_target().is_none() {
                    dropping.set(false);
                }
            }),
            window_event_listener(ev::drop, move |event| {
                if carries_files(&event) {
                    event.prevent_default();
                    dropping.set(false);
                    take(desk, event.data_transfer().and_then(|data| data.files()));
                }
            }),
        ];
        on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    });
}

fn carries_files(event: &DragEvent) -> bool {
    let holds = |data: DataTransfer| data.types().includes(&"Files".into(), 0);
    event.data_transfer().is_some_and(holds)
}

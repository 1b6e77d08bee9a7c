//! What a chart asks of the browser: its width, where the pointer is, the clipboard.

use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::PointerEvent;

/// Tell `width` how wide `element` is, now and whenever the window changes.
pub fn keep_measuring(element: NodeRef<Div>, width: RwSignal<f64>) {
    let measure = move || {
        let found = element.get_untracked().map(|element| f64::from(element.client_width()));
        // Hidden elements have no width.
        if let Some(found) = found.filter(|found| *found > 0.0) {
            width.set(found);
        }
    };
    Effect::new(move |_| {
        element.track();
        measure();
        let resized = window_event_listener(ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    });
}

/// How far the pointer is from the left edge of `element`.
pub fn pointer_x(element: NodeRef<Div>, event: &PointerEvent) -> Option<f64> {
    let left = element.get_untracked()?.get_bounding_client_rect().left();
    Some(f64::from(event.client_x()) - left)
}

/// Put a text into the clipboard; whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    // Without a secure context there is no clipboard, and asking for it would throw.
    if !window().is_secure_context() {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

//! Measurements of elements.

use leptos::{ev, html::Div, prelude::*};
use web_sys::PointerEvent;

/// Keep `width` equal to the element's width in CSS pixels, now and after each resize of the window.
pub fn track_width(element: NodeRef<Div>, width: RwSignal<f64>) {
    let measure = move || {
        let measured = element.get_untracked().map(|element| f64::from(element.client_width()));
        // A hidden element measures zero; its last width stays.
        if let Some(measured) = measured.filter(|measured| *measured > 0.0) {
            width.set(measured);
        }
    };
    Effect::new(move |_| {
        element.track();
        measure();
        let resize_listener = window_event_listener(ev::resize, move |_| measure());
        on_cleanup(move || resize_listener.remove());
    });
}

/// The pointer's distance from the left edge of `element`, in CSS pixels.
pub fn pointer_x(element: NodeRef<Div>, event: &PointerEvent) -> Option<f64> {
    let left = element.get_untracked()?.get_bounding_client_rect().left();
    Some(f64::from(event.client_x()) - left)
}

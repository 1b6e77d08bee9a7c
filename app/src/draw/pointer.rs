//! Conversion of pointer events to points on the page.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use super::drawing::PAGE;

/// The first point of a stroke. Captures the pointer, so that the stroke continues outside the canvas. `None` where the
/// event has no element.
pub fn start(event: &PointerEvent) -> Option<[f32; 2]> {
    let canvas = canvas(event)?;
    // Without capture, the stroke ends at the edge of the canvas.
    canvas.set_pointer_capture(event.pointer_id()).ok();
    point(event, &canvas)
}

/// All points since the last event: pens report more often than the browser dispatches events.
pub fn points(event: &PointerEvent) -> Vec<[f32; 2]> {
    let Some(canvas) = canvas(event) else {
        return Vec::new();
    };
    let coalesced = coalesced_events(event);
    if coalesced.length() == 0 {
        return point(event, &canvas).into_iter().collect();
    }
    coalesced
        .iter()
        .filter_map(|event| point(event.unchecked_ref(), &canvas))
        .collect()
}

/// The events that the browser has merged into this one. None where `getCoalescedEvents` is missing: outside a secure
/// context, such as plain HTTP in a local network, and in Safari before 18.2.
fn coalesced_events(event: &PointerEvent) -> Array {
    Reflect::get(event, &"getCoalescedEvents".into())
        .ok()
        .and_then(|method| method.dyn_into::<Function>().ok())
        .and_then(|method| method.call0(event).ok())
        .and_then(|events| events.dyn_into::<Array>().ok())
        .unwrap_or_default()
}

fn canvas(event: &PointerEvent) -> Option<HtmlElement> {
    event.current_target()?.dyn_into().ok()
}

#[expect(clippy::cast_possible_truncation, reason = "a coordinate on a screen fits f32")]
fn point(event: &PointerEvent, canvas: &HtmlElement) -> Option<[f32; 2]> {
    let rect = canvas.get_bounding_client_rect();
    let side = rect.width();
    (side > 0.0).then(|| {
        [
            f64::from(event.client_x()) - rect.left(),
            f64::from(event.client_y()) - rect.top(),
        ]
        .map(|offset| (offset / side) as f32 * PAGE)
    })
}

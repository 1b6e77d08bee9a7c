//! Conversion of pointer events to points on the page, with the pressure of a pen.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use super::drawing::{NO_PRESSURE, PAGE, PointerKind};

/// Where a pointer was, in page units, and how hard it was pressed, from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub point: [f32; 2],
    pub pressure: f32,
}

/// The kind of the pointer.
pub fn kind(event: &PointerEvent) -> PointerKind {
    PointerKind::of(&event.pointer_type())
}

/// The first point of a stroke. Captures the pointer, so that the stroke continues outside the canvas. `None` where the
/// event has no element.
pub fn start(event: &PointerEvent) -> Option<Sample> {
    let canvas = canvas(event)?;
    // Without capture, the stroke ends at the edge of the canvas.
    canvas.set_pointer_capture(event.pointer_id()).ok();
    sample(event, kind(event), &canvas)
}

/// All points since the last event: pens report more often than the browser dispatches events.
pub fn samples(event: &PointerEvent) -> Vec<Sample> {
    let Some(canvas) = canvas(event) else {
        return Vec::new();
    };
    let kind = kind(event);
    let coalesced = coalesced_events(event);
    if coalesced.length() == 0 {
        return sample(event, kind, &canvas).into_iter().collect();
    }
    coalesced
        .iter()
        .filter_map(|event| sample(event.unchecked_ref(), kind, &canvas))
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
fn sample(event: &PointerEvent, kind: PointerKind, canvas: &HtmlElement) -> Option<Sample> {
    let rect = canvas.get_bounding_client_rect();
    let side = rect.width();
    // Some pens measure none and say zero. What a screen says of a finger is the size of the finger.
    let pressure = match event.pressure() {
        pressure if kind == PointerKind::Pen && pressure > 0.0 => pressure,
        _ => NO_PRESSURE,
    };
    (side > 0.0).then(|| Sample {
        point: [
            f64::from(event.client_x()) - rect.left(),
            f64::from(event.client_y()) - rect.top(),
        ]
        .map(|offset| (offset / side) as f32 * PAGE),
        pressure,
    })
}

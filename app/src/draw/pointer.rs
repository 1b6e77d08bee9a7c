//! From pointer events to points on the page.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use super::drawing::PAGE;

/// The pen came down: capture it, so that a stroke that leaves the canvas goes on, and take the focus along. Gives the
/// point; `None` when the event has no element.
pub fn lowered(event: &PointerEvent) -> Option<[f32; 2]> {
    let canvas = canvas(event)?;
    // Without capture the stroke merely ends at the canvas's edge.
    canvas.set_pointer_capture(event.pointer_id()).ok();
    point(event, &canvas)
}

/// Every point the pen passed since the last event: it reports more often than the browser wakes the page.
pub fn passed(event: &PointerEvent) -> Vec<[f32; 2]> {
    let Some(canvas) = canvas(event) else {
        return Vec::new();
    };
    let coalesced = event.get_coalesced_events();
    if coalesced.length() == 0 {
        return point(event, &canvas).into_iter().collect();
    }
    coalesced
        .iter()
        .filter_map(|event| point(event.unchecked_ref(), &canvas))
        .collect()
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

//! How a moment of a chart is chosen: by pointer, finger or keys. All charts follow.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};
use web_sys::PointerEvent;

use crate::{
    admin::status::{dashboard::Dashboard, plot::Frame},
    browser::clipboard::pointer_x,
};

/// Points that Page Up and Page Down go over.
const LEAP: isize = 12;

/// Look at the moment under the pointer.
pub fn point_at(dashboard: Dashboard, frame: Frame, plot: NodeRef<Div>, event: &PointerEvent) {
    if let Some(x) = pointer_x(plot, event) {
        dashboard.cursor.set(Some(frame.time(x.clamp(frame.left, frame.right))));
    }
}

/// Move by keys as a slider does; Escape goes back to now.
pub fn press(dashboard: Dashboard, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => dashboard.move_cursor(-1),
        "ArrowRight" | "ArrowUp" => dashboard.move_cursor(1),
        "PageDown" => dashboard.move_cursor(-LEAP),
        "PageUp" => dashboard.move_cursor(LEAP),
        "Home" => dashboard.move_cursor(isize::MIN),
        "End" | "Escape" => dashboard.cursor.set(None),
        _ => return,
    }
    event.prevent_default();
}

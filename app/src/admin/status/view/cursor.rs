//! Moving the cursor, which all charts share, by pointer, touch or keyboard.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};
use web_sys::PointerEvent;

use crate::{
    admin::status::{dashboard::Dashboard, plot::Frame},
    browser::element::pointer_x,
};

/// The number of points that Page Up and Page Down move by.
const PAGE_STEP: isize = 12;

/// Moves the cursor to the pointer.
pub fn point_at(dashboard: Dashboard, frame: Frame, plot: NodeRef<Div>, event: &PointerEvent) {
    if let Some(x) = pointer_x(plot, event) {
        dashboard.cursor.set(Some(frame.time(x.clamp(frame.left, frame.right))));
    }
}

/// Moves the cursor with the keys of a slider; Escape removes it.
pub fn press(dashboard: Dashboard, event: &KeyboardEvent) {
    match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => dashboard.move_cursor(-1),
        "ArrowRight" | "ArrowUp" => dashboard.move_cursor(1),
        "PageDown" => dashboard.move_cursor(-PAGE_STEP),
        "PageUp" => dashboard.move_cursor(PAGE_STEP),
        "Home" => dashboard.move_cursor(isize::MIN),
        "End" | "Escape" => dashboard.cursor.set(None),
        _ => return,
    }
    event.prevent_default();
}

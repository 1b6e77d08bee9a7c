//! Work that runs at most once in an animation frame: a pen reports more often than the screen is painted.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::request_animation_frame;

/// A function that schedules `work` for the next animation frame, however often it is called before that.
pub fn once_per_frame(work: impl Fn() + 'static) -> impl Fn() + Clone + 'static {
    let work = Rc::new(work);
    let is_scheduled = Rc::new(Cell::new(false));
    move || {
        if is_scheduled.replace(true) {
            return;
        }
        let (work, is_scheduled) = (Rc::clone(&work), Rc::clone(&is_scheduled));
        request_animation_frame(move || {
            is_scheduled.set(false);
            work();
        });
    }
}

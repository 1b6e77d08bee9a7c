//! At most once a frame: a pen reports more often than a screen shows.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::request_animation_frame;

/// A trigger for `work`: however often it is pulled, `work` runs once in the next animation frame.
pub fn once_a_frame(work: impl Fn() + 'static) -> impl Fn() + Clone + 'static {
    let work = Rc::new(work);
    let is_due = Rc::new(Cell::new(false));
    move || {
        if is_due.replace(true) {
            return;
        }
        let (work, is_due) = (Rc::clone(&work), Rc::clone(&is_due));
        request_animation_frame(move || {
            is_due.set(false);
            work();
        });
    }
}

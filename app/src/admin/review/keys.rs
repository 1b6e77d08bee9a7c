//! The keyboard.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::queue::Queue;
use api::{Label, ReviewAction};

/// Decide with the keys, wherever the focus is, except where something is typed or chosen.
pub fn listen(queue: Queue) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if !is_for_another(&event) && press(queue, &event.key()) {
                event.prevent_default();
            }
        });
        on_cleanup(move || WindowListenerHandle::remove(handle));
    });
}

/// Returns whether the key means something.
fn press(queue: Queue, key: &str) -> bool {
    let digit = key.parse().ok().filter(|_| key.len() == 1).and_then(Label::of_digit);
    match (digit, key) {
        (Some(label), _) => queue.decide(ReviewAction::Agree, Some(label)),
        (None, "x" | "X") => queue.decide(ReviewAction::Agree, Some(Label::NoDigit)),
        (None, " ") => queue.decide(ReviewAction::Agree, None),
        (None, "d" | "D") => queue.decide(ReviewAction::Drop, None),
        (None, "u" | "U") => queue.undo(),
        _ => return false,
    }
    true
}

/// Whether the key is one of a shortcut, is held down, or belongs to what has the focus.
fn is_for_another(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat() {
        return true;
    }
    let owners = if event.key() == " " {
        "input, select, textarea, button, a, summary"
    } else {
        "input, select, textarea"
    };
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|target| target.matches(owners).unwrap_or(false))
}

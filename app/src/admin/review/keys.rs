//! The keyboard. Its keys work while the correction, or a button beside it, has the focus: single keys that work everywhere
//! get in the way of speech input (WCAG 2.1.4).

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, KeyboardEvent};

use super::queue::Queue;
use api::{Label, ReviewAction};

/// Decide with the key that was pressed.
pub fn on_key_down(queue: Queue, event: &KeyboardEvent) {
    if !is_for_another(event) && press(queue, &event.key()) {
        event.prevent_default();
    }
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

/// Whether the key is one of a shortcut, is held down, or presses the button or the link that has the focus.
fn is_for_another(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat() {
        return true;
    }
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    event.key() == " " && target.is_some_and(|target| target.matches("button, a").unwrap_or(false))
}

/// Give the card the focus. A phone doesn't scroll back to it.
pub fn focus(card: NodeRef<html::Div>) {
    if let Some(card) = card.get_untracked() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        card.focus_with_options(&options).ok();
    }
}

/// Whether nothing that is used has the focus: only the page, or its heading, which is read out.
pub fn is_focus_free() -> bool {
    let focused = document().active_element();
    focused.is_none_or(|focused| focused.matches("body, h1").unwrap_or(false))
}

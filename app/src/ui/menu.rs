//! Behaviour of a menu in a `details` element: it closes on Escape and when the focus leaves it.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

/// The menu's element. Copies refer to the same one.
#[derive(Clone, Copy)]
pub struct Menu(pub NodeRef<html::Details>);

impl Menu {
    pub fn new() -> Self {
        Self(NodeRef::new())
    }

    /// Doesn't track the element.
    pub fn is_open(self) -> bool {
        self.0.get_untracked().is_some_and(|menu| menu.open())
    }

    pub fn close(self) {
        if let Some(menu) = self.0.get_untracked() {
            menu.set_open(false);
        }
    }

    /// Focus the menu's `summary`.
    pub fn focus(self) {
        let menu = self.0.get_untracked();
        let summary = menu.and_then(|menu| menu.query_selector("summary").ok().flatten());
        if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
            summary.focus().ok();
        }
    }

    /// Handler of `focusout`: closes the menu unless the focus stays in it.
    pub fn on_focus_out(self, event: &ev::FocusEvent) {
        let target = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        let is_inside = self
            .0
            .get_untracked()
            .is_some_and(|menu| menu.contains(target.as_ref()));
        if target.is_some() && !is_inside {
            self.close();
        }
    }

    /// Handler of `keydown`: Escape closes the menu.
    pub fn on_key_down(self, event: &ev::KeyboardEvent) {
        if event.key() == "Escape" {
            self.close();
            self.focus();
        }
    }
}

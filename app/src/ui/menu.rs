//! What every menu under a `details` does: it closes when the focus leaves, and with Escape.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

/// A menu; copies share it.
#[derive(Clone, Copy)]
pub struct Menu(pub NodeRef<html::Details>);

impl Menu {
    /// A menu that isn't shown yet.
    #[expect(
        clippy::new_without_default,
        reason = "a node reference is made, which a default shouldn't do unseen"
    )]
    pub fn new() -> Self {
        Self(NodeRef::new())
    }

    /// Close it.
    pub fn close(self) {
        if let Some(menu) = self.0.get_untracked() {
            menu.set_open(false);
        }
    }

    /// Give the focus to what opens it.
    pub fn focus(self) {
        let menu = self.0.get_untracked();
        let summary = menu.and_then(|menu| menu.query_selector("summary").ok().flatten());
        if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
            summary.focus().ok();
        }
    }

    /// For `focusout`: close it unless the focus stays within.
    pub fn focus_out(self, event: &ev::FocusEvent) {
        let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        let stays = self.0.get_untracked().is_some_and(|menu| menu.contains(to.as_ref()));
        if to.is_some() && !stays {
            self.close();
        }
    }

    /// For `keydown`: Escape closes it.
    pub fn key(self, event: &ev::KeyboardEvent) {
        if event.key() == "Escape" {
            self.close();
            self.focus();
        }
    }
}

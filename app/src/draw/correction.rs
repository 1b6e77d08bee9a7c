//! Correcting the server's answer. Few visits need it, so its code is in the file of what asks the server, without which there
//! is no answer. Only this module is part of the first load.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

mod panel;

use std::cell::Cell;

use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

use super::state::DrawState;

type Panel = fn(DrawState) -> AnyView;

thread_local! {
    static PANEL: Cell<Option<Panel>> = const { Cell::new(None) };
}

/// Load the panel. Without a network there is none; the history offers the same.
pub fn load(state: DrawState) {
    spawn_local(async move {
        if let Ok(panel) = load_lazily().await {
            PANEL.set(Some(panel));
            // Without an effect if the page was left meanwhile.
            state.can_correct.try_set(true);
        }
    });
}

/// The panel, once it is loaded.
pub fn panel(state: DrawState) -> Option<AnyView> {
    // Read first, so that this is tracked before it is loaded.
    let is_loaded = state.can_correct.get();
    PANEL.get().filter(|_| is_loaded).map(|panel| panel(state))
}

#[wasm_split(client, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load_lazily() -> Result<Panel, SplitLoaderError> {
    Ok(panel::view)
}

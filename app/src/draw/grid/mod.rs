//! Drawing on a grid of 28 by 28 cells, with a keyboard or a single switch. Few visits need it, so its code is in a file of
//! its own, which is loaded when the grid is chosen.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

mod cell;
mod panel;
mod scan;
mod scanner;
mod texts;

use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

use super::{image_file::not_loaded, state::DrawState, texts::DrawTexts};
use crate::i18n::t;

/// What shows the grid. A function of the file that is loaded with it.
pub type GridView = fn() -> AnyView;

/// The id of the button, which has the focus again once the grid is closed.
const BUTTON_ID: &str = "grid";

/// Opens and closes the grid.
#[component]
pub fn GridButton() -> impl IntoView {
    let state = DrawState::shared();
    let toggle = move |_| {
        if state.grid.get_untracked().is_some() {
            state.grid.set(None);
            return;
        }
        spawn_local(async move {
            // Neither does anything after the page was left.
            match view_lazily().await {
                Ok(view) => {
                    state.grid.try_set(Some(view));
                }
                Err(_) => {
                    state.file_error.try_set(Some(not_loaded()));
                }
            }
        });
    };
    view! {
        <button
            type="button"
            id=BUTTON_ID
            aria-pressed=move || state.grid.with(Option::is_some).to_string()
            on:click=toggle
        >
            {t(|t: &DrawTexts| t.grid)}
        </button>
    }
}

#[wasm_split(grid, wasm_split_path = ::leptos::wasm_split, fallible)]
fn view_lazily() -> Result<GridView, SplitLoaderError> {
    Ok(panel::view)
}

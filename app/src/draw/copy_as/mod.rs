//! What is on the canvas as a program that sends it to the server. Few visits need it, so all but its button is in a file of
//! its own, which is loaded when the menu is opened.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

mod panel;
mod picture;
mod snippet;
mod texts;

use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

use super::texts::DrawTexts;
use crate::{
    i18n::t,
    sync_view::IntoSyncAny,
    ui::{
        icon::{Glyph, Icon},
        menu::Menu,
    },
};

/// What the menu shows while it is open.
type Content = fn() -> AnyView;

/// The menu.
#[component]
pub fn CopyAs() -> impl IntoView {
    let menu = Menu::new();
    let content = RwSignal::new(None::<Content>);
    let toggled = move |_| {
        if !menu.is_open() {
            content.set(None);
            return;
        }
        spawn_local(async move {
            content.try_set(Some(load().await.unwrap_or(offline)));
        });
    };
    view! {
        <details
            class="menu"
            node_ref=menu.0
            on:toggle=toggled
            on:focusout=move |event| menu.on_focus_out(&event)
            on:keydown=move |event| menu.on_key_down(&event)
        >
            <summary class="button quiet">
                <Icon glyph=Glyph::Code />
                {t(|t: &DrawTexts| t.copy_as)}
            </summary>
            {move || content.get().map(|content| content())}
        </details>
    }
    .into_sync_any()
}

#[wasm_split(copy_as, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Content, SplitLoaderError> {
    Ok(panel::panel)
}

/// In place of the menu, where it can't be loaded.
fn offline() -> AnyView {
    view! {
        <p class="menu-items" role="alert">
            {t(|t: &DrawTexts| t.offline.happened)}
        </p>
    }
    .into_sync_any()
}

//! "How it reads it": what the network makes of the drawing, and why. Few visits open it, so its code is in a file of its own,
//! which is loaded when it is opened. Only this module is part of the first load.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

mod evidence;
mod findings;
mod live;
mod mosaic;
mod overlay;
mod panel;
mod texts;
mod variants;
mod words;

use leptos::{
    ev,
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};
use web_sys::HtmlDetailsElement;

use super::texts::DrawTexts;
use crate::i18n::{Language, t};

/// Collapsed. What it contains is loaded when it is opened.
#[component]
pub fn Explanation() -> impl IntoView {
    let language = Language::shared();
    // Weak, because a strong one would keep the page's effects after it is left.
    let owner = Owner::current().map(|owner| owner.downgrade());
    let is_open = RwSignal::new(false);
    let has_failed = RwSignal::new(false);
    let follow = move |event: ev::Event| {
        let details: HtmlDetailsElement = event_target(&event);
        is_open.set(details.open());
        let owner = owner.clone();
        spawn_local(async move {
            // Without an effect if the page was left meanwhile.
            has_failed.try_set(show(details, is_open, owner).await.is_err());
        });
    };
    let placeholder = move || {
        let texts = language.texts::<DrawTexts>();
        if has_failed.get() { texts.explain_failed } else { "…" }
    };
    view! {
        <details on:toggle=follow data-testid="explain">
            <summary>{t(|t: &DrawTexts| t.explain)}</summary>
            <p class="second">{placeholder}</p>
        </details>
    }
}

#[wasm_split(explain, wasm_split_path = ::leptos::wasm_split, fallible)]
fn show(
    details: HtmlDetailsElement,
    is_open: RwSignal<bool>,
    owner: Option<WeakOwner>,
) -> Result<(), SplitLoaderError> {
    // `None` if the page was left while this was loaded.
    if let Some(owner) = owner.and_then(|owner| owner.upgrade()) {
        owner.with(|| panel::mount(details, is_open));
    }
    Ok(())
}

//! A button that copies a text which is shown once.

use leptos::{prelude::*, task::spawn_local};

use crate::{browser::clipboard::write_text, i18n::Text, sync_view::IntoSyncAny};

/// Says whether it was copied, in place of its label.
#[component]
pub fn CopyButton(text: String, label: Text, copied: Text, failed: Text) -> impl IntoView {
    let outcome = RwSignal::new(None::<bool>);
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let is_copied = write_text(&text).await;
            outcome.try_set(Some(is_copied));
        });
    };
    let label = move || match outcome.get() {
        None => label.get(),
        Some(true) => copied.get(),
        Some(false) => failed.get(),
    };
    view! {
        <button type="button" aria-live="polite" on:click=copy>
            {label}
        </button>
    }
    .into_sync_any()
}

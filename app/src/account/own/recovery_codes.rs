//! The recovery codes of a second factor, which are shown once.

use leptos::{prelude::*, task::spawn_local};

use super::second_factor::FactorState;
use crate::{account::texts::OwnTexts, browser::clipboard::write_text, i18n::Language, sync_view::IntoSyncAny};

/// The codes, with a button that copies them and one to go on.
#[component]
pub fn RecoveryCodeList(codes: Vec<String>, state: FactorState) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<OwnTexts>();
    let copied = RwSignal::new(None::<bool>);
    let all = codes.join("\n");
    let copy = move |_| {
        let all = all.clone();
        spawn_local(async move {
            let is_copied = write_text(&all).await;
            copied.try_set(Some(is_copied));
        });
    };
    let copy_label = move || match copied.get() {
        None => texts().copy_codes,
        Some(true) => texts().copied,
        Some(false) => texts().copy_failed,
    };
    let items = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <ol class="codes">{items}</ol>
        <button type="button" aria-live="polite" on:click=copy>
            {copy_label}
        </button>
        <button type="button" class="primary" on:click=move |_| state.rest()>
            {move || texts().codes_kept}
        </button>
    }
    .into_sync_any()
}

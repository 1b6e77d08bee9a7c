//! The recovery codes of a second factor, which are shown once.

use leptos::prelude::*;

use super::{copy_button::CopyButton, second_factor::FactorState};
use crate::{account::texts::OwnTexts, i18n::t, sync_view::IntoSyncAny};

/// The codes, with a button that copies them and one to go on.
#[component]
pub fn RecoveryCodeList(codes: Vec<String>, state: FactorState) -> impl IntoView {
    let all = codes.join("\n");
    let items = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <ol class="codes">{items}</ol>
        <CopyButton
            text=all
            label=t(|t: &OwnTexts| t.copy_codes)
            copied=t(|t: &OwnTexts| t.copied)
            failed=t(|t: &OwnTexts| t.copy_failed)
        />
        <button type="button" class="primary" on:click=move |_| state.rest()>
            {t(|t: &OwnTexts| t.codes_kept)}
        </button>
    }
    .into_sync_any()
}

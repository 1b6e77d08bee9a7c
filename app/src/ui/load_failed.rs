//! The message shown when the WASM doesn't run.

use leptos::prelude::*;

use crate::{i18n::t, ui::texts::FrameTexts};

/// Hidden by the style sheet until `load-guard.js` marks the document as failed.
#[component]
pub fn LoadFailed() -> impl IntoView {
    view! {
        <div class="load-failed" role="alert">
            <p>{t(|t: &FrameTexts| t.load_failed)}</p>
            <a class="button" href="" rel="external">{t(|t: &FrameTexts| t.reload)}</a>
        </div>
        <noscript>
            <p class="no-script">{t(|t: &FrameTexts| t.no_script)}</p>
        </noscript>
    }
}

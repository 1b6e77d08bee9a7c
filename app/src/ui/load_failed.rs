//! What a visitor sees when the page's program doesn't run: without JavaScript, or after it failed.

use leptos::prelude::*;

use crate::i18n::Language;

/// Hidden by the style sheet until `load-guard.js` marks the document as failed.
#[component]
pub fn LoadFailed() -> impl IntoView {
    let language = Language::shared();
    view! {
        <div class="load-failed" role="alert">
            <p>{language.say(|t| t.load_failed)}</p>
            <a class="button" href="" rel="external">{language.say(|t| t.reload)}</a>
        </div>
        <noscript>
            <p class="no-script">{language.say(|t| t.no_script)}</p>
        </noscript>
    }
}

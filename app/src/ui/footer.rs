//! The line at the bottom.

use leptos::prelude::*;

use crate::i18n::Language;

/// The bottom of every page: what this is and where a drawing goes.
#[component]
pub fn Footer() -> impl IntoView {
    let language = Language::shared();
    view! {
        <footer class="bottom">
            <p>{language.say(|t| t.footer)}</p>
        </footer>
    }
}

//! The footer.

use leptos::prelude::*;

use crate::i18n::Language;

/// One sentence on what the site is and where drawings go.
#[component]
pub fn Footer() -> impl IntoView {
    let language = Language::shared();
    view! {
        <footer class="bottom">
            <p>{language.say(|t| t.footer)}</p>
        </footer>
    }
}

//! The line at the bottom.

use leptos::prelude::*;

use crate::{i18n::t, ui::texts::FrameTexts};

/// The bottom of every page: what this is and where a drawing goes.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="bottom">
            <p>{t(|t: &FrameTexts| t.footer)}</p>
        </footer>
    }
}

//! The footer.

use leptos::prelude::*;

use crate::{i18n::t, ui::texts::FrameTexts};

/// One sentence on what the site is and where drawings go, and the link to the model.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="bottom">
            <p>
                {t(|t: &FrameTexts| t.footer)} " " <a href="/model">{t(|t: &FrameTexts| t.model_link)}</a>
            </p>
        </footer>
    }
}

//! The page for unknown paths.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    browser::document,
    i18n::{Language, t},
    ui::{texts::FrameTexts, title::title},
};

/// The router's fallback.
#[component]
pub fn NotFound() -> impl IntoView {
    let language = Language::shared();
    document::mark_ready_on_mount();
    view! {
        <Title text=title(move || language.texts::<FrameTexts>().not_found_title) />
        <section class="not-found">
            <p class="not-found-code" aria-hidden="true">"404"</p>
            <h1>{t(|t: &FrameTexts| t.not_found_title)}</h1>
            <p>{t(|t: &FrameTexts| t.not_found)}</p>
            <A href="/" attr:class="button primary">{t(|t: &FrameTexts| t.not_found_link)}</A>
        </section>
    }
}

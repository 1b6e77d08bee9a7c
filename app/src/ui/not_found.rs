//! The page for unknown paths.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::i18n::Language;

/// The router's fallback.
#[component]
pub fn NotFound() -> impl IntoView {
    let language = Language::shared();
    view! {
        <Title text=language.say(|t| t.lost_title) />
        <section class="not-found">
            <p class="not-found-code" aria-hidden="true">"404"</p>
            <h1>{language.say(|t| t.lost_title)}</h1>
            <p>{language.say(|t| t.lost)}</p>
            <A href="/" attr:class="button primary">{language.say(|t| t.lost_way)}</A>
        </section>
    }
}

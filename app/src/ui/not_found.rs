//! A page that isn't there, with a way on.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::i18n::Language;

/// Shown for every address that no page has.
#[component]
pub fn Lost() -> impl IntoView {
    let language = Language::shared();
    view! {
        <Title text=language.say(|t| t.lost_title) />
        <section class="lost">
            <p class="lost-code" aria-hidden="true">"404"</p>
            <h1>{language.say(|t| t.lost_title)}</h1>
            <p>{language.say(|t| t.lost)}</p>
            <A href="/" attr:class="button primary">{language.say(|t| t.lost_way)}</A>
        </section>
    }
}

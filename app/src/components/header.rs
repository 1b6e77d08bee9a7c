//! The bar at the top: the product's name and the language switch.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{browser::document::remember_locale, i18n::Language};

/// The top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let language = Language::shared();
    let switch = move |_| {
        let locale = language.locale().other();
        remember_locale(locale);
        language.set(locale);
    };
    view! {
        <header class="top">
            <A href="/" attr:class="brand" attr:aria-label=language.say(|t| t.home)>
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M6 17c4-8 9-11 10-8s-6 13-2 13 6-5 12-7" />
                </svg>
                "Trazo"
            </A>
            <nav aria-label=language.say(|t| t.language)>
                <button
                    type="button"
                    class="quiet"
                    lang=move || language.locale().other().tag()
                    on:click=switch
                >
                    {move || language.locale().other().name()}
                </button>
            </nav>
        </header>
    }
    .into_any()
}

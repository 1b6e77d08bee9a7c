//! The header: brand, user menu, language switch.

use leptos::{ev::SubmitEvent, prelude::*};

use super::user_menu::UserMenu;
use crate::{
    browser::document::remember_locale,
    i18n::{Language, t, tag},
    session::Session,
    sync_view::IntoSyncAny,
    ui::texts::FrameTexts,
};

/// The header of every page.
#[component]
pub fn Header() -> impl IntoView {
    let language = Language::shared();
    let session = Session::shared();
    let switch = move |event: SubmitEvent| {
        event.prevent_default();
        let locale = language.locale().other();
        remember_locale(locale);
        language.set(locale);
    };
    view! {
        <header class="top" translate="no" lang=tag()>
            <a href="/" class="brand" aria-label=t(|t: &FrameTexts| t.home)>
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M6 17c4-8 9-11 10-8s-6 13-2 13 6-5 12-7" />
                </svg>
                "Trazo"
            </a>
            <nav aria-label=t(|t: &FrameTexts| t.nav)>
                {move || match session.me() {
                    Some(me) => view! { <UserMenu me /> }.into_sync_any(),
                    None => {
                        view! {
                            <a class="button quiet" href="/login">
                                {t(|t: &FrameTexts| t.sign_in_link)}
                            </a>
                        }
                            .into_sync_any()
                    }
                }}
                <form method="post" action="/language" on:submit=switch>
                    <button
                        type="submit"
                        class="quiet"
                        name="lang"
                        value=move || language.locale().other().tag()
                        lang=move || language.locale().other().tag()
                    >
                        {move || language.locale().other().name()}
                    </button>
                </form>
            </nav>
        </header>
    }
    .into_sync_any()
}

//! Links to the previous and next page of a list.

use leptos::prelude::*;

use crate::{
    account::texts::{AccountTexts, say},
    i18n::Language,
    sync_view::IntoSyncAny,
};

/// Empty where there is only one page.
#[component]
pub fn Pager(
    /// The current page, from 1.
    page: u64,
    /// The number of pages.
    pages: u64,
    /// The URL of a page.
    href: impl Fn(u64) -> String,
) -> impl IntoView {
    let language = Language::shared();
    if pages <= 1 && page <= 1 {
        return ().into_sync_any();
    }
    let previous = (page > 1).then(|| {
        view! {
            <a class="button" rel="prev" href=href(page - 1)>
                {say(language, |t| t.previous)}
            </a>
        }
    });
    let next = (page < pages).then(|| {
        view! {
            <a class="button" rel="next" href=href(page + 1)>
                {say(language, |t| t.next)}
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label=say(language, |t| t.pages)>
            <span>{previous}</span>
            <span>{move || (AccountTexts::of(language.locale()).page_of)(page, pages)}</span>
            <span>{next}</span>
        </nav>
    }
    .into_sync_any()
}

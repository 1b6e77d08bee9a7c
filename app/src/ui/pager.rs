//! From page to page of a list, by links: each page has its address.

use leptos::prelude::*;

use crate::{
    account::texts::{AccountTexts, say},
    i18n::Language,
    sync_view::IntoAnyAtOnce,
};

/// Back, where one is, on. Nothing where there is one page only.
#[component]
pub fn Pager(
    /// Where one is, from 1.
    page: u64,
    /// How many there are.
    pages: u64,
    /// The address of a page.
    href: impl Fn(u64) -> String,
) -> impl IntoView {
    let language = Language::shared();
    if pages <= 1 && page <= 1 {
        return ().at_once();
    }
    let back = (page > 1).then(|| {
        view! {
            <a class="button" rel="prev" href=href(page - 1)>
                {say(language, |t| t.previous)}
            </a>
        }
    });
    let on = (page < pages).then(|| {
        view! {
            <a class="button" rel="next" href=href(page + 1)>
                {say(language, |t| t.next)}
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label=say(language, |t| t.pages)>
            <span>{back}</span>
            <span>{move || (AccountTexts::of(language.locale()).page_of)(page, pages)}</span>
            <span>{on}</span>
        </nav>
    }
    .at_once()
}

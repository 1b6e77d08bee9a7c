//! Links to the previous and next page of a list.

use leptos::prelude::*;

use crate::{
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::texts::SharedTexts,
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
                {t(|t: &SharedTexts| t.previous)}
            </a>
        }
    });
    let next = (page < pages).then(|| {
        view! {
            <a class="button" rel="next" href=href(page + 1)>
                {t(|t: &SharedTexts| t.next)}
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label=t(|t: &SharedTexts| t.pages)>
            <span>{previous}</span>
            <span>{move || (language.texts::<SharedTexts>().page_of)(page, pages)}</span>
            <span>{next}</span>
        </nav>
    }
    .into_sync_any()
}

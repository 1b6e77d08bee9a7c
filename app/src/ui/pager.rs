//! Links to the previous, the first and the next page of a list.

use leptos::prelude::*;

use crate::{browser::document, i18n::t, sync_view::IntoSyncAny, ui::texts::SharedTexts};

/// Empty where there is only one page.
#[component]
pub fn Pager(
    /// The URL of the page before; `None` where this is the first.
    previous: Option<String>,
    /// The URL of the page after; `None` where this is the last.
    next: Option<String>,
    /// The URL of the first page.
    first: String,
) -> impl IntoView {
    if previous.is_none() && next.is_none() {
        return ().into_sync_any();
    }
    let first = previous.is_some().then(|| {
        view! {
            <a class="button" href=first>
                {t(|t: &SharedTexts| t.first_page)}
            </a>
        }
    });
    let previous = previous.map(|previous| {
        view! {
            <a class="button" rel="prev" href=previous>
                {t(|t: &SharedTexts| t.previous)}
            </a>
        }
    });
    let next = next.map(|next| {
        view! {
            <a class="button" rel="next" href=next>
                {t(|t: &SharedTexts| t.next)}
            </a>
        }
    });
    view! {
        // The link that is followed may be gone on the next page, and the focus with it.
        <nav class="pager" aria-label=t(|t: &SharedTexts| t.pages) on:click=|_| document::focus_heading()>
            <span>{previous}</span>
            <span>{first}</span>
            <span>{next}</span>
        </nav>
    }
    .into_sync_any()
}

//! The user's predictions, newest first, in pages.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    history_entry::HistoryEntry,
    texts::{AccountTexts, say},
};
use crate::{
    browser::fetch::{Fetch, FetchState},
    client,
    i18n::Language,
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, pager::Pager},
};

/// The list. The query parameter `page` selects the page.
#[component]
pub fn History() -> impl IntoView {
    let language = Language::shared();
    let query = use_query_map();
    let page = Memo::new(move |_| {
        let number = query.with(|query| query.get("page"));
        number.and_then(|page| page.parse().ok()).unwrap_or(1_u64).max(1)
    });
    let history = Fetch::new(move || Box::pin(client::history(page.get())));
    let announcement = RwSignal::new(String::new());
    let list = move || match history.state.get() {
        FetchState::Loading => view! { <p class="small">{say(language, |t| t.loading)}</p> }.into_sync_any(),
        FetchState::Failed(error) => view! {
            <ErrorMessage error />
            <button type="button" on:click=move |_| history.refetch()>
                {say(language, |t| t.retry)}
            </button>
        }
        .into_sync_any(),
        FetchState::Ready(list) => view! { <List list announcement /> }.into_sync_any(),
    };
    view! {
        <section class="history" aria-labelledby="history-title" aria-busy=move || history.busy.get().to_string()>
            <h2 id="history-title">{say(language, |t| t.history_title)}</h2>
            {list}
            <p class="visually-hidden" role="status">
                {move || announcement.get()}
            </p>
        </section>
    }
    .into_sync_any()
}

/// The URL of a page of the history.
fn page_url(page: u64) -> String {
    if page > 1 {
        format!("/account?page={page}")
    } else {
        "/account".to_owned()
    }
}

#[component]
fn List(list: api::History, announcement: RwSignal<String>) -> impl IntoView {
    let language = Language::shared();
    let texts = move || AccountTexts::of(language.locale());
    let api::History {
        predictions,
        total,
        page,
        per_page,
    } = list;
    if total == 0 {
        return view! {
            <p>{move || texts().history_empty}</p>
            <a class="button" href="/">
                {move || texts().draw}
            </a>
        }
        .into_sync_any();
    }
    if predictions.is_empty() {
        return view! {
            <p>{move || texts().history_beyond}</p>
            <a class="button" href="/account">
                {move || texts().first_page}
            </a>
        }
        .into_sync_any();
    }
    let items = predictions
        .into_iter()
        .map(|prediction| view! { <HistoryEntry prediction announcement /> })
        .collect_view();
    view! {
        <p class="small">{move || (texts().history_total)(total)}</p>
        <ol class="history-entries">{items}</ol>
        <Pager
            page
            pages=total.div_ceil(per_page.max(1))
            href=page_url
        />
    }
    .into_sync_any()
}

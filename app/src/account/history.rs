//! The user's predictions, newest first, in pages.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{history_entry::HistoryEntry, texts::AccountTexts};
use crate::{
    browser::fetch::{Fetch, FetchState},
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, pager::Pager, texts::SharedTexts},
};
use api::{ErrorCode, access::percent_encode};

/// How many predictions the page of the history will have; a context that the server provides, which loads none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryRoom(pub usize);

/// The list. The query parameter `cursor` selects the page, by the prediction beside it.
#[component]
pub fn History(
    /// Is notified when the list has to be loaded again.
    changed: Trigger,
) -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")).unwrap_or_default());
    let history = Fetch::new(move || {
        changed.track();
        let cursor = cursor.get();
        Box::pin(async move { client::history(&cursor).await })
    });
    let announcement = RwSignal::new(String::new());
    // What follows must not move when the predictions are there. Hydration leaves the server's room as it is; a page that is
    // opened from another one doesn't know how much is needed.
    let room = use_context::<HistoryRoom>();
    let class = if room.is_some() { "history" } else { "history unknown" };
    let placeholders = "<li class=\"history-entry\"></li>".repeat(room.map_or(0, |HistoryRoom(entries)| entries));
    let list = move || match history.state.get() {
        FetchState::Loading => view! {
            <p class="small">{t(|t: &SharedTexts| t.loading)}</p>
            <ol class="history-entries" aria-hidden="true" inner_html=placeholders.clone()></ol>
        }
        .into_sync_any(),
        // The URL's cursor is none of this list's.
        FetchState::Failed(error) if error.code() == Some(ErrorCode::RequestInvalid) => Beyond().into_sync_any(),
        FetchState::Failed(error) => view! {
            <ErrorMessage error />
            <button type="button" on:click=move |_| history.refetch()>
                {t(|t: &SharedTexts| t.retry)}
            </button>
        }
        .into_sync_any(),
        FetchState::Ready(list) => view! { <List list announcement /> }.into_sync_any(),
    };
    view! {
        <section class=class aria-labelledby="history-title" aria-busy=move || history.busy.get().to_string()>
            <h2 id="history-title">{t(|t: &AccountTexts| t.history_title)}</h2>
            {list}
            <p class="visually-hidden" role="status">
                {move || announcement.get()}
            </p>
        </section>
    }
    .into_sync_any()
}

/// The URL of the first page of the history.
const FIRST: &str = "/account";

/// The URL of a page of the history.
fn page_url(cursor: &str) -> String {
    format!("{FIRST}?cursor={}", percent_encode(cursor))
}

/// Where the URL names no page of the list.
#[component]
fn Beyond() -> impl IntoView {
    view! {
        <p>{t(|t: &AccountTexts| t.history_beyond)}</p>
        <a class="button" href=FIRST>
            {t(|t: &SharedTexts| t.first_page)}
        </a>
    }
}

#[component]
fn List(list: api::History, announcement: RwSignal<String>) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<AccountTexts>();
    let api::History {
        predictions,
        total,
        previous,
        next,
        ..
    } = list;
    if total == Some(0) {
        return view! {
            <p>{t(|t: &AccountTexts| t.history_empty)}</p>
            <a class="button" href="/">
                {t(|t: &SharedTexts| t.draw)}
            </a>
        }
        .into_sync_any();
    }
    if predictions.is_empty() {
        return Beyond().into_sync_any();
    }
    let items = predictions
        .into_iter()
        .map(|prediction| view! { <HistoryEntry prediction announcement /> })
        .collect_view();
    view! {
        {total.map(|total| view! { <p class="small">{move || (texts().history_total)(total)}</p> })}
        <ol class="history-entries">{items}</ol>
        <Pager
            previous=previous.as_deref().map(page_url)
            next=next.as_deref().map(page_url)
            first=FIRST.to_owned()
        />
    }
    .into_sync_any()
}

//! What the server has read for this user, newest first, page by page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    history_entry::Past,
    texts::{AccountTexts, say},
};
use crate::{
    browser::fetch::{Load, Loaded},
    client,
    i18n::Language,
    sync_view::IntoAnyAtOnce,
    ui::{error_message::Told, pager::Pager},
};

/// The list; the address says which page.
#[component]
pub fn History() -> impl IntoView {
    let language = Language::shared();
    let query = use_query_map();
    let page = Memo::new(move |_| {
        let asked = query.with(|query| query.get("page"));
        asked.and_then(|page| page.parse().ok()).unwrap_or(1_u64).max(1)
    });
    let history = Load::keep(move || Box::pin(client::history(page.get())));
    let said = RwSignal::new(String::new());
    let list = move || match history.now.get() {
        Loaded::Waiting => view! { <p class="small">{say(language, |t| t.loading)}</p> }.at_once(),
        Loaded::Refused(refusal) => view! {
            <Told refusal />
            <button type="button" on:click=move |_| history.again()>
                {say(language, |t| t.retry)}
            </button>
        }
        .at_once(),
        Loaded::Here(list) => view! { <List list said /> }.at_once(),
    };
    view! {
        <section class="history" aria-labelledby="history-title" aria-busy=move || history.busy.get().to_string()>
            <h2 id="history-title">{say(language, |t| t.history_title)}</h2>
            {list}
            <p class="unseen" role="status">
                {move || said.get()}
            </p>
        </section>
    }
    .at_once()
}

/// The address of a page; the first one's is short.
fn address(page: u64) -> String {
    if page > 1 {
        format!("/account?page={page}")
    } else {
        "/account".to_owned()
    }
}

#[component]
fn List(list: api::History, said: RwSignal<String>) -> impl IntoView {
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
        .at_once();
    }
    if predictions.is_empty() {
        return view! {
            <p>{move || texts().history_beyond}</p>
            <a class="button" href="/account">
                {move || texts().first_page}
            </a>
        }
        .at_once();
    }
    let items = predictions
        .into_iter()
        .map(|past| view! { <Past past said /> })
        .collect_view();
    view! {
        <p class="small">{move || (texts().history_total)(total)}</p>
        <ol class="pasts">{items}</ol>
        <Pager
            page
            pages=total.div_ceil(per_page.max(1))
            href=address
        />
    }
    .at_once()
}

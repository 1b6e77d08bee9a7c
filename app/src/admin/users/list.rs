//! The list: its size, the rows and the pager, or an error.

use leptos::prelude::*;

use super::{
    list_query::{ListQuery, QueryParam},
    list_url::ListUrl,
    row::Row,
    table_header::TableHeader,
    texts::UsersTexts,
};
use crate::{
    browser::fetch::{Fetch, FetchState},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, pager::Pager, texts::SharedTexts},
};
use api::{ErrorCode, UserCounts, Users};

/// The list that the URL asks for. The last response stays until the next one arrives.
#[component]
pub fn List(
    /// The list's state.
    url: ListUrl,
    /// The response.
    users: Fetch<Users>,
    /// The numbers above the list, which follow the changes made here.
    counts: RwSignal<Option<UserCounts>>,
) -> impl IntoView {
    let language = Language::shared();
    let rows = move || {
        users.state.with(|now| match now {
            FetchState::Ready(list) => {
                let rows = list.users.iter().map(|user| view! { <Row user=user.clone() counts /> });
                rows.collect_view().into_sync_any()
            }
            FetchState::Loading | FetchState::Failed(_) => ().into_sync_any(),
        })
    };
    let is_bare = move || {
        users
            .state
            .with(|now| !matches!(now, FetchState::Ready(list) if !list.users.is_empty()))
    };
    view! {
        <section class="users-list" aria-labelledby="users-title" aria-busy=move || users.busy.get().to_string()>
            <div class="users-line">
                <p class="small" role="status">
                    {move || summary(users, language)}
                </p>
                <a class="button" download href=move || url.query.with(ListQuery::csv_url)>
                    {t(|t: &UsersTexts| t.csv)}
                </a>
            </div>
            <table class="users" class:bare=is_bare role="table" aria-labelledby="users-title">
                <TableHeader url />
                {rows}
            </table>
            <div class="error-alert" role="alert">
                {move || match users.state.get() {
                    FetchState::Failed(error) => Some(view! { <ErrorMessage error /> }),
                    _ => None,
                }}
            </div>
            {move || footer(url, users)}
        </section>
    }
    .into_sync_any()
}

/// The line above the list, which is announced to screen readers.
fn summary(users: Fetch<Users>, language: Language) -> String {
    let texts = language.texts::<UsersTexts>();
    users.state.with(|now| match now {
        FetchState::Loading => language.texts::<SharedTexts>().loading.to_owned(),
        FetchState::Failed(_) => String::new(),
        FetchState::Ready(list) if list.more => (texts.more)(list.total),
        FetchState::Ready(list) if list.total == 0 => texts.empty.to_owned(),
        FetchState::Ready(list) => (texts.found)(list.total),
    })
}

/// What can be done next: retry, clear the filters, or go to another page.
fn footer(url: ListUrl, users: Fetch<Users>) -> AnyView {
    // Untracked: a change of the URL brings another response, which runs this again.
    let query = url.query.get_untracked();
    let list = match users.state.get() {
        FetchState::Loading => return ().into_sync_any(),
        // The URL's cursor is none of this list's.
        FetchState::Failed(error) if error.code() == Some(ErrorCode::RequestInvalid) => return to_first(query),
        FetchState::Failed(_) => {
            return view! {
                <button type="button" on:click=move |_| users.refetch()>
                    {t(|t: &SharedTexts| t.retry)}
                </button>
            }
            .into_sync_any();
        }
        FetchState::Ready(list) => list,
    };
    if list.total == 0 {
        view! {
            <button type="button" on:click=move |_| url.change(ListQuery::cleared)>
                {t(|t: &UsersTexts| t.clear)}
            </button>
        }
        .into_sync_any()
    } else if list.users.is_empty() {
        view! {
            <p>{t(|t: &UsersTexts| t.beyond)}</p>
            {to_first(query)}
        }
        .into_sync_any()
    } else {
        let to_page = |cursor: Option<String>| {
            let page = cursor.map(|cursor| query.clone().with(QueryParam::Cursor, &cursor));
            page.as_ref().map(ListQuery::url)
        };
        let [previous, next] = [list.previous, list.next].map(to_page);
        view! { <Pager previous next first=query.first().url() /> }.into_sync_any()
    }
}

fn to_first(query: ListQuery) -> AnyView {
    view! {
        <a class="button" href=query.first().url()>
            {t(|t: &SharedTexts| t.first_page)}
        </a>
    }
    .into_sync_any()
}

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
    browser::fetch::{Load, Loaded},
    i18n::{Language, t},
    sync_view::IntoAnyAtOnce,
    ui::{error_message::Told, pager::Pager, texts::SharedTexts},
};
use api::{UserCounts, Users};

/// The list that the URL asks for. The last response stays until the next one arrives.
#[component]
pub fn List(
    /// The list's state.
    url: ListUrl,
    /// The response.
    users: Load<Users>,
    /// The numbers above the list, which follow the changes made here.
    counts: RwSignal<Option<UserCounts>>,
) -> impl IntoView {
    let language = Language::shared();
    let rows = move || {
        users.now.with(|now| match now {
            Loaded::Here(list) => {
                let rows = list.users.iter().map(|user| view! { <Row user=user.clone() counts /> });
                rows.collect_view().at_once()
            }
            Loaded::Waiting | Loaded::Refused(_) => ().at_once(),
        })
    };
    let is_bare = move || {
        users
            .now
            .with(|now| !matches!(now, Loaded::Here(list) if !list.users.is_empty()))
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
            <div class="problem" role="alert">
                {move || match users.now.get() {
                    Loaded::Refused(refusal) => Some(view! { <Told refusal /> }),
                    _ => None,
                }}
            </div>
            {move || footer(url, users)}
        </section>
    }
    .at_once()
}

/// The line above the list, which is announced to screen readers.
fn summary(users: Load<Users>, language: Language) -> String {
    let texts = language.texts::<UsersTexts>();
    users.now.with(|now| match now {
        Loaded::Waiting => language.texts::<SharedTexts>().loading.to_owned(),
        Loaded::Refused(_) => String::new(),
        Loaded::Here(list) if list.more => (texts.more)(list.total),
        Loaded::Here(list) if list.total == 0 => texts.empty.to_owned(),
        Loaded::Here(list) => (texts.found)(list.total),
    })
}

/// What can be done next: retry, clear the filters, or go to another page.
fn footer(url: ListUrl, users: Load<Users>) -> AnyView {
    let list = match users.now.get() {
        Loaded::Waiting => return ().at_once(),
        Loaded::Refused(_) => {
            return view! {
                <button type="button" on:click=move |_| users.again()>
                    {t(|t: &SharedTexts| t.retry)}
                </button>
            }
            .at_once();
        }
        Loaded::Here(list) => list,
    };
    // Untracked: a change of the URL brings another response, which runs this again.
    let query = url.query.get_untracked();
    let to_page = move |page: u64| query.clone().with(QueryParam::Page, &page.to_string()).url();
    if list.total == 0 {
        view! {
            <button type="button" on:click=move |_| url.change(ListQuery::cleared)>
                {t(|t: &UsersTexts| t.clear)}
            </button>
        }
        .at_once()
    } else if list.users.is_empty() {
        view! {
            <p>{t(|t: &UsersTexts| t.beyond)}</p>
            <a class="button" href=to_page(1)>
                {t(|t: &SharedTexts| t.first_page)}
            </a>
        }
        .at_once()
    } else {
        let pages = list.total.div_ceil(list.per_page.max(1));
        view! { <Pager page=list.page pages href=to_page /> }.at_once()
    }
}

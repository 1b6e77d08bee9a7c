//! The list itself: how many there are, the rows, the way to the other pages, or why there is nothing.

use leptos::prelude::*;

use super::{
    address::Address,
    head::Head,
    row::Row,
    texts::{UsersTexts, say},
    user_list::{Part, UserList},
};
use crate::{
    account::texts as account,
    browser::fetch::{Fetch, FetchState},
    i18n::Language,
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, pager::Pager},
};
use api::{UserCounts, Users};

/// What the address asks for, once it is here; the last answer stays until the next one comes.
#[component]
pub fn List(
    /// What is asked for.
    address: Address,
    /// The answer.
    users: Fetch<Users>,
    /// The numbers above, which follow what is done here.
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
                    {move || found(users, language)}
                </p>
                <a class="button" download href=move || address.list.with(UserList::csv)>
                    {say(language, |t| t.csv)}
                </a>
            </div>
            <table class="users" class:bare=is_bare role="table" aria-labelledby="users-title">
                <Head address />
                {rows}
            </table>
            <div class="error-alert" role="alert">
                {move || match users.state.get() {
                    FetchState::Failed(error) => Some(view! { <ErrorMessage error /> }),
                    _ => None,
                }}
            </div>
            {move || below(address, users)}
        </section>
    }
    .into_sync_any()
}

/// What the line above the list says, aloud too.
fn found(users: Fetch<Users>, language: Language) -> String {
    let texts = UsersTexts::of(language.locale());
    users.state.with(|now| match now {
        FetchState::Loading => account::AccountTexts::of(language.locale()).loading.to_owned(),
        FetchState::Failed(_) => String::new(),
        FetchState::Ready(list) if list.more => (texts.more)(list.total),
        FetchState::Ready(list) if list.total == 0 => texts.empty.to_owned(),
        FetchState::Ready(list) => (texts.found)(list.total),
    })
}

/// The way on from the list as it is.
fn below(address: Address, users: Fetch<Users>) -> AnyView {
    let language = Language::shared();
    let list = match users.state.get() {
        FetchState::Loading => return ().into_sync_any(),
        FetchState::Failed(_) => {
            return view! {
                <button type="button" on:click=move |_| users.refetch()>
                    {account::say(language, |t| t.retry)}
                </button>
            }
            .into_sync_any();
        }
        FetchState::Ready(list) => list,
    };
    // The answer is of this address, or of one that is about to change under it: untracked.
    let asked = address.list.get_untracked();
    let to_page = move |page: u64| asked.clone().with(Part::Page, &page.to_string()).address();
    if list.total == 0 {
        view! {
            <button type="button" on:click=move |_| address.change(UserList::cleared)>
                {say(language, |t| t.clear)}
            </button>
        }
        .into_sync_any()
    } else if list.users.is_empty() {
        view! {
            <p>{say(language, |t| t.beyond)}</p>
            <a class="button" href=to_page(1)>
                {account::say(language, |t| t.first_page)}
            </a>
        }
        .into_sync_any()
    } else {
        let pages = list.total.div_ceil(list.per_page.max(1));
        view! { <Pager page=list.page pages href=to_page /> }.into_sync_any()
    }
}

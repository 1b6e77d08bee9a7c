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
    browser::fetch::{Load, Loaded},
    i18n::Language,
    sync_view::IntoAnyAtOnce,
    ui::{error_message::Told, pager::Pager},
};
use api::{UserCounts, Users};

/// What the address asks for, once it is here; the last answer stays until the next one comes.
#[component]
pub fn List(
    /// What is asked for.
    address: Address,
    /// The answer.
    users: Load<Users>,
    /// The numbers above, which follow what is done here.
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
            <div class="problem" role="alert">
                {move || match users.now.get() {
                    Loaded::Refused(refusal) => Some(view! { <Told refusal /> }),
                    _ => None,
                }}
            </div>
            {move || below(address, users)}
        </section>
    }
    .at_once()
}

/// What the line above the list says, aloud too.
fn found(users: Load<Users>, language: Language) -> String {
    let texts = UsersTexts::of(language.locale());
    users.now.with(|now| match now {
        Loaded::Waiting => account::AccountTexts::of(language.locale()).loading.to_owned(),
        Loaded::Refused(_) => String::new(),
        Loaded::Here(list) if list.more => (texts.more)(list.total),
        Loaded::Here(list) if list.total == 0 => texts.empty.to_owned(),
        Loaded::Here(list) => (texts.found)(list.total),
    })
}

/// The way on from the list as it is.
fn below(address: Address, users: Load<Users>) -> AnyView {
    let language = Language::shared();
    let list = match users.now.get() {
        Loaded::Waiting => return ().at_once(),
        Loaded::Refused(_) => {
            return view! {
                <button type="button" on:click=move |_| users.again()>
                    {account::say(language, |t| t.retry)}
                </button>
            }
            .at_once();
        }
        Loaded::Here(list) => list,
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
        .at_once()
    } else if list.users.is_empty() {
        view! {
            <p>{say(language, |t| t.beyond)}</p>
            <a class="button" href=to_page(1)>
                {account::say(language, |t| t.first_page)}
            </a>
        }
        .at_once()
    } else {
        let pages = list.total.div_ceil(list.per_page.max(1));
        view! { <Pager page=list.page pages href=to_page /> }.at_once()
    }
}

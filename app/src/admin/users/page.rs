//! The admin's user list. Its code comes in a file of its own, which nobody else loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` hands on what the view has no use for"
)]

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    address::Address,
    counts::Counts,
    filters::Filters,
    list::List,
    texts::{UsersTexts, say},
    user_list::UserList,
};
use crate::{
    browser::{
        document,
        fetch::{Load, Loaded},
    },
    client,
    i18n::Language,
    sync_view::IntoAnyAtOnce,
    ui::require_access::guarded,
};

/// The page's route.
#[derive(Debug)]
pub struct UsersPage;

#[lazy_route]
impl LazyRoute for UsersPage {
    fn data() -> Self {
        Self
    }

    fn view(_page: Self) -> AnyView {
        guarded(|| view! { <Users /> }.at_once())
    }
}

/// The page at `/admin/users?search=&role=&confirmed=&disabled=&sort=&order=&page=`.
#[component]
fn Users() -> impl IntoView {
    let language = Language::shared();
    let address = Address::here();
    let users = Load::keep(move || {
        let query = address.list.with(UserList::query);
        Box::pin(async move { client::users(&query).await })
    });
    let counts = RwSignal::new(None);
    Effect::new(move |_| {
        users.now.with(|now| {
            if let Loaded::Here(users) = now {
                counts.set(Some(users.counts));
            }
        });
    });
    document::ready_when_shown();
    view! {
        <Title text=move || format!("{} · Trazo", UsersTexts::of(language.locale()).title) />
        <section class="page">
            <h1 id="users-title">{say(language, |t| t.title)}</h1>
            <Counts counts />
            <Filters address />
            <List address users counts />
        </section>
    }
    .at_once()
}

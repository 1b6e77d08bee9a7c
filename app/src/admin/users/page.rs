//! The admins' list of users. The page is loaded lazily: its code is in a file that only this page loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` passes an argument that the view doesn't need"
)]

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    counts::Counts, filters::Filters, list::List, list_query::ListQuery, list_url::ListUrl, texts::UsersTexts,
};
use crate::{
    browser::{
        document,
        fetch::{Fetch, FetchState},
    },
    client,
    i18n::{Language, t, tag},
    sync_view::IntoSyncAny,
    ui::{require_access::require_access, title::title},
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
        require_access(|| view! { <Users /> }.into_sync_any())
    }
}

/// The page at `/admin/users?search=&role=&confirmed=&disabled=&sort=&order=&cursor=`.
#[component]
fn Users() -> impl IntoView {
    let language = Language::shared();
    let url = ListUrl::current();
    let users = Fetch::new(move || {
        let query = url.query.with(ListQuery::query_string);
        Box::pin(async move { client::users(&query).await })
    });
    let counts = RwSignal::new(None);
    Effect::new(move |_| {
        users.state.with(|now| {
            if let FetchState::Ready(users) = now {
                counts.set(Some(users.counts));
            }
        });
    });
    document::mark_ready_on_mount();
    view! {
        <Title text=title(move || format!("{} · Trazo", language.texts::<UsersTexts>().title)) />
        <section class="page" translate="no" lang=tag()>
            <h1 id="users-title">{t(|t: &UsersTexts| t.title)}</h1>
            <Counts counts />
            <Filters url />
            <List url users counts />
        </section>
    }
    .into_sync_any()
}

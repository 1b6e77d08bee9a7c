//! The account page: user, quota, prediction history, and what the user can change.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{confirmation::Confirmation, history::History, own::OwnAccount, quota::QuotaPanel, texts::AccountTexts};
use crate::{
    browser::{
        dates, document,
        fetch::{Fetch, FetchState},
    },
    client,
    i18n::{Language, t, tag},
    session::Session,
    sync_view::IntoSyncAny,
    ui::title::title,
};

/// The page at `/account?cursor=&done=`.
#[component]
pub fn Account() -> impl IntoView {
    let language = Language::shared();
    let session = Session::shared();
    let account = Fetch::new(|| Box::pin(client::account()));
    document::mark_ready_on_mount();
    // The response is newer than what the document was rendered with.
    Effect::new(move |_| {
        if let FetchState::Ready(account) = account.state.get() {
            session.set(account.me);
        }
    });
    let me = Memo::new(move |_| session.me());
    let history_changed = Trigger::new();
    let name = move || me.with(|me| me.as_ref().map(|me| me.username.clone()));
    let since = move || {
        let locale = language.locale();
        account.state.with(|now| match now {
            FetchState::Ready(account) => dates::date(&account.me.created_at, locale),
            _ => "–".to_owned(),
        })
    };
    view! {
        <Title text=title(move || format!("{} · Trazo", language.texts::<AccountTexts>().account_title)) />
        <section class="page account" translate="no" lang=tag()>
            <h1>{t(|t: &AccountTexts| t.account_title)}</h1>
            <div class="panels">
                <section class="account-panel">
                    <h2>{name}</h2>
                    <Confirmation me />
                    <p class="small">{t(|t: &AccountTexts| t.since)} " " {since}</p>
                </section>
                <section class="account-panel">
                    <h2>{t(|t: &AccountTexts| t.quota_title)}</h2>
                    <QuotaPanel account=account.state />
                </section>
            </div>
            <History changed=history_changed />
            <OwnAccount account me history_changed />
        </section>
    }
    .into_sync_any()
}

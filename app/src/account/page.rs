//! The account page: user, quota, sessions and prediction history.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_meta::Title;

use super::{confirmation::Confirmation, history::History, quota::QuotaPanel, texts::AccountTexts};
use crate::{
    browser::{
        dates, document,
        fetch::{Fetch, FetchState, redirect_if_signed_out},
        navigation,
    },
    client::{self, ClientError},
    i18n::{Language, t, tag},
    session::Session,
    sync_view::IntoSyncAny,
    ui::error_message::ErrorAlert,
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
    let name = move || me.with(|me| me.as_ref().map(|me| me.username.clone()));
    let since = move || {
        let locale = language.locale();
        account.state.with(|now| match now {
            FetchState::Ready(account) => dates::date(&account.me.created_at, locale),
            _ => "–".to_owned(),
        })
    };
    view! {
        <Title text=move || format!("{} · Trazo", language.texts::<AccountTexts>().account_title) />
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
                <section class="account-panel">
                    <h2>{t(|t: &AccountTexts| t.sessions_title)}</h2>
                    <Sessions account=account.state />
                </section>
            </div>
            <History />
        </section>
    }
    .into_sync_any()
}

/// The number of open sessions, and the button that ends them all.
#[component]
fn Sessions(account: RwSignal<FetchState<api::Account>>) -> impl IntoView {
    let language = Language::shared();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let end_all = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match client::sign_out_everywhere().await {
                Ok(()) => navigation::redirect("/login"),
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    busy.set(false);
                    error.set(Some(cause));
                }
            }
        });
    };
    let count = move || {
        account.with(|account| match account {
            FetchState::Ready(account) => (language.texts::<AccountTexts>().sessions)(account.sessions),
            _ => "–".to_owned(),
        })
    };
    let label = move || {
        let texts = language.texts::<AccountTexts>();
        if busy.get() {
            texts.signing_out
        } else {
            texts.sign_out_everywhere
        }
    };
    view! {
        <p class="figure">{count}</p>
        <form method="post" action="/logout/everywhere" on:submit=end_all>
            <button type="submit" class:busy=move || busy.get() aria-busy=move || busy.get().to_string()>
                {label}
            </button>
        </form>
        <ErrorAlert error />
    }
    .into_sync_any()
}

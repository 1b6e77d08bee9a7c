//! A user's own page: the account, what is left to ask, the sessions, and what was read.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

use super::{
    confirmation::Confirmation,
    history::History,
    quota::QuotaFacts,
    texts::{AccountTexts, say},
};
use crate::{
    browser::{
        dates, document,
        fetch::{Load, Loaded, leave_if_signed_out},
        navigation,
    },
    client::{self, Refusal},
    i18n::Language,
    session::Session,
    sync_view::IntoAnyAtOnce,
    ui::error_message::Problem,
};

/// The page at `/account?page=`.
#[component]
pub fn Account() -> impl IntoView {
    let language = Language::shared();
    let session = Session::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    let account = Load::keep(|| Box::pin(client::account()));
    document::ready_when_shown();
    // What the first HTML said is good until the server says it anew.
    Effect::new(move |_| {
        if let Loaded::Here(account) = account.now.get() {
            session.set(account.me);
        }
    });
    let me = Memo::new(move |_| session.me());
    let name = move || me.with(|me| me.as_ref().map(|me| me.username.clone()));
    let since = move || {
        let locale = language.locale();
        account.now.with(|now| match now {
            Loaded::Here(account) => dates::date(&account.me.created_at, locale),
            _ => "–".to_owned(),
        })
    };
    view! {
        <Title text=move || format!("{} · Trazo", AccountTexts::of(language.locale()).account_title) />
        <section class="page account">
            <h1>{say(|t| t.account_title)}</h1>
            <div class="panels">
                <section class="panel">
                    <h2>{name}</h2>
                    <Confirmation me />
                    <p class="small">{say(|t| t.since)} " " {since}</p>
                </section>
                <section class="panel">
                    <h2>{say(|t| t.quota_title)}</h2>
                    <QuotaFacts account=account.now />
                </section>
                <section class="panel">
                    <h2>{say(|t| t.sessions_title)}</h2>
                    <Sessions account=account.now />
                </section>
            </div>
            <History />
        </section>
    }
    .at_once()
}

/// How many sessions are open, and the button that ends them all.
#[component]
fn Sessions(account: RwSignal<Loaded<api::Account>>) -> impl IntoView {
    let language = Language::shared();
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<Refusal>);
    let end_all = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refusal.set(None);
        spawn_local(async move {
            match client::sign_out_everywhere().await {
                Ok(()) => navigation::to("/login"),
                Err(why) => {
                    leave_if_signed_out(&why);
                    busy.set(false);
                    refusal.set(Some(why));
                }
            }
        });
    };
    let count = move || {
        account.with(|account| match account {
            Loaded::Here(account) => (AccountTexts::of(language.locale()).sessions)(account.sessions),
            _ => "–".to_owned(),
        })
    };
    let label = move || {
        let texts = AccountTexts::of(language.locale());
        if busy.get() {
            texts.signing_out
        } else {
            texts.sign_out_everywhere
        }
    };
    view! {
        <p class="figure">{count}</p>
        <button type="button" class:busy=move || busy.get() aria-busy=move || busy.get().to_string() on:click=end_all>
            {label}
        </button>
        <Problem refusal />
    }
    .at_once()
}

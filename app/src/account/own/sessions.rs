//! The open sessions.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::session_row::SessionRow;
use crate::{
    account::texts::AccountTexts,
    browser::{
        fetch::{Fetch, FetchState, redirect_if_signed_out},
        navigation,
    },
    client::{self, ClientError},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::{
        error_message::{ErrorAlert, ErrorMessage},
        texts::SharedTexts,
    },
};
use api::{Account, Sessions};

/// How many there are, each with a button that ends it, and the button that ends them all.
#[component]
pub fn SessionList(account: RwSignal<FetchState<Account>>, sessions: Fetch<Sessions>) -> impl IntoView {
    let language = Language::shared();
    let announcement = RwSignal::new(String::new());
    let count = move || {
        account.with(|account| match account {
            FetchState::Ready(account) => (language.texts::<AccountTexts>().sessions)(account.sessions),
            _ => "–".to_owned(),
        })
    };
    let list = move || match sessions.state.get() {
        FetchState::Loading => view! { <p class="small">{t(|t: &SharedTexts| t.loading)}</p> }.into_sync_any(),
        FetchState::Failed(error) => view! {
            <ErrorMessage error />
            <button type="button" on:click=move |_| sessions.refetch()>
                {t(|t: &SharedTexts| t.retry)}
            </button>
        }
        .into_sync_any(),
        FetchState::Ready(Sessions { sessions }) => {
            let rows = sessions
                .into_iter()
                .map(|session| view! { <SessionRow session account announcement /> })
                .collect_view();
            view! { <ol class="sessions">{rows}</ol> }.into_sync_any()
        }
    };
    view! {
        <section class="account-panel" aria-labelledby="sessions-title" aria-busy=move || sessions.busy.get().to_string()>
            <h2 id="sessions-title">{t(|t: &AccountTexts| t.sessions_title)}</h2>
            <p class="figure">{count}</p>
            {list}
            <p class="visually-hidden" role="status">
                {move || announcement.get()}
            </p>
            <EndAll />
        </section>
    }
    .into_sync_any()
}

#[component]
fn EndAll() -> impl IntoView {
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
    let label = move || {
        let texts = language.texts::<AccountTexts>();
        if busy.get() {
            texts.signing_out
        } else {
            texts.sign_out_everywhere
        }
    };
    view! {
        <form method="post" action="/logout/everywhere" on:submit=end_all>
            <button type="submit" class:busy=move || busy.get() aria-busy=move || busy.get().to_string()>
                {label}
            </button>
        </form>
        <ErrorAlert error />
    }
    .into_sync_any()
}

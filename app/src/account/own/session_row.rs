//! One of the open sessions, which the user can end.

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    account::texts::{AccountTexts, OwnTexts},
    browser::{
        dates,
        fetch::{FetchState, redirect_if_signed_out},
        navigation,
    },
    client::{self, ClientError},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::error_message::ErrorMessage,
};
use api::{Account, ErrorCode};

/// The browser, the time of the login, and the button. The row of a session that was ended stays until the list is loaded
/// again, so that nothing moves.
#[component]
pub fn SessionRow(
    session: api::Session,
    account: RwSignal<FetchState<Account>>,
    /// The list's live region.
    announcement: RwSignal<String>,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<OwnTexts>();
    let busy = RwSignal::new(false);
    let is_ended = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let row = NodeRef::<html::Li>::new();
    let is_current = session.current;
    let id = StoredValue::new(session.id);
    let client = StoredValue::new(session.client);
    let at = StoredValue::new(session.created_at.clone());
    let name = move |texts: &'static OwnTexts| {
        client.with_value(|client| client.clone().unwrap_or_else(|| texts.unknown_client.to_owned()))
    };
    let succeed = move || {
        is_ended.set(true);
        account.update(|account| {
            if let FetchState::Ready(account) = account {
                account.sessions = account.sessions.saturating_sub(1);
            }
        });
        let texts = language.texts_untracked::<OwnTexts>();
        announcement.set((texts.session_ended)(&name(texts)));
        // The button, which had the focus, is gone.
        if let Some(row) = row.get_untracked() {
            row.focus().ok();
        }
    };
    let end = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let id = id.get_value();
        spawn_local(async move {
            let answer = client::end_session(&id).await;
            // The row is gone if the list was loaded again.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) if is_current => navigation::redirect("/login"),
                Ok(()) => succeed(),
                // It has ended by itself, or from another page.
                Err(cause) if cause.code() == Some(ErrorCode::NotFound) => succeed(),
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    error.set(Some(cause));
                }
            }
        });
    };
    let button = move || {
        if is_ended.get() {
            return view! { <span class="small">{t(|t: &OwnTexts| t.ended)}</span> }.into_sync_any();
        }
        view! {
            <button
                type="button"
                class:busy=move || busy.get()
                aria-busy=move || busy.get().to_string()
                aria-label=move || (texts().end_session)(&name(texts()))
                on:click=end
            >
                {move || if busy.get() { language.texts::<AccountTexts>().signing_out } else { texts().end }}
            </button>
        }
        .into_sync_any()
    };
    view! {
        <li node_ref=row tabindex="-1">
            <div>
                <p class="breakable">{move || name(texts())}</p>
                <p class="small">
                    {t(|t: &AccountTexts| t.since)} " "
                    <time datetime=session.created_at>
                        {move || at.with_value(|at| dates::date_and_time(at, language.locale()))}
                    </time>
                </p>
                {is_current.then(|| view! { <p class="state good">{t(|t: &OwnTexts| t.this_session)}</p> })}
            </div>
            {button}
            <div role="alert">{move || error.get().map(|error| view! { <ErrorMessage error /> })}</div>
        </li>
    }
    .into_sync_any()
}

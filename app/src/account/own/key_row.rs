//! One of the API keys, which its owner can revoke.

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    account::texts::OwnTexts,
    browser::{dates, fetch::redirect_if_signed_out},
    client::{self, ClientError},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, question::Question},
};
use api::{ApiKey, ErrorCode};

/// What the row shows beside the key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Rest,
    /// Asks whether to revoke it.
    Question,
    Revoked,
}

/// The name, the facts, and the button. The row of a key that was revoked stays until the list is loaded again, so that
/// nothing moves.
#[component]
pub fn KeyRow(
    key: ApiKey,
    /// The list's live region.
    announcement: RwSignal<String>,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<OwnTexts>();
    let busy = RwSignal::new(false);
    let step = RwSignal::new(Step::Rest);
    let error = RwSignal::new(None::<ClientError>);
    let row = NodeRef::<html::Li>::new();
    let id = key.id;
    let name = StoredValue::new(key.name.clone());
    let is_expired = key.expires_at.as_ref().is_some_and(|at| *at <= dates::now());
    let go = move |to| {
        step.set(to);
        // The button, which had the focus, is gone.
        if let Some(row) = row.get_untracked() {
            row.focus().ok();
        }
    };
    let succeed = move || {
        go(Step::Revoked);
        let texts = language.texts_untracked::<OwnTexts>();
        announcement.set(name.with_value(|name| (texts.key_revoked)(name)));
    };
    let revoke = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = client::revoke_key(id).await;
            // The row is gone if the list was loaded again.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => succeed(),
                // It was revoked from another page.
                Err(cause) if cause.code() == Some(ErrorCode::NotFound) => succeed(),
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    error.set(Some(cause));
                }
            }
        });
    };
    let facts = {
        let key = key.clone();
        move || {
            let (texts, locale) = (texts(), language.locale());
            let time = |at: &Option<String>| at.as_ref().map(|at| dates::date_and_time(at, locale));
            let created = (texts.key_created)(&dates::date(&key.created_at, locale));
            let expires = match time(&key.expires_at) {
                Some(at) if is_expired => (texts.key_expired)(&at),
                Some(at) => (texts.key_expires)(&at),
                None => texts.key_never_expires.to_owned(),
            };
            let used = match time(&key.last_used_at) {
                Some(at) => (texts.key_used)(&at),
                None => texts.key_unused.to_owned(),
            };
            format!("{created} {expires} {used}")
        }
    };
    let action = move || match step.get() {
        Step::Rest => view! {
            <button
                type="button"
                aria-label=move || name.with_value(|name| (texts().revoke_key)(name))
                on:click=move |_| step.set(Step::Question)
            >
                {t(|t: &OwnTexts| t.revoke)}
            </button>
        }
        .into_sync_any(),
        Step::Question => view! {
            <Question
                label=Signal::derive(move || name.with_value(|name| (texts().revoke_key)(name)))
                text=Signal::derive(move || name.with_value(|name| (texts().revoke_question)(name)))
                yes=Signal::derive(move || if busy.get() { texts().revoking } else { texts().revoke })
                busy
                on_yes=Callback::new(revoke)
                on_no=Callback::new(move |()| go(Step::Rest))
            />
        }
        .into_sync_any(),
        Step::Revoked => view! { <span class="small">{t(|t: &OwnTexts| t.revoked)}</span> }.into_sync_any(),
    };
    let scopes = key.scopes;
    view! {
        <li node_ref=row tabindex="-1">
            <div>
                <p class="breakable">
                    <strong>{key.name}</strong>
                    " "
                    <code>{key.hint} "…"</code>
                </p>
                <p class="small">{move || (texts().scopes)(&scopes)}</p>
                <p class="small">{facts}</p>
                {is_expired.then(|| view! { <p class="state bad">{t(|t: &OwnTexts| t.expired)}</p> })}
            </div>
            {action}
            <div role="alert">{move || error.get().map(|error| view! { <ErrorMessage error /> })}</div>
        </li>
    }
    .into_sync_any()
}

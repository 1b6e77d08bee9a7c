//! Confirming an address by one click: opening the link alone, as mail scanners do, changes nothing.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    resend_confirmation::Resend,
    texts::{AccountTexts, say},
};
use crate::{
    client,
    i18n::{Language, Say},
    session::Session,
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Form, Submit},
        form_page::Card,
    },
};
use api::ErrorCode;

/// The page at `/confirm/{token}`.
#[component]
pub fn Confirm() -> impl IntoView {
    let language = Language::shared();
    let session = Session::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    let params = use_params_map();
    let form = Form::new();
    let is_done = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit(
            &[],
            || {
                let token = params.with_untracked(|params| params.get("token")).unwrap_or_default();
                Box::pin(async move { client::confirm(&token).await })
            },
            move || {
                is_done.set(true);
                if let Some(mut me) = session.me() {
                    me.email_confirmed = true;
                    session.set(me);
                }
            },
        );
    };
    // Another try with the same link is of no use.
    let is_void = Memo::new(move |_| {
        form.refusal.with(|refusal| {
            let code = refusal.as_ref().and_then(client::Refusal::code);
            matches!(code, Some(ErrorCode::TokenInvalid | ErrorCode::TokenExpired))
        })
    });
    let title = Say::derive(move || {
        let texts = AccountTexts::of(language.locale());
        if is_done.get() {
            texts.confirmed_title
        } else {
            texts.confirm_title
        }
    });
    let way_on = move || {
        if session.is_signed_in() {
            view! {
                <a class="button primary" href="/">
                    {say(|t| t.draw)}
                </a>
            }
        } else {
            view! {
                <a class="button primary" href="/login">
                    {say(|t| t.sign_in)}
                </a>
            }
        }
    };
    let body = move || {
        if is_done.get() {
            view! {
                <p role="status">{say(|t| t.confirmed)}</p>
                {way_on()}
            }
            .at_once()
        } else {
            view! {
                <form method="post" novalidate on:submit=submit class:gone=move || is_void.get()>
                    <p>{say(|t| t.confirm_lead)}</p>
                    <Submit form label=say(|t| t.confirm) busy=say(|t| t.confirming) />
                </form>
                <Problem refusal=form.refusal />
                {move || is_void.get().then(|| view! { <Resend /> })}
            }
            .at_once()
        }
    };
    view! { <Card title>{body}</Card> }.at_once()
}

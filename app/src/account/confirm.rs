//! Confirmation of an email address. It takes a click: mail scanners open the link, and that must not confirm it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{resend_confirmation::ResendConfirmation, texts::AccountTexts};
use crate::{
    client::{self, ClientError},
    i18n::{Language, Text, t},
    session::Session,
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Form, FormAnswer, PlainForm, Submit},
        form_page::FormPage,
        texts::SharedTexts,
    },
};

/// The page at `/confirm/{token}`.
#[component]
pub fn Confirm() -> impl IntoView {
    let language = Language::shared();
    let session = Session::shared();
    let params = use_params_map();
    let form = Form::new(PlainForm::Confirm, &[]);
    // Whether the address is another one than before, once it is confirmed.
    let changed = RwSignal::new(None::<bool>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // A form's request has no result.
        let answer = StoredValue::new(false);
        form.submit(
            &[],
            || {
                let token = params.with_untracked(|params| params.get("token")).unwrap_or_default();
                Box::pin(async move {
                    answer.set_value(client::confirm(&token).await?.changed);
                    Ok(())
                })
            },
            move || {
                changed.set(Some(answer.get_value()));
                if let Some(mut me) = session.me() {
                    me.email_confirmed = true;
                    session.set(me);
                }
            },
        );
    };
    // The link can't be used again: only another email helps.
    let asked_again = FormAnswer::to(PlainForm::ResendConfirmation).is_some();
    let is_link_invalid = Memo::new(move |_| {
        form.error
            .with(|error| asked_again || error.as_ref().is_some_and(ClientError::is_link_invalid))
    });
    let title = Text::derive(move || {
        let texts = language.texts::<AccountTexts>();
        match changed.get() {
            None => texts.confirm_title,
            Some(false) => texts.confirmed_title,
            Some(true) => texts.email_changed_title,
        }
    });
    let next_link = move || {
        if session.is_signed_in() {
            view! {
                <a class="button primary" href="/">
                    {t(|t: &SharedTexts| t.draw)}
                </a>
            }
        } else {
            view! {
                <a class="button primary" href="/login">
                    {t(|t: &SharedTexts| t.sign_in)}
                </a>
            }
        }
    };
    let body = move || {
        if let Some(changed) = changed.get() {
            let done = if changed {
                t(|t: &AccountTexts| t.email_changed)
            } else {
                t(|t: &AccountTexts| t.confirmed)
            };
            view! {
                <p role="status">{done}</p>
                {next_link()}
            }
            .into_sync_any()
        } else {
            view! {
                <form method="post" novalidate on:submit=submit class:gone=move || is_link_invalid.get()>
                    <p>{t(|t: &AccountTexts| t.confirm_lead)}</p>
                    <Submit form label=t(|t: &AccountTexts| t.confirm) busy_label=t(|t: &AccountTexts| t.confirming) />
                </form>
                <ErrorAlert error=form.error />
                {move || is_link_invalid.get().then(|| view! { <ResendConfirmation /> })}
            }
            .into_sync_any()
        }
    };
    view! { <FormPage title>{body}</FormPage> }.into_sync_any()
}

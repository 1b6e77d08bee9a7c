//! The email address and whether it is confirmed.

use leptos::prelude::*;

use super::{done::done, email_form::request_email, texts::AccountTexts};
use crate::{
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Form, PlainForm, Submit},
    },
};
use api::{Done, EmailRequest, Me};

/// With a form to request another confirmation mail while it is not.
#[component]
pub fn Confirmation(me: Memo<Option<Me>>) -> impl IntoView {
    let email = Memo::new(move |_| me.with(|me| me.as_ref().map(|me| me.email.clone()).unwrap_or_default()));
    let is_confirmed = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.email_confirmed)));
    view! {
        <p class="breakable">{move || email.get()}</p>
        {move || {
            if is_confirmed.get() {
                view! { <p class="state good">{t(|t: &AccountTexts| t.is_confirmed)}</p> }.into_sync_any()
            } else {
                view! { <Unconfirmed email /> }.into_sync_any()
            }
        }}
    }
    .into_sync_any()
}

#[component]
fn Unconfirmed(email: Memo<String>) -> impl IntoView {
    let language = Language::shared();
    let form = Form::new(PlainForm::ResendConfirmation, &[]);
    let is_sent = RwSignal::new(done() == Some(Done::ConfirmationRequested));
    let submit = move |event| {
        request_email(&event, form, is_sent, &[], || {
            let address = EmailRequest {
                email: email.get_untracked(),
            };
            Box::pin(async move { client::resend_confirmation(&address).await })
        });
    };
    let message = move || {
        let texts = language.texts::<AccountTexts>();
        if is_sent.get() {
            texts.resent_to_you
        } else {
            texts.unconfirmed_help
        }
    };
    view! {
        <p class="state warn">{t(|t: &AccountTexts| t.is_not_confirmed)}</p>
        <form method="post" on:submit=submit>
            <input type="hidden" name="email" value=move || email.get() />
            <p class="small" role="status">
                {message}
            </p>
            <Submit form label=t(|t: &AccountTexts| t.resend) busy_label=t(|t: &AccountTexts| t.sending) />
            <ErrorAlert error=form.error />
        </form>
    }
    .into_sync_any()
}

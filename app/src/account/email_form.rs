//! A form with one email address.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{done::done, texts::AccountTexts};
use crate::{
    i18n::{Text, t},
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Field, FieldKind, Form, Input, PlainForm, Submit, SubmitFuture, no_help},
    },
};
use api::EmailRequest;

/// Submits a form that requests an email; `is_sent` becomes true when the request is accepted.
pub fn request_email(
    event: &SubmitEvent,
    form: Form,
    is_sent: RwSignal<bool>,
    fields: &[Field],
    send: impl FnOnce() -> SubmitFuture,
) {
    event.prevent_default();
    is_sent.set(false);
    form.submit(fields, send, move || {
        form.busy.set(false);
        is_sent.set(true);
    });
}

/// Asks for a mail to the address that is typed in.
#[component]
pub fn EmailForm(
    form: PlainForm,
    send: fn(EmailRequest) -> SubmitFuture,
    submit_label: Text,
    /// Shown once the request was accepted.
    confirmation: Text,
) -> impl IntoView {
    let email = Field::new("email", FieldKind::Email);
    let form = Form::new(form, &[email]);
    let is_sent = RwSignal::new(done().is_some());
    let submit = move |event| {
        request_email(&event, form, is_sent, &[email], || {
            send(EmailRequest { email: email.value() })
        });
    };
    view! {
        <form method="post" novalidate on:submit=submit>
            <Input field=email label=t(|t: &AccountTexts| t.email) help=no_help() />
            <Submit form label=submit_label busy_label=t(|t: &AccountTexts| t.sending) />
            <ErrorAlert error=form.error />
            <p class="done" role="status">
                {move || is_sent.get().then(|| confirmation.get())}
            </p>
        </form>
    }
    .into_sync_any()
}

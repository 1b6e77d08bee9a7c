//! A form with one email address.

use leptos::prelude::*;

use super::texts::say;
use crate::{
    i18n::{Language, Say},
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Field, FieldKind, Form, Input, Submit, SubmitFuture, no_help},
    },
};
use api::EmailRequest;

/// Asks for a mail to the address that is typed in.
#[component]
pub fn EmailForm(
    send: fn(EmailRequest) -> SubmitFuture,
    submit_label: Say,
    /// Shown once the request was accepted.
    confirmation: Say,
) -> impl IntoView {
    let language = Language::shared();
    let email = Field::new("email", FieldKind::Email);
    let form = Form::new();
    let is_sent = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        is_sent.set(false);
        form.submit(
            &[email],
            || send(EmailRequest { email: email.value() }),
            move || {
                form.busy.set(false);
                is_sent.set(true);
            },
        );
    };
    view! {
        <form method="post" novalidate on:submit=submit>
            <Input field=email label=say(language, |t| t.email) help=no_help(language) />
            <Submit form label=submit_label busy_label=say(language, |t| t.sending) />
            <ErrorAlert error=form.error />
            <p class="done" role="status">
                {move || is_sent.get().then(|| confirmation.get())}
            </p>
        </form>
    }
    .into_sync_any()
}

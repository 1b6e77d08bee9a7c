//! Asking for another confirmation mail, by the address.

use leptos::prelude::*;

use super::texts::AccountTexts;
use crate::{
    client,
    i18n::{Language, t},
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Field, Form, Input, Kind, Submit, no_help},
    },
};
use api::EmailRequest;

/// The form for it.
#[component]
pub fn Resend() -> impl IntoView {
    let language = Language::shared();
    let email = Field::new("email", Kind::Email);
    let form = Form::new();
    let is_sent = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        is_sent.set(false);
        form.submit(
            &[email],
            || {
                let address = EmailRequest { email: email.value() };
                Box::pin(async move { client::resend_confirmation(&address).await })
            },
            move || {
                form.busy.set(false);
                is_sent.set(true);
            },
        );
    };
    view! {
        <h2>{t(|t: &AccountTexts| t.resend_title)}</h2>
        <p>{t(|t: &AccountTexts| t.resend_lead)}</p>
        <form method="post" novalidate on:submit=submit>
            <Input field=email label=t(|t: &AccountTexts| t.email) help=no_help() />
            <Submit form label=t(|t: &AccountTexts| t.resend) busy=t(|t: &AccountTexts| t.sending) />
            <Problem refusal=form.refusal />
            <p class="done" role="status">
                {move || is_sent.get().then(|| language.texts::<AccountTexts>().resent)}
            </p>
        </form>
    }
    .at_once()
}

//! Asking for another confirmation mail, by the address.

use leptos::prelude::*;

use super::texts::{AccountTexts, say};
use crate::{
    client,
    i18n::Language,
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
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
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
        <h2>{say(|t| t.resend_title)}</h2>
        <p>{say(|t| t.resend_lead)}</p>
        <form method="post" novalidate on:submit=submit>
            <Input field=email label=say(|t| t.email) help=no_help(language) />
            <Submit form label=say(|t| t.resend) busy=say(|t| t.sending) />
            <Problem refusal=form.refusal />
            <p class="done" role="status">
                {move || is_sent.get().then(|| AccountTexts::of(language.locale()).resent)}
            </p>
        </form>
    }
    .at_once()
}

//! A password that was forgotten: the way to a new one is sent by mail.

use leptos::prelude::*;

use super::texts::{AccountTexts, say};
use crate::{
    client,
    i18n::Language,
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Field, Form, Input, Kind, Submit, no_help},
        form_page::Card,
    },
};
use api::EmailRequest;

/// The page at `/forgot`.
#[component]
pub fn Forgot() -> impl IntoView {
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
                Box::pin(async move { client::forgot_password(&address).await })
            },
            move || {
                form.busy.set(false);
                is_sent.set(true);
            },
        );
    };
    view! {
        <Card title=say(|t| t.forgot_title)>
            <p>{say(|t| t.forgot_lead)}</p>
            <form method="post" novalidate on:submit=submit>
                <Input field=email label=say(|t| t.email) help=no_help(language) />
                <Submit form label=say(|t| t.forgot) busy=say(|t| t.sending) />
                <Problem refusal=form.refusal />
                <p class="done" role="status">
                    {move || is_sent.get().then(|| AccountTexts::of(language.locale()).forgot_sent)}
                </p>
            </form>
            <p class="ways">
                <a href="/login">{say(|t| t.back_to_sign_in)}</a>
            </p>
        </Card>
    }
    .at_once()
}

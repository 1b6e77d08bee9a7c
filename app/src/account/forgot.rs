//! A password that was forgotten: the way to a new one is sent by mail.

use leptos::prelude::*;

use super::texts::AccountTexts;
use crate::{
    client,
    i18n::{Language, t},
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
        <Card title=t(|t: &AccountTexts| t.forgot_title)>
            <p>{t(|t: &AccountTexts| t.forgot_lead)}</p>
            <form method="post" novalidate on:submit=submit>
                <Input field=email label=t(|t: &AccountTexts| t.email) help=no_help() />
                <Submit form label=t(|t: &AccountTexts| t.forgot) busy=t(|t: &AccountTexts| t.sending) />
                <Problem refusal=form.refusal />
                <p class="done" role="status">
                    {move || is_sent.get().then(|| language.texts::<AccountTexts>().forgot_sent)}
                </p>
            </form>
            <p class="ways">
                <a href="/login">{t(|t: &AccountTexts| t.back_to_sign_in)}</a>
            </p>
        </Card>
    }
    .at_once()
}

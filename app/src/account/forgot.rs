//! Requesting a mail to reset a forgotten password.

use leptos::prelude::*;

use super::{email_form::EmailForm, texts::AccountTexts};
use crate::{
    client,
    i18n::t,
    sync_view::IntoSyncAny,
    ui::{form::PlainForm, form_page::FormPage},
};

/// The page at `/forgot?done=`.
#[component]
pub fn Forgot() -> impl IntoView {
    view! {
        <FormPage title=t(|t: &AccountTexts| t.forgot_title)>
            <p>{t(|t: &AccountTexts| t.forgot_lead)}</p>
            <EmailForm
                form=PlainForm::Forgot
                send=|request| Box::pin(async move { client::forgot_password(&request).await })
                submit_label=t(|t: &AccountTexts| t.forgot)
                confirmation=t(|t: &AccountTexts| t.forgot_sent)
            />
            <p class="ways">
                <a href="/login">{t(|t: &AccountTexts| t.back_to_sign_in)}</a>
            </p>
        </FormPage>
    }
    .into_sync_any()
}

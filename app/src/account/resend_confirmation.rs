//! Requesting another confirmation mail.

use leptos::prelude::*;

use super::{email_form::EmailForm, texts::AccountTexts};
use crate::{client, i18n::t, sync_view::IntoSyncAny, ui::form::PlainForm};

/// Shown where a confirmation link is invalid.
#[component]
pub fn ResendConfirmation() -> impl IntoView {
    view! {
        <h2>{t(|t: &AccountTexts| t.resend_title)}</h2>
        <p>{t(|t: &AccountTexts| t.resend_lead)}</p>
        <EmailForm
            form=PlainForm::ResendConfirmation
            send=|request| Box::pin(async move { client::resend_confirmation(&request).await })
            submit_label=t(|t: &AccountTexts| t.resend)
            confirmation=t(|t: &AccountTexts| t.resent)
        />
    }
    .into_sync_any()
}

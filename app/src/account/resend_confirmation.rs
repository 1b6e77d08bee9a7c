//! Requesting another confirmation mail.

use leptos::prelude::*;

use super::{email_form::EmailForm, texts::say};
use crate::{client, i18n::Language, sync_view::IntoSyncAny};

/// Shown where a confirmation link is invalid.
#[component]
pub fn ResendConfirmation() -> impl IntoView {
    let language = Language::shared();
    view! {
        <h2>{say(language, |t| t.resend_title)}</h2>
        <p>{say(language, |t| t.resend_lead)}</p>
        <EmailForm
            send=|request| Box::pin(async move { client::resend_confirmation(&request).await })
            submit_label=say(language, |t| t.resend)
            confirmation=say(language, |t| t.resent)
        />
    }
    .into_sync_any()
}

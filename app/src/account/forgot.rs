//! Requesting a mail to reset a forgotten password.

use leptos::prelude::*;

use super::{email_form::EmailForm, texts::say};
use crate::{client, i18n::Language, sync_view::IntoSyncAny, ui::form_page::FormPage};

/// The page at `/forgot`.
#[component]
pub fn Forgot() -> impl IntoView {
    let language = Language::shared();
    view! {
        <FormPage title=say(language, |t| t.forgot_title)>
            <p>{say(language, |t| t.forgot_lead)}</p>
            <EmailForm
                send=|request| Box::pin(async move { client::forgot_password(&request).await })
                submit_label=say(language, |t| t.forgot)
                confirmation=say(language, |t| t.forgot_sent)
            />
            <p class="ways">
                <a href="/login">{say(language, |t| t.back_to_sign_in)}</a>
            </p>
        </FormPage>
    }
    .into_sync_any()
}

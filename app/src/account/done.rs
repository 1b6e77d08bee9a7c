//! What the form before this page has done: the page's address says so after a plain form.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::texts::{AccountTexts, OwnTexts};
use crate::i18n::t;
use api::Done;

/// What the address says. Doesn't track it.
pub fn done() -> Option<Done> {
    let tag = use_query_map().with_untracked(|query| query.get(Done::PARAMETER))?;
    Done::from_tag(&tag)
}

/// The message, if there is one.
#[component]
pub fn DoneMessage() -> impl IntoView {
    let message = done().map(|done| match done {
        Done::Registered => t(|t: &AccountTexts| t.registered_by_form),
        Done::Confirmed => t(|t: &AccountTexts| t.confirmed),
        Done::EmailChanged => t(|t: &AccountTexts| t.email_changed),
        Done::Reset => t(|t: &AccountTexts| t.reset_done),
        Done::ResetRequested => t(|t: &AccountTexts| t.forgot_sent),
        Done::ConfirmationRequested => t(|t: &AccountTexts| t.resent),
        Done::PasswordChanged => t(|t: &OwnTexts| t.password_changed),
        Done::EmailRequested => t(|t: &OwnTexts| t.email_sent_by_form),
        Done::Deleted => t(|t: &OwnTexts| t.deleted),
    });
    message.map(|message| view! { <p role="status">{message}</p> })
}

//! Whether the address was confirmed, and the way to another mail.

use leptos::prelude::*;

use super::texts::{AccountTexts, say};
use crate::{
    client,
    i18n::Language,
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Form, Submit},
    },
};
use api::{EmailRequest, Me};

/// The address and its state.
#[component]
pub fn Confirmation(
    /// Whose.
    me: Memo<Option<Me>>,
) -> impl IntoView {
    let language = Language::shared();
    let email = Memo::new(move |_| me.with(|me| me.as_ref().map(|me| me.email.clone()).unwrap_or_default()));
    let is_confirmed = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.email_confirmed)));
    view! {
        <p class="breakable">{move || email.get()}</p>
        {move || {
            if is_confirmed.get() {
                view! { <p class="state good">{say(language, |t| t.is_confirmed)}</p> }.at_once()
            } else {
                view! { <Unconfirmed email /> }.at_once()
            }
        }}
    }
    .at_once()
}

#[component]
fn Unconfirmed(email: Memo<String>) -> impl IntoView {
    let language = Language::shared();
    let form = Form::new();
    let is_sent = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        is_sent.set(false);
        form.submit(
            &[],
            || {
                let address = EmailRequest {
                    email: email.get_untracked(),
                };
                Box::pin(async move { client::resend_confirmation(&address).await })
            },
            move || {
                form.busy.set(false);
                is_sent.set(true);
            },
        );
    };
    let told = move || {
        let texts = AccountTexts::of(language.locale());
        if is_sent.get() {
            texts.resent_to_you
        } else {
            texts.unconfirmed_help
        }
    };
    view! {
        <p class="state warn">{say(language, |t| t.is_not_confirmed)}</p>
        <form method="post" on:submit=submit>
            <p class="small" role="status">
                {told}
            </p>
            <Submit form label=say(language, |t| t.resend) busy=say(language, |t| t.sending) />
            <Problem refusal=form.refusal />
        </form>
    }
    .at_once()
}

//! Setting a new password, from the link in the mail.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::texts::{AccountTexts, say};
use crate::{
    client,
    i18n::{Language, Say},
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Field, FieldKind, Form, PasswordInput, Submit},
        form_page::FormPage,
    },
};
use api::PasswordReset;

/// The page at `/reset/{token}`.
#[component]
pub fn Reset() -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    let params = use_params_map();
    let password = Field::new("password", FieldKind::NewPassword);
    let form = Form::new();
    let is_done = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit(
            &[password],
            || {
                let reset = PasswordReset {
                    token: params.with_untracked(|params| params.get("token")).unwrap_or_default(),
                    password: password.value(),
                };
                Box::pin(async move { client::reset_password(&reset).await })
            },
            move || is_done.set(true),
        );
    };
    let title = Say::derive(move || {
        let texts = AccountTexts::of(language.locale());
        if is_done.get() {
            texts.reset_done_title
        } else {
            texts.reset_title
        }
    });
    let body = move || {
        if is_done.get() {
            // `external` loads a new document: the reset has ended all sessions, and this page may still show one.
            view! {
                <p role="status">{say(|t| t.reset_done)}</p>
                <a class="button primary" href="/login" rel="external">
                    {say(|t| t.sign_in)}
                </a>
            }
            .into_sync_any()
        } else {
            view! {
                <form method="post" novalidate on:submit=submit>
                    <PasswordInput field=password label=say(|t| t.new_password) help=say(|t| t.password_help) />
                    <Submit form label=say(|t| t.reset) busy_label=say(|t| t.resetting) />
                    <ErrorAlert error=form.error />
                </form>
                <p class="ways">
                    <a href="/forgot">{say(|t| t.ask_again)}</a>
                </p>
            }
            .into_sync_any()
        }
    };
    view! { <FormPage title>{body}</FormPage> }.into_sync_any()
}

//! Setting a new password, from the link in the mail.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

use super::texts::AccountTexts;
use crate::{
    client::{self, ClientError},
    i18n::{Language, Text, t},
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Field, FieldKind, Form, PasswordInput, PlainForm, Submit},
        form_page::FormPage,
        texts::SharedTexts,
    },
};
use api::{PasswordReset, ResetLink};

/// The page at `/reset/{token}`.
#[component]
pub fn Reset() -> impl IntoView {
    let language = Language::shared();
    let params = use_params_map();
    let password = Field::new("password", FieldKind::NewPassword);
    let form = Form::new(PlainForm::Reset, &[password]);
    let is_done = RwSignal::new(false);
    let token = move || params.with_untracked(|params| params.get("token")).unwrap_or_default();
    let is_link_invalid = Memo::new(move |_| {
        form.error
            .with(|error| error.as_ref().is_some_and(ClientError::is_link_invalid))
    });
    // Before a password is typed in vain. Where the check itself fails, sending the form tells.
    Effect::new(move |_| {
        let link = ResetLink { token: token() };
        spawn_local(async move {
            if let Err(error) = client::check_reset(&link).await
                && error.is_link_invalid()
            {
                form.error.set(Some(error));
            }
        });
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit(
            &[password],
            || {
                let reset = PasswordReset {
                    token: token(),
                    password: password.value(),
                };
                Box::pin(async move { client::reset_password(&reset).await })
            },
            move || is_done.set(true),
        );
    };
    let title = Text::derive(move || {
        let texts = language.texts::<AccountTexts>();
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
                <p role="status">{t(|t: &AccountTexts| t.reset_done)}</p>
                <a class="button primary" href="/login" rel="external">
                    {t(|t: &SharedTexts| t.sign_in)}
                </a>
            }
            .into_sync_any()
        } else {
            view! {
                <form method="post" novalidate on:submit=submit class:gone=move || is_link_invalid.get()>
                    <PasswordInput field=password label=t(|t: &AccountTexts| t.new_password) help=t(|t: &AccountTexts| t.password_help) />
                    <Submit form label=t(|t: &AccountTexts| t.reset) busy_label=t(|t: &AccountTexts| t.resetting) />
                </form>
                <ErrorAlert error=form.error />
                <p class="ways">
                    <a href="/forgot">{t(|t: &AccountTexts| t.ask_again)}</a>
                </p>
            }
            .into_sync_any()
        }
    };
    view! { <FormPage title>{body}</FormPage> }.into_sync_any()
}

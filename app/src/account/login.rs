//! Sign-in, which leads back to the page that required it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{code_input::CodeInput, done::DoneMessage, texts::AccountTexts};
use crate::{
    browser::navigation,
    client,
    i18n::{Language, t},
    session::Session,
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Field, FieldKind, Form, Input, PasswordInput, PlainForm, Submit, no_help},
        form_page::FormPage,
        texts::SharedTexts,
    },
};
use api::{
    Credentials,
    access::{safe_next, with_next},
};

/// The page at `/login?next=&done=`.
#[component]
pub fn Login() -> impl IntoView {
    let language = Language::shared();
    let query = use_query_map();
    let next = Memo::new(move |_| {
        let path = query.with(|query| query.get("next")).unwrap_or_default();
        safe_next(&path).to_owned()
    });
    if let Some(me) = Session::shared().me() {
        let signed_in = move || (language.texts::<AccountTexts>().signed_in)(&me.username);
        return view! {
            <FormPage title=t(|t: &AccountTexts| t.signed_in_title)>
                <DoneMessage />
                <p>{signed_in}</p>
                <a class="button primary" href=move || next.get()>
                    {t(|t: &AccountTexts| t.continue_link)}
                </a>
            </FormPage>
        }
        .into_sync_any();
    }
    let [username, password, code] = [
        Field::new("username", FieldKind::Username),
        Field::new("password", FieldKind::Password),
        Field::new("code", FieldKind::OptionalCode),
    ];
    let form = Form::new(PlainForm::Login, &[username, password, code]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit(
            &[username, password, code],
            || {
                let credentials = Credentials {
                    username: username.value(),
                    password: password.value(),
                    code: code.value(),
                };
                Box::pin(async move { client::sign_in(&credentials).await })
            },
            move || navigation::redirect(&next.get_untracked()),
        );
    };
    view! {
        <FormPage title=t(|t: &SharedTexts| t.sign_in_title)>
            <DoneMessage />
            <form method="post" novalidate on:submit=submit>
                <Input field=username label=t(|t: &AccountTexts| t.username_or_email) help=no_help() />
                <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=no_help() />
                <CodeInput field=code is_expected=false />
                <Submit form label=t(|t: &SharedTexts| t.sign_in) busy_label=t(|t: &AccountTexts| t.signing_in) />
                <ErrorAlert error=form.error />
            </form>
            <p class="ways">
                <a href="/forgot">{t(|t: &AccountTexts| t.forgot_link)}</a>
                <a href=move || with_next("/register", &next.get())>{t(|t: &AccountTexts| t.no_account)}</a>
            </p>
        </FormPage>
    }
    .into_sync_any()
}

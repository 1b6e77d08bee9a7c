//! Registration.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::texts::AccountTexts;
use crate::{
    client,
    i18n::{Language, Text, t},
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorAlert,
        form::{Field, FieldKind, Form, Input, PasswordInput, PlainForm, Submit},
        form_page::FormPage,
        texts::SharedTexts,
    },
};
use api::{Registration, access::with_next};

/// The page at `/register?next=`.
#[component]
pub fn Register() -> impl IntoView {
    let language = Language::shared();
    let query = use_query_map();
    let sign_in = Signal::derive(move || {
        let next = query.with(|query| query.get("next")).unwrap_or_default();
        with_next("/login", &next)
    });
    // The address of the new account, once it exists.
    let registered = RwSignal::new(None::<String>);
    let title = Text::derive(move || {
        let texts = language.texts::<AccountTexts>();
        if registered.with(Option::is_some) {
            texts.registered_title
        } else {
            texts.register_title
        }
    });
    view! {
        <FormPage title>
            {move || match registered.get() {
                Some(email) => view! { <Registered email sign_in /> }.into_sync_any(),
                None => view! { <RegisterForm registered sign_in /> }.into_sync_any(),
            }}
        </FormPage>
    }
    .into_sync_any()
}

#[component]
fn RegisterForm(registered: RwSignal<Option<String>>, sign_in: Signal<String>) -> impl IntoView {
    let [username, email, password] = [
        Field::new("username", FieldKind::NewUsername),
        Field::new("email", FieldKind::Email),
        Field::new("password", FieldKind::NewPassword),
    ];
    let form = Form::new(PlainForm::Register, &[username, email, password]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let address = email.value();
        form.submit(
            &[username, email, password],
            || {
                let registration = Registration {
                    username: username.value(),
                    email: email.value(),
                    password: password.value(),
                };
                Box::pin(async move { client::register(&registration).await })
            },
            move || registered.set(Some(address)),
        );
    };
    view! {
        <p>{t(|t: &AccountTexts| t.register_lead)}</p>
        <form method="post" novalidate on:submit=submit>
            <Input field=username label=t(|t: &AccountTexts| t.username) help=t(|t: &AccountTexts| t.username_help) />
            <Input field=email label=t(|t: &AccountTexts| t.email) help=t(|t: &AccountTexts| t.email_help) />
            <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=t(|t: &AccountTexts| t.password_help) />
            <Submit form label=t(|t: &AccountTexts| t.register) busy_label=t(|t: &AccountTexts| t.registering) />
            <ErrorAlert error=form.error />
        </form>
        <p class="ways">
            <a href=move || sign_in.get()>{t(|t: &AccountTexts| t.have_account)}</a>
        </p>
    }
    .into_sync_any()
}

/// Shown after registration: the mail to expect, and the link to sign in.
#[component]
fn Registered(email: String, sign_in: Signal<String>) -> impl IntoView {
    let language = Language::shared();
    view! {
        <p role="status">{move || (language.texts::<AccountTexts>().registered)(&email)}</p>
        <a class="button primary" href=move || sign_in.get()>
            {t(|t: &SharedTexts| t.sign_in)}
        </a>
    }
    .into_sync_any()
}

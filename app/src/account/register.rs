//! Making an account.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::texts::{AccountTexts, say};
use crate::{
    client,
    i18n::{Language, Say},
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Field, Form, Input, Kind, PasswordInput, Submit},
        form_page::Card,
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
    // The address that the account was made with.
    let done = RwSignal::new(None::<String>);
    let title = Say::derive(move || {
        let texts = AccountTexts::of(language.locale());
        if done.with(Option::is_some) {
            texts.registered_title
        } else {
            texts.register_title
        }
    });
    view! {
        <Card title>
            {move || match done.get() {
                Some(email) => view! { <Registered email sign_in /> }.at_once(),
                None => view! { <RegisterForm done sign_in /> }.at_once(),
            }}
        </Card>
    }
    .at_once()
}

#[component]
fn RegisterForm(done: RwSignal<Option<String>>, sign_in: Signal<String>) -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    let [username, email, password] = [
        Field::new("username", Kind::NewUsername),
        Field::new("email", Kind::Email),
        Field::new("password", Kind::NewPassword),
    ];
    let form = Form::new();
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
            move || done.set(Some(address)),
        );
    };
    view! {
        <p>{say(|t| t.register_lead)}</p>
        <form method="post" novalidate on:submit=submit>
            <Input field=username label=say(|t| t.username) help=say(|t| t.username_help) />
            <Input field=email label=say(|t| t.email) help=say(|t| t.email_help) />
            <PasswordInput field=password label=say(|t| t.password) help=say(|t| t.password_help) />
            <Submit form label=say(|t| t.register) busy=say(|t| t.registering) />
            <Problem refusal=form.refusal />
        </form>
        <p class="ways">
            <a href=move || sign_in.get()>{say(|t| t.have_account)}</a>
        </p>
    }
    .at_once()
}

/// What comes next: the mail, and signing in.
#[component]
fn Registered(email: String, sign_in: Signal<String>) -> impl IntoView {
    let language = Language::shared();
    view! {
        <p role="status">{move || (AccountTexts::of(language.locale()).registered)(&email)}</p>
        <a class="button primary" href=move || sign_in.get()>
            {say(language, |t| t.sign_in)}
        </a>
    }
    .at_once()
}

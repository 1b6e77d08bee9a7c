//! Signing in, and back to where that was needed.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::texts::{AccountTexts, say};
use crate::{
    browser::navigation,
    client,
    i18n::Language,
    session::Session,
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Field, Form, Input, Kind, PasswordInput, Submit, no_help},
        form_page::Card,
    },
};
use api::{
    Credentials,
    access::{safe_next, with_next},
};

/// The page at `/login?next=`.
#[component]
pub fn Login() -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    let query = use_query_map();
    let next = Memo::new(move |_| {
        let asked = query.with(|query| query.get("next")).unwrap_or_default();
        safe_next(&asked).to_owned()
    });
    if let Some(me) = Session::shared().me() {
        let signed_in = move || (AccountTexts::of(language.locale()).signed_in)(&me.username);
        return view! {
            <Card title=say(|t| t.signed_in_title)>
                <p>{signed_in}</p>
                <a class="button primary" href=move || next.get()>
                    {say(|t| t.go_on)}
                </a>
            </Card>
        }
        .at_once();
    }
    let (username, password) = (
        Field::new("username", Kind::Username),
        Field::new("password", Kind::Password),
    );
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit(
            &[username, password],
            || {
                let credentials = Credentials {
                    username: username.value(),
                    password: password.value(),
                };
                Box::pin(async move { client::sign_in(&credentials).await })
            },
            move || navigation::to(&next.get_untracked()),
        );
    };
    view! {
        <Card title=say(|t| t.sign_in_title)>
            <form method="post" novalidate on:submit=submit>
                <Input field=username label=say(|t| t.username) help=no_help(language) />
                <PasswordInput field=password label=say(|t| t.password) help=no_help(language) />
                <Submit form label=say(|t| t.sign_in) busy=say(|t| t.signing_in) />
                <Problem refusal=form.refusal />
            </form>
            <p class="ways">
                <a href="/forgot">{say(|t| t.forgotten)}</a>
                <a href=move || with_next("/register", &next.get())>{say(|t| t.no_account)}</a>
            </p>
        </Card>
    }
    .at_once()
}

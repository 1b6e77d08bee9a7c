//! Choosing another password, with the link that was mailed.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::texts::{AccountTexts, say};
use crate::{
    client,
    i18n::{Language, Say},
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Problem,
        form::{Field, Form, Kind, PasswordInput, Submit},
        form_page::Card,
    },
};
use api::PasswordReset;

/// The page at `/reset/{token}`.
#[component]
pub fn Reset() -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    let params = use_params_map();
    let password = Field::new("password", Kind::NewPassword);
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
            // A page load, not a route: whoever was signed in here is not any more.
            view! {
                <p role="status">{say(|t| t.reset_done)}</p>
                <a class="button primary" href="/login" rel="external">
                    {say(|t| t.sign_in)}
                </a>
            }
            .at_once()
        } else {
            view! {
                <form method="post" novalidate on:submit=submit>
                    <PasswordInput field=password label=say(|t| t.new_password) help=say(|t| t.password_help) />
                    <Submit form label=say(|t| t.reset) busy=say(|t| t.resetting) />
                    <Problem refusal=form.refusal />
                </form>
                <p class="ways">
                    <a href="/forgot">{say(|t| t.ask_again)}</a>
                </p>
            }
            .at_once()
        }
    };
    view! { <Card title>{body}</Card> }.at_once()
}

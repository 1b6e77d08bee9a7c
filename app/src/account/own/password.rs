//! Replacing the password.

use leptos::{ev::SubmitEvent, prelude::*};

use super::outcome::Outcome;
use crate::{
    account::{
        done::done,
        texts::{AccountTexts, OwnTexts},
    },
    browser::fetch::Fetch,
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::form::{Field, FieldKind, Form, PasswordInput, PlainForm, Submit, no_help},
};
use api::{Account, Done, Me, PasswordChange, Sessions};

const FORM: PlainForm = PlainForm::ChangePassword;

/// Asks for the current password and a new one.
#[component]
pub fn ChangePassword(account: Fetch<Account>, sessions: Fetch<Sessions>, me: Memo<Option<Me>>) -> impl IntoView {
    let language = Language::shared();
    let [current, new] = [
        Field::with_id("current-password", "current_password", FieldKind::Password),
        Field::with_id("new-password", "password", FieldKind::NewPassword),
    ];
    let fields = [current, new];
    let form = Form::new(FORM, &fields);
    let is_done = RwSignal::new(done() == Some(Done::PasswordChanged));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        is_done.set(false);
        form.submit(
            &fields,
            || {
                let change = PasswordChange {
                    current_password: current.value(),
                    password: new.value(),
                };
                Box::pin(async move { client::change_password(&change).await })
            },
            move || {
                form.clear(&fields);
                is_done.set(true);
                // The other sessions have ended.
                account.refetch();
                sessions.refetch();
            },
        );
    };
    let done = Signal::derive(move || {
        let texts = language.texts::<OwnTexts>();
        if is_done.get() { texts.password_changed } else { "" }.to_owned()
    });
    let name = move || me.with(|me| me.as_ref().map(|me| me.username.clone()));
    view! {
        <section class="account-panel" aria-labelledby="password-title">
            <h2 id="password-title">{t(|t: &OwnTexts| t.change_password)}</h2>
            <form method="post" novalidate on:submit=submit>
                <input type="hidden" name=PlainForm::FIELD value=FORM.tag() />
                // Tells password managers whose password it is.
                <input hidden readonly autocomplete="username" value=name />
                <PasswordInput field=current label=t(|t: &OwnTexts| t.current_password) help=no_help() />
                <PasswordInput field=new label=t(|t: &AccountTexts| t.new_password) help=t(|t: &AccountTexts| t.password_help) />
                <Submit form label=t(|t: &OwnTexts| t.change_password) busy_label=t(|t: &OwnTexts| t.changing) />
                <Outcome form done />
            </form>
        </section>
    }
    .into_sync_any()
}

//! Replacing the email address.

use leptos::{ev::SubmitEvent, prelude::*};

use super::outcome::Outcome;
use crate::{
    account::{
        done::done,
        texts::{AccountTexts, OwnTexts},
    },
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::form::{Field, FieldKind, Form, Input, PasswordInput, PlainForm, Submit, no_help},
};
use api::{Done, EmailChange, Me};

const FORM: PlainForm = PlainForm::ChangeEmail;

/// Asks for a mail to a new address, whose link makes it the one of the account.
#[component]
pub fn ChangeEmail(me: Memo<Option<Me>>) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<OwnTexts>();
    let [email, password] = [
        Field::with_id("new-email", "email", FieldKind::Email),
        Field::with_id("email-password", "password", FieldKind::Password),
    ];
    let fields = [email, password];
    let form = Form::new(FORM, &fields);
    let is_sent = RwSignal::new(done() == Some(Done::EmailRequested));
    // Where it was sent to. The page after a plain form doesn't know.
    let sent_to = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        is_sent.set(false);
        let address = email.value();
        form.submit(
            &fields,
            || {
                let change = EmailChange {
                    email: email.value(),
                    password: password.value(),
                };
                Box::pin(async move { client::change_email(&change).await })
            },
            move || {
                form.clear(&fields);
                sent_to.set(Some(address));
                is_sent.set(true);
            },
        );
    };
    let current = move || {
        let email = me.with(|me| me.as_ref().map(|me| me.email.clone()));
        (texts().current_email)(&email.unwrap_or_default())
    };
    let done = Signal::derive(move || match (is_sent.get(), sent_to.get()) {
        (false, _) => String::new(),
        (true, None) => texts().email_sent_by_form.to_owned(),
        (true, Some(address)) => (texts().email_sent)(&address),
    });
    view! {
        <section class="account-panel" aria-labelledby="email-title">
            <h2 id="email-title">{t(|t: &OwnTexts| t.email_title)}</h2>
            <p class="breakable">{current}</p>
            <form method="post" novalidate on:submit=submit>
                <input type="hidden" name=PlainForm::FIELD value=FORM.tag() />
                <Input field=email label=t(|t: &OwnTexts| t.new_email) help=t(|t: &AccountTexts| t.email_help) />
                <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=no_help() />
                <Submit form label=t(|t: &OwnTexts| t.send_link) busy_label=t(|t: &AccountTexts| t.sending) />
                <Outcome form done />
            </form>
        </section>
    }
    .into_sync_any()
}

//! Deleting the account.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{full_check, outcome::Outcome};
use crate::{
    account::{
        code_input::CodeInput,
        texts::{AccountTexts, OwnTexts},
    },
    browser::{fetch::FetchState, navigation},
    client,
    i18n::t,
    sync_view::IntoSyncAny,
    ui::form::{Field, FieldKind, Form, FormAnswer, PasswordInput, PlainForm, Submit, no_help},
};
use api::{Account, Done};

const FORM: PlainForm = PlainForm::DeleteAccount;

/// Says what is deleted, and asks for the password and, of those who have a second factor, for a code.
#[component]
pub fn DeleteAccount(account: RwSignal<FetchState<Account>>) -> impl IntoView {
    let [password, code] = [
        Field::with_id("delete-password", "password", FieldKind::Password),
        Field::with_id("delete-code", "code", FieldKind::OptionalCode),
    ];
    let fields = [password, code];
    let form = Form::new(FORM, &fields);
    let has_factor =
        Memo::new(move |_| account.with(|account| matches!(account, FetchState::Ready(account) if account.totp)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.submit(
            &fields,
            || {
                let check = full_check(password, code);
                Box::pin(async move { client::delete_account(&check).await })
            },
            || navigation::redirect(&Done::Deleted.at("/")),
        );
    };
    view! {
        <section class="account-panel danger" aria-labelledby="delete-title">
            <h2 id="delete-title">{t(|t: &OwnTexts| t.delete_title)}</h2>
            <details open=FormAnswer::to(FORM).is_some()>
                <summary class="button">{t(|t: &OwnTexts| t.delete_open)}</summary>
                <form method="post" novalidate on:submit=submit>
                    <p>{t(|t: &OwnTexts| t.delete_lead)}</p>
                    <input type="hidden" name=PlainForm::FIELD value=FORM.tag() />
                    <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=no_help() />
                    <CodeInput field=code is_expected=has_factor />
                    <Submit form label=t(|t: &OwnTexts| t.delete) busy_label=t(|t: &OwnTexts| t.deleting) />
                    <Outcome form />
                </form>
            </details>
        </section>
    }
    .into_sync_any()
}

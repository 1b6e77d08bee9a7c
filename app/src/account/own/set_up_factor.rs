//! Setting the second factor up: the password, then the secret and the first code of it.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{outcome::Outcome, qr_code::qr_code, second_factor::FactorState};
use crate::{
    account::texts::{AccountTexts, OwnTexts},
    client,
    i18n::t,
    sync_view::IntoSyncAny,
    ui::form::{Field, FieldKind, Form, Input, PasswordInput, Submit, no_help},
};
use api::{PasswordCheck, TotpCode, TotpSecret};

/// Asks for the password.
#[component]
pub fn SetUp(state: FactorState) -> impl IntoView {
    let password = Field::with_id("factor-password", "password", FieldKind::Password);
    let form = Form::scripted();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // A form's request has no result.
        let secret = StoredValue::new(None);
        form.submit(
            &[password],
            || {
                let check = PasswordCheck {
                    password: password.value(),
                };
                Box::pin(async move {
                    secret.set_value(Some(client::set_up_totp(&check).await?));
                    Ok(())
                })
            },
            move || {
                if let Some(secret) = secret.get_value() {
                    state.show_secret(secret);
                }
            },
        );
    };
    view! {
        <form method="post" novalidate on:submit=submit>
            <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=no_help() />
            <Submit form label=t(|t: &OwnTexts| t.set_up) busy_label=t(|t: &OwnTexts| t.setting_up) />
            <Outcome form />
        </form>
    }
    .into_sync_any()
}

/// Shows the secret, and asks for a code of it.
#[component]
pub fn Activate(secret: TotpSecret, state: FactorState) -> impl IntoView {
    let code = Field::with_id("factor-code", "code", FieldKind::FirstCode);
    let form = Form::scripted();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let codes = StoredValue::new(Vec::new());
        form.submit(
            &[code],
            || {
                let code = TotpCode { code: code.value() };
                Box::pin(async move {
                    codes.set_value(client::activate_totp(&code).await?.recovery_codes);
                    Ok(())
                })
            },
            move || state.show_recovery_codes(codes.get_value()),
        );
    };
    view! {
        {qr_code(&secret.uri, t(|t: &OwnTexts| t.qr_code))}
        <p>
            {t(|t: &OwnTexts| t.secret)} ": " <code>{in_groups(&secret.secret)}</code>
        </p>
        // `external`, because the address is none of this site.
        <a class="button" href=secret.uri rel="external">
            {t(|t: &OwnTexts| t.open_app)}
        </a>
        <form method="post" novalidate on:submit=submit>
            <Input field=code label=t(|t: &OwnTexts| t.app_code) help=t(|t: &OwnTexts| t.app_code_help) />
            <Submit form label=t(|t: &OwnTexts| t.activate) busy_label=t(|t: &OwnTexts| t.activating) />
            <Outcome form />
        </form>
    }
    .into_sync_any()
}

/// The letters of a secret in groups of four, as they are easier to copy by hand.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::in_groups;

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(in_groups("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(in_groups("ABCD"), "ABCD");
        assert_eq!(in_groups(""), "");
    }
}

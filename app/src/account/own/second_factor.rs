//! The second factor of an admin: codes of an authenticator app (RFC 6238).

use leptos::{ev::SubmitEvent, html, prelude::*};

use super::{
    full_check,
    outcome::Outcome,
    recovery_codes::RecoveryCodeList,
    set_up_factor::{Activate, SetUp},
};
use crate::{
    account::{
        code_input::CodeInput,
        texts::{AccountTexts, OwnTexts},
    },
    browser::fetch::FetchState,
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::form::{Field, FieldKind, Form, PasswordInput, Submit, no_help},
};
use api::{Account, TotpSecret};

/// The state of the panel. Copies share it.
#[derive(Clone, Copy)]
pub struct FactorState {
    account: RwSignal<FetchState<Account>>,
    step: RwSignal<Step>,
    heading: NodeRef<html::H2>,
}

/// What a page shows that the server doesn't show again.
#[derive(Clone)]
enum Step {
    /// Nothing: only whether the factor is active.
    Rest,
    /// The secret, until a code of it is entered.
    Secret(TotpSecret),
    /// The recovery codes, until the user has kept them.
    RecoveryCodes(Vec<String>),
}

impl FactorState {
    /// Shows the secret.
    pub fn show_secret(self, secret: TotpSecret) {
        self.go(Step::Secret(secret));
    }

    /// The factor is active: shows the recovery codes.
    pub fn show_recovery_codes(self, codes: Vec<String>) {
        self.set_active(true);
        self.go(Step::RecoveryCodes(codes));
    }

    /// Shows whether the factor is active.
    pub fn rest(self) {
        self.go(Step::Rest);
    }

    fn set_active(self, is_active: bool) {
        self.account.update(|account| {
            if let FetchState::Ready(account) = account {
                account.totp = is_active;
            }
        });
    }

    fn go(self, step: Step) {
        self.step.set(step);
        // What had the focus is gone.
        if let Some(heading) = self.heading.get_untracked() {
            heading.focus().ok();
        }
    }
}

/// Sets the second factor up, and removes it.
#[component]
pub fn SecondFactor(account: RwSignal<FetchState<Account>>) -> impl IntoView {
    let language = Language::shared();
    let state = FactorState {
        account,
        step: RwSignal::new(Step::Rest),
        heading: NodeRef::new(),
    };
    // Unknown until the account is loaded.
    let is_active = Memo::new(move |_| {
        account.with(|account| match account {
            FetchState::Ready(account) => Some(account.totp),
            _ => None,
        })
    });
    let lead = move || {
        let texts = language.texts::<OwnTexts>();
        state.step.with(|step| match step {
            Step::Secret(_) => texts.scan,
            Step::RecoveryCodes(_) => texts.keep_codes,
            Step::Rest if is_active.get() == Some(true) => texts.factor_active,
            Step::Rest => texts.factor_lead,
        })
    };
    let body = move || match (state.step.get(), is_active.get()) {
        (Step::Secret(secret), _) => view! { <Activate secret state /> }.into_sync_any(),
        (Step::RecoveryCodes(codes), _) => view! { <RecoveryCodeList codes state /> }.into_sync_any(),
        (Step::Rest, Some(true)) => view! { <Remove state /> }.into_sync_any(),
        (Step::Rest, Some(false)) => view! { <SetUp state /> }.into_sync_any(),
        (Step::Rest, None) => ().into_sync_any(),
    };
    view! {
        <section class="account-panel" aria-labelledby="factor-title">
            <h2 id="factor-title" tabindex="-1" node_ref=state.heading>
                {t(|t: &OwnTexts| t.factor_title)}
            </h2>
            <p role="status">{lead}</p>
            {body}
        </section>
    }
    .into_sync_any()
}

#[component]
fn Remove(state: FactorState) -> impl IntoView {
    let [password, code] = [
        Field::with_id("factor-password", "password", FieldKind::Password),
        Field::with_id("factor-code", "code", FieldKind::Code),
    ];
    let fields = [password, code];
    let form = Form::scripted();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.submit(
            &fields,
            || {
                let check = full_check(password, code);
                Box::pin(async move { client::remove_totp(&check).await })
            },
            move || {
                state.set_active(false);
                state.rest();
            },
        );
    };
    view! {
        <details>
            <summary class="button">{t(|t: &OwnTexts| t.remove)}</summary>
            <form method="post" novalidate on:submit=submit>
                <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=no_help() />
                <CodeInput field=code is_expected=true />
                <Submit form label=t(|t: &OwnTexts| t.remove) busy_label=t(|t: &OwnTexts| t.removing) />
                <Outcome form />
            </form>
        </details>
    }
    .into_sync_any()
}

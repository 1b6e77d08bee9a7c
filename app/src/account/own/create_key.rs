//! Making an API key.

use leptos::{ev::SubmitEvent, html, prelude::*};

use super::{keys::KeysState, outcome::Outcome};
use crate::{
    account::texts::{AccountTexts, OwnTexts},
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::form::{Field, FieldKind, Form, Input, PasswordInput, Submit, no_help},
};
use api::{KeyScope, NewKey};

/// What a key can be made for.
const SCOPES: [&[KeyScope]; 3] = [&[KeyScope::Predict], &[KeyScope::History], &KeyScope::ALL];

/// After how many days a key can expire; the form begins with the second.
const DAYS: [u32; 3] = [30, 90, 365];

/// Asks for a name, what the key is for, when it expires, and the password.
#[component]
pub fn CreateKey(state: KeysState) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<OwnTexts>();
    let [name, password] = [
        Field::with_id("key-name", "name", FieldKind::KeyName),
        Field::with_id("key-password", "password", FieldKind::Password),
    ];
    let fields = [name, password];
    let form = Form::scripted();
    let scope_select = NodeRef::<html::Select>::new();
    let days_select = NodeRef::<html::Select>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // A form's request has no result.
        let made = StoredValue::new(None);
        form.submit(
            &fields,
            || {
                let scopes = SCOPES.get(chosen(scope_select)).copied().unwrap_or_default();
                let new = NewKey {
                    name: name.value(),
                    scopes: scopes.to_vec(),
                    // None after the last one: never.
                    expires_in_days: DAYS.get(chosen(days_select)).copied(),
                    password: password.value(),
                };
                Box::pin(async move {
                    made.set_value(Some(client::create_key(&new).await?.key));
                    Ok(())
                })
            },
            move || {
                if let Some(key) = made.get_value() {
                    state.show(key);
                }
            },
        );
    };
    let scope_options = SCOPES
        .into_iter()
        .map(|scopes| view! { <option>{move || (texts().scopes)(scopes)}</option> })
        .collect_view();
    let day_options = DAYS
        .into_iter()
        .map(|days| view! { <option selected=days == DAYS[1]>{move || (texts().in_days)(days)}</option> })
        .collect_view();
    view! {
        <details>
            <summary class="button">{t(|t: &OwnTexts| t.create_key_open)}</summary>
            <form method="post" novalidate on:submit=submit>
                <Input field=name label=t(|t: &OwnTexts| t.key_name) help=t(|t: &OwnTexts| t.key_name_help) />
                <div class="field">
                    <label for="key-scopes">{t(|t: &OwnTexts| t.key_scopes)}</label>
                    <select id="key-scopes" node_ref=scope_select>
                        {scope_options}
                    </select>
                </div>
                <div class="field">
                    <label for="key-days">{t(|t: &OwnTexts| t.key_expiry)}</label>
                    <select id="key-days" node_ref=days_select>
                        {day_options}
                        <option>{t(|t: &OwnTexts| t.never)}</option>
                    </select>
                </div>
                <PasswordInput field=password label=t(|t: &AccountTexts| t.password) help=no_help() />
                <Submit form label=t(|t: &OwnTexts| t.create_key) busy_label=t(|t: &OwnTexts| t.creating_key) />
                <Outcome form />
            </form>
        </details>
    }
    .into_sync_any()
}

/// The place of the chosen option.
fn chosen(select: NodeRef<html::Select>) -> usize {
    let index = select.get_untracked().map(|select| select.selected_index());
    index.and_then(|index| usize::try_from(index).ok()).unwrap_or_default()
}

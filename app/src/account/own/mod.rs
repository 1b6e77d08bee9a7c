//! What users change about their own account.

mod copy_button;
mod create_key;
mod data;
mod delete;
mod email;
mod key_row;
mod keys;
mod outcome;
mod password;
mod qr_code;
mod recovery_codes;
mod second_factor;
mod session_row;
mod sessions;
mod set_up_factor;

use leptos::prelude::*;

use self::{
    data::OwnData, delete::DeleteAccount, email::ChangeEmail, keys::KeyList, password::ChangePassword,
    second_factor::SecondFactor, sessions::SessionList,
};
use crate::{browser::fetch::Fetch, client, sync_view::IntoSyncAny, ui::form::Field};
use api::{Account, FullCheck, Me, Role};

/// One panel for each thing that can be changed. Those for the password, the address and the deletion work without the
/// page's WASM, too (docs/adr/0019-plain-forms.md).
#[component]
pub fn OwnAccount(
    account: Fetch<Account>,
    me: Memo<Option<Me>>,
    /// Is notified when the history has changed.
    history_changed: Trigger,
) -> impl IntoView {
    let sessions = Fetch::new(|| Box::pin(client::sessions()));
    let is_admin = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)));
    view! {
        <div class="panels own">
            <ChangePassword account sessions me />
            <ChangeEmail me />
            <SessionList account=account.state sessions />
            <KeyList />
            {move || is_admin.get().then(|| view! { <SecondFactor account=account.state /> })}
            <OwnData changed=history_changed />
            <DeleteAccount account=account.state />
        </div>
    }
    .into_sync_any()
}

/// The password and the code that confirm a change.
fn full_check(password: Field, code: Field) -> FullCheck {
    FullCheck {
        password: password.value(),
        code: code.value(),
    }
}

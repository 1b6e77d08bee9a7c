//! Access control of pages.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{error_message::ErrorMessage, form_page::FormPage};
use crate::{
    account::texts::{AccountTexts, say},
    client::ClientError,
    i18n::Language,
    session::Session,
    sync_view::IntoSyncAny,
};
use api::{
    ErrorCode,
    access::{self, Denied},
};

/// `page` where the user may see the current path; otherwise the reason, with a link. `page` is not called then, so that
/// nothing of it is rendered or requested.
pub fn require_access(page: impl FnOnce() -> AnyView) -> AnyView {
    let path = use_location().pathname.get_untracked();
    let me = Session::shared().me();
    match access::check(access::required(&path), me.as_ref()) {
        Ok(()) => page(),
        Err(denied) => view! { <AccessDenied denied path /> }.into_sync_any(),
    }
}

#[component]
fn AccessDenied(denied: Denied, path: String) -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    match denied {
        Denied::SignIn => {
            view! {
                <FormPage title=say(|t| t.sign_in_title)>
                    <ErrorMessage error=ClientError::SIGN_IN />
                    <a class="button primary" href=access::sign_in_for(&path)>
                        {say(|t| t.sign_in)}
                    </a>
                </FormPage>
            }
        }
        Denied::AdminOnly => {
            let error = ClientError::Rejected {
                status: 403,
                code: ErrorCode::AdminOnly,
                retry_after: None,
            };
            view! {
                <FormPage title=say(|t| t.admin_only_title)>
                    <ErrorMessage error />
                    <a class="button primary" href="/">
                        {say(|t| t.draw)}
                    </a>
                </FormPage>
            }
        }
    }
    .into_sync_any()
}

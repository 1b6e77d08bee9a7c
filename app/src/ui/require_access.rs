//! Access control of pages.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{error_message::ErrorMessage, form_page::FormPage};
use crate::{client::ClientError, i18n::t, session::Session, sync_view::IntoSyncAny, ui::texts::SharedTexts};
use api::{
    ErrorCode,
    access::{self, AccessError},
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
fn AccessDenied(denied: AccessError, path: String) -> impl IntoView {
    match denied {
        AccessError::SignIn => {
            view! {
                <FormPage title=t(|t: &SharedTexts| t.sign_in_title)>
                    <ErrorMessage error=ClientError::SIGN_IN />
                    <a class="button primary" href=access::sign_in_for(&path)>
                        {t(|t: &SharedTexts| t.sign_in)}
                    </a>
                </FormPage>
            }
        }
        AccessError::AdminOnly => {
            let error = ClientError::Rejected {
                status: 403,
                code: ErrorCode::AdminOnly,
                retry_after: None,
            };
            view! {
                <FormPage title=t(|t: &SharedTexts| t.admin_only_title)>
                    <ErrorMessage error />
                    <a class="button primary" href="/">
                        {t(|t: &SharedTexts| t.draw)}
                    </a>
                </FormPage>
            }
        }
    }
    .into_sync_any()
}

//! What a page shows to who may not see it: why, and the way on. Nothing of the page itself is made or asked for.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{error_message::Told, form_page::Card};
use crate::{
    account::texts::{AccountTexts, say},
    client::Refusal,
    i18n::Language,
    session::Session,
    sync_view::IntoAnyAtOnce,
};
use api::{
    ErrorCode,
    access::{self, Denied},
};

/// `page` for who may see it.
pub fn guarded(page: impl FnOnce() -> AnyView) -> AnyView {
    let path = use_location().pathname.get_untracked();
    let me = Session::shared().me();
    match access::check(access::required(&path), me.as_ref()) {
        Ok(()) => page(),
        Err(denied) => view! { <Refused denied path /> }.at_once(),
    }
}

#[component]
fn Refused(denied: Denied, path: String) -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static AccountTexts) -> &'static str| say(language, pick);
    match denied {
        Denied::SignIn => {
            view! {
                <Card title=say(|t| t.sign_in_title)>
                    <Told refusal=Refusal::SIGN_IN />
                    <a class="button primary" href=access::sign_in_for(&path)>
                        {say(|t| t.sign_in)}
                    </a>
                </Card>
            }
        }
        Denied::AdminOnly => {
            let refusal = Refusal::Refused {
                status: 403,
                code: ErrorCode::AdminOnly,
                retry_after: None,
            };
            view! {
                <Card title=say(|t| t.admin_only_title)>
                    <Told refusal />
                    <a class="button primary" href="/">
                        {say(|t| t.draw)}
                    </a>
                </Card>
            }
        }
    }
    .at_once()
}

//! The pages that have to do with one's own account. Their code comes in a file of its own, when one of them is opened.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` hands on what the view has no use for"
)]

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_url, lazy_route};

use super::{confirm::Confirm, forgot::Forgot, login::Login, page::Account, register::Register, reset::Reset};
use crate::{sync_view::IntoAnyAtOnce, ui::require_access::guarded};

/// Each of these pages, by its path.
#[derive(Debug)]
pub struct Accounts;

#[lazy_route]
impl LazyRoute for Accounts {
    fn data() -> Self {
        Self
    }

    fn view(_page: Self) -> AnyView {
        let url = use_url().get_untracked();
        match url.path().split('/').nth(1) {
            Some("register") => view! { <Register /> }.at_once(),
            Some("confirm") => view! { <Confirm /> }.at_once(),
            Some("forgot") => view! { <Forgot /> }.at_once(),
            Some("reset") => view! { <Reset /> }.at_once(),
            Some("account") => guarded(|| view! { <Account /> }.at_once()),
            _ => view! { <Login /> }.at_once(),
        }
    }
}

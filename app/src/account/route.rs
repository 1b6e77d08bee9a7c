//! The routes of the account pages.

use leptos::prelude::*;
use leptos_router::ChooseView;

use super::{confirm::Confirm, forgot::Forgot, login::Login, page::Account, register::Register, reset::Reset};
use crate::{sync_view::IntoSyncAny, ui::require_access::require_access};

/// A page of this feature, as the view of its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountPage {
    Register,
    Login,
    Confirm,
    Forgot,
    Reset,
    Account,
}

impl ChooseView for AccountPage {
    async fn choose(self) -> AnyView {
        account_page(self).await
    }

    async fn preload(&self) {}
}

/// All pages of the feature. They share one WASM file, which is loaded when the first of them is opened: leptos'
/// `LazyRoute` would make one for each.
#[lazy]
fn account_page(page: AccountPage) -> AnyView {
    match page {
        AccountPage::Register => view! { <Register /> }.into_sync_any(),
        AccountPage::Login => view! { <Login /> }.into_sync_any(),
        AccountPage::Confirm => view! { <Confirm /> }.into_sync_any(),
        AccountPage::Forgot => view! { <Forgot /> }.into_sync_any(),
        AccountPage::Reset => view! { <Reset /> }.into_sync_any(),
        AccountPage::Account => require_access(|| view! { <Account /> }.into_sync_any()),
    }
}

//! How many readings are left.

use leptos::prelude::*;

use super::texts::AccountTexts;
use crate::{browser::fetch::Loaded, i18n::Language, sync_view::IntoAnyAtOnce, ui::error_message::Told};
use api::{Account, Quota};

/// What is left, of how many, and until when.
#[component]
pub fn QuotaFacts(
    /// The account, once it is here.
    account: RwSignal<Loaded<Account>>,
) -> impl IntoView {
    move || match account.get() {
        Loaded::Waiting => view! { <p class="figure">"–"</p> }.at_once(),
        Loaded::Refused(refusal) => view! { <Told refusal /> }.at_once(),
        Loaded::Here(account) => view! { <Facts quota=account.quota /> }.at_once(),
    }
}

#[component]
fn Facts(quota: Quota) -> impl IntoView {
    let language = Language::shared();
    let texts = move || AccountTexts::of(language.locale());
    let left = move || match (quota.remaining, quota.limit) {
        (Some(left), Some(limit)) => (texts().quota)(left, limit),
        _ => texts().quota_lifted.to_owned(),
    };
    let is_partly_used = quota.limit.is_some() && quota.remaining != quota.limit;
    view! {
        <p class="figure">{left}</p>
        {is_partly_used.then(|| view! { <p class="small">{move || (texts().quota_reset)(quota.reset_seconds)}</p> })}
        {quota
            .unconfirmed_remaining
            .map(|left| view! { <p class="small">{move || (texts().unconfirmed_left)(left)}</p> })}
    }
    .at_once()
}

//! The prediction quota.

use leptos::prelude::*;

use super::texts::AccountTexts;
use crate::{browser::fetch::FetchState, i18n::Language, sync_view::IntoSyncAny, ui::error_message::ErrorMessage};
use api::{Account, Quota};

/// What is left, of how many, and when the quota is reset.
#[component]
pub fn QuotaPanel(account: RwSignal<FetchState<Account>>) -> impl IntoView {
    move || match account.get() {
        FetchState::Loading => view! { <p class="figure">"–"</p> }.into_sync_any(),
        FetchState::Failed(error) => view! { <ErrorMessage error /> }.into_sync_any(),
        FetchState::Ready(account) => view! { <QuotaDetails quota=account.quota /> }.into_sync_any(),
    }
}

#[component]
fn QuotaDetails(quota: Quota) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<AccountTexts>();
    let left = move || match (quota.remaining, quota.limit) {
        (Some(left), Some(limit)) => (texts().quota)(left, limit),
        _ => texts().quota_lifted.to_owned(),
    };
    let is_partly_used = quota.limit.is_some() && quota.remaining != quota.limit;
    // They come back one after another.
    let next = (quota.remaining == Some(0)).then(|| {
        let limit = quota.limit.map_or(1, u64::from);
        quota.reset_seconds.div_ceil(limit.max(1))
    });
    view! {
        <p class="figure">{left}</p>
        {next.map(|seconds| view! { <p class="small">{move || (texts().quota_next)(seconds)}</p> })}
        {is_partly_used.then(|| view! { <p class="small">{move || (texts().quota_reset)(quota.reset_seconds)}</p> })}
        {quota
            .unconfirmed_remaining
            .map(|left| view! { <p class="small">{move || (texts().unconfirmed_left)(left)}</p> })}
    }
    .into_sync_any()
}

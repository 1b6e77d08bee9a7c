//! The numbers of accounts, independent of the search.

use leptos::prelude::*;

use super::texts::UsersTexts;
use crate::{i18n::t, sync_view::IntoSyncAny};
use api::UserCounts;

/// Four numbers; dashes until they are loaded.
#[component]
pub fn Counts(
    /// `None` until they are loaded.
    counts: RwSignal<Option<UserCounts>>,
) -> impl IntoView {
    let count = move |label: fn(&'static UsersTexts) -> &'static str, pick: fn(UserCounts) -> u64| {
        let number = move || {
            counts
                .get()
                .map_or_else(|| "–".to_owned(), |counts| pick(counts).to_string())
        };
        view! {
            <div class="count">
                <dt>{t(label)}</dt>
                <dd class="figure">{number}</dd>
            </div>
        }
    };
    view! {
        <dl class="counts">
            {count(|t| t.all, |counts| counts.total)} {count(|t| t.admins, |counts| counts.admins)}
            {count(|t| t.unconfirmed, |counts| counts.unconfirmed)} {count(|t| t.disabled, |counts| counts.disabled)}
        </dl>
    }
    .into_sync_any()
}

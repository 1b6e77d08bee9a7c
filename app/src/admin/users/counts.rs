//! How many accounts there are, whatever the list shows.

use leptos::prelude::*;

use super::texts::{UsersTexts, say};
use crate::{i18n::Language, sync_view::IntoAnyAtOnce};
use api::UserCounts;

/// Four numbers; dashes until they are known.
#[component]
pub fn Counts(
    /// The numbers, once they are here.
    counts: RwSignal<Option<UserCounts>>,
) -> impl IntoView {
    let language = Language::shared();
    let fact = move |label: fn(&'static UsersTexts) -> &'static str, pick: fn(UserCounts) -> u64| {
        let number = move || {
            counts
                .get()
                .map_or_else(|| "–".to_owned(), |counts| pick(counts).to_string())
        };
        view! {
            <div class="count">
                <dt>{say(language, label)}</dt>
                <dd class="figure">{number}</dd>
            </div>
        }
    };
    view! {
        <dl class="counts">
            {fact(|t| t.all, |counts| counts.total)} {fact(|t| t.admins, |counts| counts.admins)}
            {fact(|t| t.unconfirmed, |counts| counts.unconfirmed)} {fact(|t| t.disabled, |counts| counts.disabled)}
        </dl>
    }
    .at_once()
}

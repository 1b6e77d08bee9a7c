//! The newest warnings and errors of the server's log.

use leptos::prelude::*;

use super::panel::Panel;
use crate::{
    admin::status::{
        dashboard::{self, Dashboard},
        texts::StatusTexts,
    },
    i18n::Language,
    sync_view::IntoSyncAny,
};
use api::LogEntry;

/// The number of entries shown.
const MAX_ENTRIES: usize = 20;

/// The panel with the list.
#[component]
pub fn Log() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let list = move || {
        let texts = language.texts::<StatusTexts>();
        dashboard.log.with(|log| match log {
            dashboard::Log::Waiting => view! { <p class="verdict-line">{texts.no_data}</p> }.into_sync_any(),
            dashboard::Log::Failed => view! { <p class="verdict-line">{texts.log_failed}</p> }.into_sync_any(),
            dashboard::Log::Entries(entries) if entries.is_empty() => {
                view! { <p class="verdict-line">{texts.log_empty}</p> }.into_sync_any()
            }
            dashboard::Log::Entries(entries) => {
                let rows = entries
                    .iter()
                    .take(MAX_ENTRIES)
                    .map(|entry| row(entry, texts))
                    .collect_view();
                view! { <ol class="log" role="list">{rows}</ol> }.into_sync_any()
            }
        })
    };
    view! {
        <Panel id="log" title=|t| t.log queries=Vec::new()>
            {list}
        </Panel>
    }
    .into_sync_any()
}

fn row(entry: &LogEntry, texts: &'static StatusTexts) -> impl IntoView + use<> {
    let is_error = entry.level == "ERROR";
    let (class, word) = if is_error {
        ("bad", texts.error)
    } else {
        ("warn", texts.warning)
    };
    // `2026-11-24T10:15:30.123+00:00`: the date and the sub-second digits are dropped.
    let time = entry.time.get(11..19).unwrap_or(&entry.time).to_owned();
    view! {
        <li class=class>
            <time datetime=entry.time.clone() title=entry.time.clone()>{time}</time>
            <strong class="log-level">{word}</strong>
            <span class="log-message">{entry.message.clone()}</span>
            <span class="log-source">
                {entry.target.clone()}
                {entry.request_id.clone().map(|id| view! { " · " <code>{id}</code> })}
            </span>
        </li>
    }
}

//! The API keys.

use leptos::{html, prelude::*};

use super::{copy_button::CopyButton, create_key::CreateKey, key_row::KeyRow};
use crate::{
    account::texts::OwnTexts,
    browser::fetch::{Fetch, FetchState},
    client,
    i18n::t,
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, texts::SharedTexts},
};
use api::ApiKeys;

/// The state of the panel. Copies share it.
#[derive(Clone, Copy)]
pub struct KeysState {
    keys: Fetch<ApiKeys>,
    /// The key that was just made, until its owner has kept it: the server doesn't show it again.
    made: RwSignal<Option<String>>,
    heading: NodeRef<html::H2>,
}

impl KeysState {
    /// Shows a new key.
    pub fn show(self, key: String) {
        self.keys.refetch();
        self.go(Some(key));
    }

    fn go(self, made: Option<String>) {
        self.made.set(made);
        // What had the focus is gone.
        if let Some(heading) = self.heading.get_untracked() {
            heading.focus().ok();
        }
    }
}

/// The keys, each with a button that revokes it, and the form for another. All of it takes the page's code: without it a key
/// could be made, and not be revoked.
#[component]
pub fn KeyList() -> impl IntoView {
    let keys = Fetch::new(|| Box::pin(client::keys()));
    let state = KeysState {
        keys,
        made: RwSignal::new(None),
        heading: NodeRef::new(),
    };
    let announcement = RwSignal::new(String::new());
    let list = move || match keys.state.get() {
        FetchState::Loading => view! { <p class="small">{t(|t: &SharedTexts| t.loading)}</p> }.into_sync_any(),
        FetchState::Failed(error) => view! {
            <ErrorMessage error />
            <button type="button" on:click=move |_| keys.refetch()>
                {t(|t: &SharedTexts| t.retry)}
            </button>
        }
        .into_sync_any(),
        FetchState::Ready(ApiKeys { keys }) if keys.is_empty() => {
            view! { <p class="small">{t(|t: &OwnTexts| t.no_keys)}</p> }.into_sync_any()
        }
        FetchState::Ready(ApiKeys { keys }) => {
            let rows = keys
                .into_iter()
                .map(|key| view! { <KeyRow key announcement /> })
                .collect_view();
            view! { <ol class="sessions">{rows}</ol> }.into_sync_any()
        }
    };
    let is_ready = Memo::new(move |_| keys.state.with(|keys| matches!(keys, FetchState::Ready(_))));
    let next = move || match state.made.get() {
        Some(key) => view! { <Made key state /> }.into_sync_any(),
        None if is_ready.get() => view! { <CreateKey state /> }.into_sync_any(),
        None => ().into_sync_any(),
    };
    view! {
        <section class="account-panel" aria-labelledby="keys-title" aria-busy=move || keys.busy.get().to_string()>
            <h2 id="keys-title" tabindex="-1" node_ref=state.heading>
                {t(|t: &OwnTexts| t.keys_title)}
            </h2>
            <p>{t(|t: &OwnTexts| t.keys_lead)}</p>
            {list}
            <p class="visually-hidden" role="status">
                {move || announcement.get()}
            </p>
            {next}
        </section>
    }
    .into_sync_any()
}

/// The key, with a button that copies it and one to go on.
#[component]
fn Made(key: String, state: KeysState) -> impl IntoView {
    view! {
        <p role="status">{t(|t: &OwnTexts| t.keep_key)}</p>
        <p class="breakable">
            <code>{key.clone()}</code>
        </p>
        <CopyButton
            text=key
            label=t(|t: &OwnTexts| t.copy_key)
            copied=t(|t: &OwnTexts| t.key_copied)
            failed=t(|t: &OwnTexts| t.key_copy_failed)
        />
        <button type="button" class="primary" on:click=move |_| state.go(None)>
            {t(|t: &OwnTexts| t.key_kept)}
        </button>
    }
    .into_sync_any()
}

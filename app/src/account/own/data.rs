//! What the user has given, as a file, and taking back the corrections.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    account::texts::OwnTexts,
    browser::fetch::redirect_if_signed_out,
    client::{self, ClientError},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::error_message::ErrorAlert,
};

/// Downloads the data, and takes back all corrections.
#[component]
pub fn OwnData() -> impl IntoView {
    let language = Language::shared();
    let busy = RwSignal::new(false);
    let is_done = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let take_back = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        is_done.set(false);
        error.set(None);
        spawn_local(async move {
            let answer = client::take_back_all().await;
            // The page may have been left.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => is_done.set(true),
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    error.set(Some(cause));
                }
            }
        });
    };
    let label = move || {
        let texts = language.texts::<OwnTexts>();
        if busy.get() { texts.taking_back } else { texts.take_back }
    };
    let done = move || is_done.get().then(|| language.texts::<OwnTexts>().taken_back);
    view! {
        <section class="account-panel" aria-labelledby="data-title">
            <h2 id="data-title">{t(|t: &OwnTexts| t.data_title)}</h2>
            <p>{t(|t: &OwnTexts| t.data_lead)}</p>
            <a class="button" download href="/api/me/data">
                {t(|t: &OwnTexts| t.download_data)}
            </a>
            <button type="button" aria-busy=move || busy.get().to_string() on:click=take_back>
                {label}
            </button>
            <div class="outcome">
                <p class="done" role="status">
                    {done}
                </p>
                <ErrorAlert error />
            </div>
        </section>
    }
    .into_sync_any()
}

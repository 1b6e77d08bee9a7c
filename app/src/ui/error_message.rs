//! The message for a failed request.

use leptos::prelude::*;

use crate::{account::texts::AccountTexts, client::ClientError, i18n::Language, sync_view::IntoSyncAny};

/// A live region for the last error. It is always present, so that screen readers announce the error and the layout
/// doesn't move.
#[component]
pub fn ErrorAlert(
    /// The error to show, if any.
    error: RwSignal<Option<ClientError>>,
) -> impl IntoView {
    view! {
        <div class="error-alert" role="alert">
            {move || error.get().map(|error| view! { <ErrorMessage error /> })}
        </div>
    }
    .into_sync_any()
}

/// What happened, and what to do.
#[component]
pub fn ErrorMessage(error: ClientError) -> impl IntoView {
    let language = Language::shared();
    let text = move || AccountTexts::of(language.locale()).refusal(&error);
    view! {
        <p class="error-message">
            {move || {
                let text = text();
                view! {
                    <strong>{text.happened}</strong>
                    " "
                    {text.remedy}
                }
            }}
        </p>
    }
    .into_sync_any()
}

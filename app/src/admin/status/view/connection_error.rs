//! Why there are no new figures, and what to do.

use leptos::prelude::*;

use crate::{
    admin::status::{
        connection::{Connection, ConnectionError},
        dashboard::Dashboard,
        texts::StatusTexts,
    },
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};

/// The sign-in page, which leads back here.
const SIGN_IN: &str = "/login?next=/admin/status";

/// Shown while the last scrape has failed. The container is always there, so that its content is announced.
#[component]
pub fn ConnectionErrorAlert() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let error = Memo::new(move |_| match dashboard.connection() {
        Connection::Failed(error) => Some(error),
        _ => None,
    });
    let shown = move || {
        let error = error.get()?;
        let text = language.texts::<StatusTexts>().connection_error(error);
        let action = if error == ConnectionError::SignedOut {
            view! {
                <a class="button" href=SIGN_IN rel="external">
                    {t(|t: &StatusTexts| t.sign_in)}
                </a>
            }
            .into_sync_any()
        } else {
            view! {
                <button type="button" on:click=move |_| dashboard.retries.update(|retries| *retries += 1)>
                    {t(|t: &StatusTexts| t.try_now)}
                </button>
            }
            .into_sync_any()
        };
        Some(view! {
            <div class="connection-error">
                <p>
                    <strong>{text.happened}</strong>
                    " "
                    {text.remedy}
                </p>
                {action}
            </div>
        })
    };
    view! { <div role="alert">{shown}</div> }.into_sync_any()
}

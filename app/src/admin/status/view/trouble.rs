//! Why there is nothing new, and what to do. Its place is kept, so that nothing moves when it comes.

use leptos::prelude::*;

use crate::{
    admin::status::{
        connection::{Connection, Failure},
        dashboard::Dashboard,
        texts::{StatusTexts, say},
    },
    i18n::Language,
    sync_view::IntoAnyAtOnce,
};

/// The way to the sign-in page and back.
const SIGN_IN: &str = "/login?next=/admin/status";

/// Shown while the last try has failed.
#[component]
pub fn Trouble() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let failure = Memo::new(move |_| match dashboard.connection() {
        Connection::Failed(failure) => Some(failure),
        _ => None,
    });
    let shown = move || {
        let failure = failure.get()?;
        let text = StatusTexts::of(language.locale()).trouble(failure);
        let way = if failure == Failure::SignedOut {
            view! {
                <a class="button" href=SIGN_IN rel="external">
                    {say(language, |t| t.sign_in)}
                </a>
            }
            .at_once()
        } else {
            view! {
                <button type="button" on:click=move |_| dashboard.tries.update(|tries| *tries += 1)>
                    {say(language, |t| t.try_now)}
                </button>
            }
            .at_once()
        };
        Some(view! {
            <div class="trouble">
                <p>
                    <strong>{text.happened}</strong>
                    " "
                    {text.remedy}
                </p>
                {way}
            </div>
        })
    };
    view! { <div role="alert">{shown}</div> }.at_once()
}

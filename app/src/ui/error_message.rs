//! Why something didn't work, and what to do: said to screen readers too.

use leptos::prelude::*;

use crate::{account::texts::AccountTexts, client::Refusal, i18n::Language, sync_view::IntoAnyAtOnce};

/// The room for a refusal; it is there before it is needed, so that it is announced and nothing moves.
#[component]
pub fn Problem(
    /// The refusal, once there is one.
    refusal: RwSignal<Option<Refusal>>,
) -> impl IntoView {
    view! {
        <div class="problem" role="alert">
            {move || refusal.get().map(|refusal| view! { <Told refusal /> })}
        </div>
    }
    .at_once()
}

/// A refusal in two sentences.
#[component]
pub fn Told(
    /// Which.
    refusal: Refusal,
) -> impl IntoView {
    let language = Language::shared();
    let text = move || AccountTexts::of(language.locale()).refusal(&refusal);
    view! {
        <p class="refusal">
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
    .at_once()
}

//! The hint on the empty canvas: a sentence and an animated stroke.

use leptos::prelude::*;

use super::state::{DrawState, LivePrediction};
use crate::i18n::Language;

/// Shown until something is drawn. While the classifier loads, it says so.
#[component]
pub fn Hint() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let is_shown = Memo::new(move |_| state.is_empty() && state.keyboard.with(Option::is_none));
    let is_loading = Memo::new(move |_| state.live.with(|live| *live == LivePrediction::Loading));
    view! {
        <div class="hint" class:gone=move || !is_shown.get() aria-hidden="true">
            <svg class="hint-stroke" viewBox="0 0 100 100">
                <path pathLength="1" d="M32 30c5-13 35-14 35 5 0 12-13 14-18 14 6 0 21 2 21 16 0 20-34 20-40 5" />
            </svg>
            <p>
                {move || {
                    let texts = language.texts();
                    if is_loading.get() { texts.loading } else { texts.hint }
                }}
            </p>
        </div>
    }
}

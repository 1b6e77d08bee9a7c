//! What stands on the blank paper: one sentence and a stroke that draws itself.

use leptos::prelude::*;

use super::state::{Desk, Live};
use crate::i18n::Language;

/// Shown until something is drawn. While the program loads it says so; the room is the same.
#[component]
pub fn Hint() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let is_shown = Memo::new(move |_| desk.is_empty() && desk.keyboard.with(Option::is_none));
    let is_loading = Memo::new(move |_| desk.live.with(|live| *live == Live::Loading));
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

//! The bar chart of the digits' probabilities.

use leptos::prelude::*;

use super::{state::DrawState, texts::DrawTexts};
use crate::{
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
};

/// Ten labelled bars. The tallest is highlighted.
#[component]
pub fn Bars() -> impl IntoView {
    view! {
        <ol class="bars" role="list" aria-label=t(|t: &DrawTexts| t.bars)>
            {(0..10_u8).map(|digit| view! { <Bar digit /> }).collect_view()}
        </ol>
    }
    .into_sync_any()
}

/// The bar of one digit.
#[component]
fn Bar(digit: u8) -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    // In thousandths, as shown, so that smaller changes don't update the document.
    let share = Memo::new(move |_| {
        state.live.with(|live| {
            live.result()
                .map(|result| thousandths(result.reading.prediction.probabilities[usize::from(digit)]))
        })
    });
    let is_tallest = Memo::new(move |_| {
        state.live.with(|live| {
            live.result()
                .is_some_and(|result| result.reading.prediction.digit() == digit)
        })
    });
    view! {
        <li class="bar" class:tallest=move || is_tallest.get() data-testid=format!("bar-{digit}")>
            <span class="bar-digit">{digit}</span>
            <svg class="bar-track" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
                <rect height="1" width=move || share.get().unwrap_or(0) />
            </svg>
            <span class="bar-share">
                {move || share.get().map(|share| percent(share, language.locale()))}
            </span>
        </li>
    }
}

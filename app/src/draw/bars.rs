//! Ten bars: the probability of each digit.

use leptos::prelude::*;

use super::state::Desk;
use crate::{
    i18n::{Language, percent, thousandths},
    sync_view::IntoAnyAtOnce,
};

/// The list of bars, each labelled; the tallest stands out.
#[component]
pub fn Bars() -> impl IntoView {
    let language = Language::shared();
    view! {
        <ol class="bars" role="list" aria-label=language.say(|t| t.bars)>
            {(0..10_u8).map(|digit| view! { <Bar digit /> }).collect_view()}
        </ol>
    }
    .at_once()
}

/// The bar of one digit.
#[component]
fn Bar(digit: u8) -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    // In thousandths, as shown: a change too small to show touches nothing on the page.
    let share = Memo::new(move |_| {
        desk.live.with(|live| {
            live.glance()
                .map(|glance| thousandths(glance.reading.probabilities[usize::from(digit)]))
        })
    });
    let is_tallest = Memo::new(move |_| {
        desk.live
            .with(|live| live.glance().is_some_and(|glance| glance.reading.digit() == digit))
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

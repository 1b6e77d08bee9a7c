//! The local prediction: a large numeral and its certainty.

use leptos::prelude::*;

use super::{
    certainty::{Certainty, second_guess},
    state::{DrawState, LivePrediction},
};
use crate::{
    i18n::{Language, percent, thousandths},
    sync_view::IntoSyncAny,
};

/// The digit, its certainty as a word and a percentage, and the second most likely digit.
#[component]
pub fn PredictionPanel() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let digit = Memo::new(move |_| {
        state
            .live
            .with(|live| live.result().map(|result| result.prediction.digit()))
    });
    let certainty = move || {
        let (texts, locale) = (language.texts(), language.locale());
        state.live.with(|live| match live {
            LivePrediction::Ready(result) => {
                let probability = result.prediction.probability();
                let word = (texts.certainty)(Certainty::of(probability));
                format!("{word}, {}", percent(thousandths(probability), locale))
            }
            LivePrediction::Blank => texts.blank.to_owned(),
            LivePrediction::Loading | LivePrediction::Empty | LivePrediction::Failed => String::new(),
        })
    };
    let second = move || {
        let (texts, locale) = (language.texts(), language.locale());
        state.live.with(|live| match live {
            LivePrediction::Ready(result) => second_guess(&result.prediction.probabilities).map_or_else(
                || texts.no_second.to_owned(),
                |(digit, probability)| (texts.or_maybe)(digit, &percent(thousandths(probability), locale)),
            ),
            LivePrediction::Empty => texts.waiting.to_owned(),
            LivePrediction::Blank => texts.blank_help.to_owned(),
            LivePrediction::Failed => texts.load_failed.to_owned(),
            LivePrediction::Loading => texts.loading.to_owned(),
        })
    };
    view! {
        <div class="answer" data-testid="answer" data-digit=move || digit.get().map(|digit| digit.to_string())>
            <p class="numeral" class:none=move || digit.get().is_none()>
                {move || digit.get().map_or_else(|| "–".to_owned(), |digit| digit.to_string())}
            </p>
            <p class="certainty">{certainty}</p>
            <p class="second">{second}</p>
        </div>
    }
    .into_sync_any()
}

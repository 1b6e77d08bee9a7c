//! The local prediction: a large numeral, its certainty, and what to do where it is no single digit.

use classifier::Reading;
use leptos::prelude::*;

use super::{
    description::Description,
    state::{DrawState, LivePrediction},
    texts::DrawTexts,
};
use crate::{i18n::Language, sync_view::IntoSyncAny, ui::texts::FrameTexts};

/// The digit or the number, its certainty as a word and a percentage, and the second most likely digit or what to do.
#[component]
pub fn PredictionPanel() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let digit = Memo::new(move |_| {
        state
            .live
            .with(|live| live.result().map(|result| result.reading.prediction.digit()))
    });
    let description = Memo::new(move |_| {
        let (texts, locale) = (language.texts::<DrawTexts>(), language.locale());
        let only = |detail: &str| Description {
            numeral: None,
            headline: String::new(),
            detail: detail.to_owned(),
        };
        state.live.with(|live| match live {
            LivePrediction::Ready(result) => Description::of(&result.reading, texts, locale),
            LivePrediction::Blank => Description::of(&Reading::blank(), texts, locale),
            LivePrediction::Altered => Description {
                headline: texts.altered.to_owned(),
                ..only(texts.altered_help)
            },
            LivePrediction::Empty => only(texts.waiting),
            LivePrediction::Failed => only(language.texts::<FrameTexts>().load_failed),
            LivePrediction::Loading => only(texts.loading),
        })
    });
    let numeral = move || description.with(|description| description.numeral.clone());
    let length = move || numeral().map_or(1, |numeral| numeral.chars().count());
    let is_pair = move || matches!(length(), 2 | 3);
    let is_long = move || length() > 3;
    view! {
        <div class="answer" data-testid="answer" data-digit=move || digit.get().map(|digit| digit.to_string())>
            <p
                class="numeral"
                class:none=move || numeral().is_none()
                class:pair=is_pair
                class:long=is_long
            >
                {move || numeral().unwrap_or_else(|| "–".to_owned())}
            </p>
            <div class="words">
                <p class="certainty">{move || description.with(|description| description.headline.clone())}</p>
                <p class="second">{move || description.with(|description| description.detail.clone())}</p>
            </div>
        </div>
    }
    .into_sync_any()
}

//! The page's own answer: one very large numeral and how sure it is.

use leptos::prelude::*;

use super::{
    certainty::{Certainty, second_guess},
    state::{Desk, Live},
};
use crate::{
    i18n::{Language, percent, thousandths},
    sync_view::IntoAnyAtOnce,
};

/// The numeral, its certainty in a word and per cent, the second guess.
#[component]
pub fn Answer() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let digit = Memo::new(move |_| {
        desk.live
            .with(|live| live.glance().map(|glance| glance.reading.digit()))
    });
    let certainty = move || {
        let (texts, locale) = (language.texts(), language.locale());
        desk.live.with(|live| match live {
            Live::Read(glance) => {
                let probability = glance.reading.probability();
                let word = (texts.certainty)(Certainty::of(probability));
                format!("{word}, {}", percent(thousandths(probability), locale))
            }
            Live::Blank => texts.blank.to_owned(),
            Live::Loading | Live::Waiting | Live::Failed => String::new(),
        })
    };
    let second = move || {
        let (texts, locale) = (language.texts(), language.locale());
        desk.live.with(|live| match live {
            Live::Read(glance) => second_guess(&glance.reading.probabilities).map_or_else(
                || texts.no_second.to_owned(),
                |(digit, probability)| (texts.or_maybe)(digit, &percent(thousandths(probability), locale)),
            ),
            Live::Waiting => texts.waiting.to_owned(),
            Live::Blank => texts.blank_help.to_owned(),
            Live::Failed => texts.load_failed.to_owned(),
            Live::Loading => texts.loading.to_owned(),
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
    .at_once()
}

//! The drawing page: canvas, answer, what the network sees.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    actions::Ask, announcer::Announcer, bars::Bars, canvas::Board, comparison::Comparison, file_input, help::Help,
    live_inference, model_input::Seen, persistence, prediction::Answer, state::Desk, tools::Tools,
};
use crate::{i18n::Language, sync_view::IntoAnyAtOnce};

/// The page at `/`.
#[component]
pub fn Draw() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::provide();
    let dropping = RwSignal::new(false);
    persistence::keep_drawing(desk);
    live_inference::keep_reading(desk);
    file_input::listen(desk, dropping);
    view! {
        <Title text=language.say(|t| t.title) />
        <h1 class="unseen">{language.say(|t| t.heading)}</h1>
        <div class="desk">
            <div class="desk-draw">
                <Board dropping />
                <Tools />
                <Ask />
            </div>
            <section class="desk-answer" aria-labelledby="answer-title">
                <h2 id="answer-title">{language.say(|t| t.answer)}</h2>
                <Answer />
                <Bars />
            </section>
            <Comparison />
            <Seen />
            <Help />
        </div>
        <Announcer />
    }
    .at_once()
}

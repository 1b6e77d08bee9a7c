//! The drawing page: canvas, answer, what the network sees.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    at_once::IntoAnyAtOnce,
    browser::{files, keep, read},
    components::{
        announcer::Announcer, answer::Answer, ask::Ask, bars::Bars, board::Board, comparison::Comparison, help::Help,
        seen::Seen, tools::Tools,
    },
    desk::Desk,
    i18n::Language,
};

/// The page at `/`.
#[component]
pub fn Draw() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::provide();
    let dropping = RwSignal::new(false);
    keep::keep_drawing(desk);
    read::keep_reading(desk);
    files::listen(desk, dropping);
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

//! The drawing page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    actions::Actions, announcer::Announcer, bars::Bars, canvas::DrawingCanvas, comparison::Comparison, file_input,
    help::Help, live_inference, model_input::ModelInputPanel, persistence, prediction::PredictionPanel,
    state::DrawState, tools::Tools,
};
use crate::{i18n::Language, sync_view::IntoSyncAny};

/// The page at `/`.
#[component]
pub fn Draw() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::provide();
    let is_dragging = RwSignal::new(false);
    persistence::persist_drawing(state);
    live_inference::run(state);
    file_input::listen(state, is_dragging);
    view! {
        <Title text=language.say(|t| t.title) />
        <h1 class="visually-hidden">{language.say(|t| t.heading)}</h1>
        <div class="desk">
            <div class="desk-draw">
                <DrawingCanvas is_dragging />
                <Tools />
                <Actions />
            </div>
            <section class="desk-answer" aria-labelledby="answer-title">
                <h2 id="answer-title">{language.say(|t| t.answer)}</h2>
                <PredictionPanel />
                <Bars />
            </section>
            <Comparison />
            <ModelInputPanel />
            <Help />
        </div>
        <Announcer />
    }
    .into_sync_any()
}

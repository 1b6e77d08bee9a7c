//! The drawing page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    actions::Actions, announcer::Announcer, bars::Bars, canvas::DrawingCanvas, comparison::Comparison, file_input,
    help::Help, live_inference, model_input::ModelInputPanel, persistence, plain_upload::PlainUpload,
    prediction::PredictionPanel, state::DrawState, texts::DrawTexts, tools::Tools,
};
use crate::{
    i18n::{Language, t, tag},
    sync_view::IntoSyncAny,
    ui::title::title,
};

/// The page at `/`.
#[component]
pub fn Draw() -> impl IntoView {
    let language = Language::shared();
    let PlainUpload { html, is_answer } = use_context().unwrap_or_default();
    if is_answer {
        return view! {
            <Title text=title(move || language.texts::<DrawTexts>().title) />
            <section class="card" inner_html=html></section>
        }
        .into_sync_any();
    }
    let state = DrawState::provide();
    let is_dragging = RwSignal::new(false);
    persistence::persist(state);
    live_inference::run(state);
    file_input::listen(state, is_dragging);
    view! {
        <Title text=title(move || language.texts::<DrawTexts>().title) />
        <h1 class="visually-hidden">{t(|t: &DrawTexts| t.heading)}</h1>
        <div class="plain-upload" inner_html=html></div>
        <div class="draw" translate="no" lang=tag()>
            <div class="draw-canvas">
                <DrawingCanvas is_dragging />
                {move || state.grid.get().map(|view| view())}
                <Tools />
                <Actions />
            </div>
            <section class="draw-prediction" aria-labelledby="answer-title">
                <h2 id="answer-title">{t(|t: &DrawTexts| t.prediction)}</h2>
                <PredictionPanel />
                <Bars />
            </section>
            <Comparison />
            <ModelInputPanel />
            <Help />
            <Announcer />
        </div>
    }
    .into_sync_any()
}

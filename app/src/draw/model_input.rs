//! The network's input, and the duration of the prediction.

use leptos::{html::Canvas, prelude::*};

use super::{explain::Explanation, rendering, state::DrawState, texts::DrawTexts};
use crate::{
    i18n::{Language, milliseconds, t},
    sync_view::IntoSyncAny,
};

/// The 28 by 28 image, enlarged without smoothing.
#[component]
pub fn ModelInputPanel() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let canvas = NodeRef::<Canvas>::new();
    rendering::repaint_model_input_on_change(state, canvas);
    let duration = move || {
        state.live.with(|live| {
            live.result()
                .map(|result| milliseconds(result.milliseconds, language.locale()))
        })
    };
    view! {
        <section class="draw-model-input" aria-labelledby="seen-title">
            <h2 id="seen-title">{t(|t: &DrawTexts| t.model_input)}</h2>
            <canvas
                node_ref=canvas
                class="seen"
                width=classifier::SIDE
                height=classifier::SIDE
                role="img"
                aria-label=t(|t: &DrawTexts| t.model_input_alt)
                data-testid="seen"
            ></canvas>
            <p class="small">{t(|t: &DrawTexts| t.model_input_help)}</p>
            <dl class="facts">
                <div>
                    <dt>{t(|t: &DrawTexts| t.inference_time)}</dt>
                    <dd>{move || duration().unwrap_or_else(|| "–".to_owned())}</dd>
                </div>
                <div>
                    <dt>{t(|t: &DrawTexts| t.model)}</dt>
                    <dd>{move || state.model.with(ToString::to_string)}</dd>
                </div>
            </dl>
            <Explanation />
        </section>
    }
    .into_sync_any()
}

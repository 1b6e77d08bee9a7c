//! The network's input, and the duration of the prediction.

use leptos::{html::Canvas, prelude::*};

use super::{rendering, state::DrawState};
use crate::{
    i18n::{Language, milliseconds},
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
        <section class="desk-seen" aria-labelledby="seen-title">
            <h2 id="seen-title">{language.say(|t| t.seen)}</h2>
            <canvas
                node_ref=canvas
                class="seen"
                width=classifier::SIDE
                height=classifier::SIDE
                role="img"
                aria-label=language.say(|t| t.seen_alt)
                data-testid="seen"
            ></canvas>
            <p class="small">{language.say(|t| t.seen_help)}</p>
            <dl class="facts">
                <div>
                    <dt>{language.say(|t| t.read_in)}</dt>
                    <dd>{move || duration().unwrap_or_else(|| "–".to_owned())}</dd>
                </div>
                <div>
                    <dt>{language.say(|t| t.model)}</dt>
                    <dd>{classifier::model_version()}</dd>
                </div>
            </dl>
        </section>
    }
    .into_sync_any()
}

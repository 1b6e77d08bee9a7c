//! What the network sees, and how long it looked.

use leptos::{html::Canvas, prelude::*};

use super::{rendering, state::Desk};
use crate::{
    i18n::{Language, milliseconds},
    sync_view::IntoAnyAtOnce,
};

/// The 28 by 28 picture, enlarged without smoothing.
#[component]
pub fn Seen() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let canvas = NodeRef::<Canvas>::new();
    rendering::keep_painting_seen(desk, canvas);
    let duration = move || {
        desk.live.with(|live| {
            live.glance()
                .map(|glance| milliseconds(glance.milliseconds, language.locale()))
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
    .at_once()
}

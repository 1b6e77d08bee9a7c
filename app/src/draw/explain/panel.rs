//! The panel: three framings, what counts, and the maps of each layer.

use leptos::{html::Canvas, mount::mount_to, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::{
    findings::Findings,
    live::{Answer, Live},
    mosaic,
    overlay::Overlay,
    texts::ExplainTexts,
    words::Words,
};
use crate::{
    browser::style,
    draw::{certainty::Certainty, texts::DrawTexts},
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
};

/// Put the panel into its `details` element and the marks over the canvas, unless they are there.
pub fn mount(details: HtmlDetailsElement, is_open: RwSignal<bool>) {
    if details.query_selector(".explanation").ok().flatten().is_some() {
        return;
    }
    style::add_once(include_str!("../../../../style/draw/explain.css"));
    let findings = Findings::follow(is_open);
    let board = document().query_selector(".board").ok().flatten();
    let marks = board.map(|board| mount_to(board.unchecked_into(), move || view! { <Overlay findings is_open /> }));
    let panel = mount_to(details.unchecked_into(), move || view! { <Panel findings is_open /> });
    let mounted = SendWrapper::new((marks, panel));
    on_cleanup(move || drop(mounted));
}

#[component]
fn Panel(findings: Findings, is_open: RwSignal<bool>) -> impl IntoView {
    let live = Live::new();
    let answers = live.answers;
    let framings = live.framings.into_iter().enumerate().map(|(index, canvas)| {
        let answer = Memo::new(move |_| answers.with(|answers| answers[index]));
        view! { <Framing index canvas answer /> }
    });
    let framings = framings.collect_view();
    let layers = live.layers.iter().enumerate().map(|(index, (layer, canvas))| {
        let (maps, side, size) = (layer.channels, layer.side, mosaic::size(layer));
        view! { <Layer number=index + 1 maps side size canvas=*canvas /> }
    });
    let layers = layers.collect_view();
    live.follow(is_open);
    view! {
        <div class="explanation">
            <h3>{t(|t: &ExplainTexts| t.framings)}</h3>
            <div class="framings">{framings}</div>
            <p class="small">{t(|t: &ExplainTexts| t.framings_help)}</p>
            <h3>{t(|t: &ExplainTexts| t.evidence)}</h3>
            <Words findings />
            <h3>{t(|t: &ExplainTexts| t.maps)}</h3>
            <p class="small">{t(|t: &ExplainTexts| t.maps_help)}</p>
            {layers}
        </div>
    }
    .into_sync_any()
}

/// One framing, with what the network would answer to it.
#[component]
fn Framing(index: usize, canvas: NodeRef<Canvas>, answer: Memo<Option<Answer>>) -> impl IntoView {
    let language = Language::shared();
    let name = move || language.texts::<ExplainTexts>().names[index];
    let alternative = move || (language.texts::<ExplainTexts>().framing_alt)(name());
    let digit = move || {
        answer
            .get()
            .and_then(|answer| answer.digit)
            .map(|digit| digit.to_string())
    };
    let words = move || {
        let (texts, locale) = (language.texts::<DrawTexts>(), language.locale());
        let Some(Answer { digit, probability }) = answer.get() else {
            return String::new();
        };
        if digit.is_none() {
            return texts.not_a_digit.to_owned();
        }
        let certainty = (texts.certainty)(Certainty::of(probability));
        format!("{certainty}, {}", percent(thousandths(probability), locale))
    };
    view! {
        <figure data-testid="framing" data-digit=digit>
            <canvas node_ref=canvas width=classifier::SIDE height=classifier::SIDE role="img" aria-label=alternative></canvas>
            <figcaption>
                <span>{name}</span>
                <strong>{move || digit().unwrap_or_else(|| "–".to_owned())}</strong>
                <span data-testid="framing-certainty">{words}</span>
            </figcaption>
        </figure>
    }
    .into_sync_any()
}

/// The maps of one layer.
#[component]
fn Layer(number: usize, maps: usize, side: usize, size: [usize; 2], canvas: NodeRef<Canvas>) -> impl IntoView {
    let language = Language::shared();
    let [width, height] = size;
    let caption = move || (language.texts::<ExplainTexts>().layer)(number, maps, side);
    let alternative = move || (language.texts::<ExplainTexts>().layer_alt)(number, maps);
    view! {
        <figure data-testid="layer">
            <figcaption>{caption}</figcaption>
            <canvas node_ref=canvas width=width height=height role="img" aria-label=alternative></canvas>
        </figure>
    }
    .into_sync_any()
}

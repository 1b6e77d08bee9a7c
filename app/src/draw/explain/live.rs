//! What follows the pen: three framings with their answers, and the maps of each layer. Painted at most once in a frame, and
//! only while the panel is open.

use std::cell::RefCell;

use classifier::{Activations, ModelInput, PIXELS, Prediction, Reading, THRESHOLD, preprocess::PageInk};
use leptos::{html::Canvas, prelude::*};

use super::mosaic;
use crate::{
    browser::frame::once_per_frame,
    draw::{
        drawing::PAGE,
        model,
        rendering::{draw_model_input, draw_opacities, on_display_change},
        state::DrawState,
    },
};

/// The whole page, the digit's box stretched, and MNIST's own framing, which the reader uses.
pub const FRAMINGS: usize = 3;

/// What the network answers to one framing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// `None` if it doesn't look like one.
    pub digit: Option<u8>,
    pub probability: f32,
}

impl From<&Prediction> for Answer {
    fn from(prediction: &Prediction) -> Self {
        Self {
            digit: (prediction.is_digit >= THRESHOLD).then(|| prediction.digit()),
            probability: prediction.probability(),
        }
    }
}

/// The canvases, and the answers beside them.
pub struct Live {
    pub framings: [NodeRef<Canvas>; FRAMINGS],
    pub answers: RwSignal<[Option<Answer>; FRAMINGS]>,
    /// For each convolution its maps, without ink, and the canvas.
    pub layers: Vec<(Activations, NodeRef<Canvas>)>,
}

impl Live {
    pub fn new() -> Self {
        let blank = ModelInput([0.0; PIXELS]);
        let layers = model::with_classifier(|classifier| classifier.activations(&blank));
        let layers = layers.into_iter().flatten().filter(|layer| layer.side > 1);
        Self {
            framings: std::array::from_fn(|_| NodeRef::new()),
            answers: RwSignal::new([None; FRAMINGS]),
            layers: layers
                .map(|mut layer| {
                    layer.values.fill(0.0);
                    (layer, NodeRef::new())
                })
                .collect(),
        }
    }

    /// Follow the live prediction while `is_open`.
    pub fn follow(self, is_open: RwSignal<bool>) {
        let state = DrawState::shared();
        let rgba = RefCell::new(Vec::new());
        let repaint = once_per_frame(move || {
            // `None` after the page was left.
            if is_open.try_get_untracked() == Some(true) {
                self.paint(state, &mut rgba.borrow_mut());
            }
        });
        Effect::new({
            let repaint = repaint.clone();
            move |_| {
                is_open.track();
                state.live.track();
                repaint();
            }
        });
        on_display_change(repaint);
    }

    fn paint(&self, state: DrawState, rgba: &mut Vec<u8>) {
        let reading = state
            .live
            .with_untracked(|live| live.result().map(|result| result.reading.clone()));
        let inputs = reading.as_deref().and_then(|reading| framings(state, reading));
        let predictions = inputs
            .as_ref()
            .and_then(|inputs| model::with_classifier(|classifier| classifier.classify(inputs)));
        self.answers.set(match predictions.as_deref() {
            Some([page, stretched, own]) => [page, stretched, own].map(|prediction| Some(prediction.into())),
            _ => [None; FRAMINGS],
        });
        for (index, canvas) in self.framings.iter().enumerate() {
            if let Some(canvas) = canvas.get_untracked() {
                draw_model_input(&canvas, inputs.as_ref().map(|inputs| &inputs[index]));
            }
        }
        let activations =
            reading.and_then(|reading| model::with_classifier(|classifier| classifier.activations(&reading.input)));
        for (index, (blank, canvas)) in self.layers.iter().enumerate() {
            let layer = activations.as_ref().and_then(|layers| layers.get(index));
            if let Some(canvas) = canvas.get_untracked() {
                mosaic::paint(layer.unwrap_or(blank), rgba);
                draw_opacities(&canvas, rgba);
            }
        }
    }
}

/// What the network sees of a reading in each framing; `None` if the reading has no place.
fn framings(state: DrawState, reading: &Reading) -> Option<[ModelInput; FRAMINGS]> {
    let area = reading.area?;
    let page = state.image.with_untracked(|image| match image {
        Some(image) => PageInk::of_picture(image.picture.as_ref()?),
        None => state
            .drawing
            .with_untracked(|drawing| Some(PageInk::of_drawing(drawing.strokes(), side()))),
    })?;
    Some([page.resized(), page.stretched(area), reading.input.clone()])
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the side of the page is a whole number"
)]
fn side() -> usize {
    PAGE as usize
}

//! Live inference: after every change of the drawing or the image, the classifier runs in the next frame.

use std::{sync::Arc, time::Duration};

use classifier::{Notice, Reading};
use leptos::prelude::*;

use super::{
    model,
    state::{DrawState, LivePrediction, LocalResult},
};
use crate::browser::{clock::measure, document, frame::once_per_frame};

/// The name of the performance measurement of one prediction.
const MEASUREMENT: &str = "trazo:predict";

/// Load the classifier once the page is shown, then predict after every change.
pub fn run(state: DrawState) {
    let predict = once_per_frame(move || predict_once(state));
    Effect::new({
        let predict = predict.clone();
        move |_| {
            state.drawing.track();
            state.image.track();
            predict();
        }
    });
    Effect::new(move |_| {
        let predict = predict.clone();
        // After the first paint: loading takes some milliseconds, and drawing should already work.
        set_timeout(
            move || {
                if model::load() {
                    state.live.set(LivePrediction::Empty);
                    document::mark_ready();
                    predict();
                } else {
                    state.live.set(LivePrediction::Failed);
                }
            },
            Duration::ZERO,
        );
    });
}

fn predict_once(state: DrawState) {
    if matches!(
        state.live.get_untracked(),
        LivePrediction::Loading | LivePrediction::Failed
    ) {
        return;
    }
    if untrack(move || state.is_empty()) {
        state.live.set(LivePrediction::Empty);
        return;
    }
    let (live, milliseconds) = measure(MEASUREMENT, move || {
        read(state).map_or(LivePrediction::Failed, |reading| {
            if reading.notice == Some(Notice::Blank) {
                return LivePrediction::Blank;
            }
            LivePrediction::Ready(LocalResult {
                reading: Arc::new(reading),
                milliseconds: 0.0,
            })
        })
    });
    state.live.set(match live {
        LivePrediction::Ready(result) => LivePrediction::Ready(LocalResult { milliseconds, ..result }),
        other => other,
    });
}

fn read(state: DrawState) -> Option<Reading> {
    state.image.with_untracked(|image| match image {
        Some(image) => model::read(&image.picture),
        None => state
            .drawing
            .with_untracked(|drawing| model::read_drawing(drawing.strokes())),
    })
}

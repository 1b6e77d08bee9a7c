//! Live inference: after every change of the drawing or the image, the classifier runs in the next frame. Where it sees no
//! digit, it looks for several that touch once the pen rests.

use std::{sync::Arc, time::Duration};

use classifier::{Notice, Reading};
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{
    follow, model,
    state::{DrawState, LivePrediction, LoadedImage, LocalResult},
};
use crate::browser::{clock::measure, document, frame::once_per_frame};

/// The name of the performance measurement of one prediction.
const MEASUREMENT: &str = "trazo:predict";

/// The pen rests after this long without a change.
const REST_DELAY: Duration = Duration::from_millis(120);

/// Load the classifier once the page is shown, then predict after every change.
pub fn run(state: DrawState) {
    let predict = once_per_frame(move || predict_once(state, false));
    Effect::new({
        let predict = predict.clone();
        let mut predict_at_rest = debounce(REST_DELAY, move |()| predict_once(state, true));
        move |_| {
            state.drawing.track();
            state.image.track();
            predict();
            predict_at_rest(());
        }
    });
    Effect::new(move |_| {
        let predict = predict.clone();
        // After the first paint: loading takes some milliseconds, and drawing should already work. In two tasks, between which
        // the browser handles input.
        set_timeout(
            move || {
                if model::load() {
                    set_timeout(move || make_ready(state, &predict), Duration::ZERO);
                } else {
                    state.live.set(LivePrediction::Failed);
                }
            },
            Duration::ZERO,
        );
    });
}

fn make_ready(state: DrawState, predict: &impl Fn()) {
    model::warm_up();
    // Unless the page was left meanwhile.
    if state.live.try_set(LivePrediction::Empty).is_none() {
        document::mark_ready();
        follow::follow_document(state);
        predict();
    }
}

/// Look for several digits that touch, which otherwise waits until the pen has rested.
pub fn finish(state: DrawState) {
    predict_once(state, true);
}

/// Read what is shown with another model.
pub fn read_again(state: DrawState) {
    predict_once(state, false);
    finish(state);
}

fn predict_once(state: DrawState, at_rest: bool) {
    let may_be_number = |live: &LivePrediction| {
        let result = live.result();
        result.is_some_and(|result| result.reading.may_be_number() && result.reading.lines.is_empty())
    };
    if at_rest && (untrack(move || state.has_image()) || !state.live.with_untracked(may_be_number)) {
        return;
    }
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
    // An image was read when it was decoded.
    let of_image = |image: &Option<LoadedImage>| image.as_ref().map(|image| image.reading.clone());
    let live = state.image.with_untracked(of_image).unwrap_or_else(|| {
        measured(|| {
            let read = if at_rest {
                model::read_drawing
            } else {
                model::read_unfinished
            };
            state.drawing.with_untracked(|drawing| read(drawing.strokes()))
        })
    });
    state.live.set(live);
}

/// What `read` gives, and how long it takes.
pub fn measured(read: impl FnOnce() -> Option<Reading>) -> LivePrediction {
    let (reading, milliseconds) = measure(MEASUREMENT, read);
    match reading {
        None => LivePrediction::Failed,
        Some(reading) if reading.notice == Some(Notice::Blank) => LivePrediction::Blank,
        Some(reading) => LivePrediction::Ready(LocalResult {
            reading: Arc::new(reading),
            model: model::version(),
            milliseconds,
        }),
    }
}

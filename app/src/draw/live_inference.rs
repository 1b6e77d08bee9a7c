//! Live reading: whenever the drawing or the picture changes, the network reads it in the next frame.

use std::{sync::Arc, time::Duration};

use classifier::preprocess::{Preprocessed, preprocess_strokes};
use leptos::prelude::*;

use super::{
    model,
    state::{Desk, Glance, Live},
};
use crate::browser::{clock::measured, document, frame::once_a_frame};

/// Name of the measurement that one reading leaves.
pub const MEASUREMENT: &str = "trazo:predict";

/// Load the network once the page is shown, then read at every change.
pub fn keep_reading(desk: Desk) {
    let look = once_a_frame(move || look(desk));
    Effect::new({
        let look = look.clone();
        move |_| {
            desk.drawing.track();
            desk.upload.track();
            look();
        }
    });
    Effect::new(move |_| {
        let look = look.clone();
        // After the first paint: loading takes some milliseconds, and the pen must already draw.
        set_timeout(
            move || {
                if model::load() {
                    desk.live.set(Live::Waiting);
                    document::say_ready();
                    look();
                } else {
                    desk.live.set(Live::Failed);
                }
            },
            Duration::ZERO,
        );
    });
}

fn look(desk: Desk) {
    if matches!(desk.live.get_untracked(), Live::Loading | Live::Failed) {
        return;
    }
    if untrack(move || desk.is_empty()) {
        desk.live.set(Live::Waiting);
        return;
    }
    let (live, milliseconds) = measured(MEASUREMENT, move || {
        let framed = frame(desk);
        if framed.blank {
            return Live::Blank;
        }
        model::read(&framed.input).map_or(Live::Failed, |reading| {
            Live::Read(Glance {
                seen: Arc::new(framed.input),
                reading,
                milliseconds: 0.0,
            })
        })
    });
    desk.live.set(match live {
        Live::Read(glance) => Live::Read(Glance { milliseconds, ..glance }),
        other => other,
    });
}

fn frame(desk: Desk) -> Preprocessed {
    desk.upload.with_untracked(|upload| match upload {
        Some(upload) => upload.pixels.frame(),
        None => desk
            .drawing
            .with_untracked(|drawing| preprocess_strokes(drawing.strokes())),
    })
}

//! The search for what counts in a reading. It starts once the pen rests, and takes a little of each frame, so that the next
//! stroke doesn't wait for it.

use std::time::Duration;

use classifier::{Notice, Reading, preprocess::Area};
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{
    evidence::{Change, Evidence},
    variants::{Variant, with_patches, with_pieces, without_parts, without_patches},
};
use crate::draw::{drawing::Drawing, model, rendering::placement, state::DrawState};

/// The pen rests after this long without a change.
const REST_DELAY: Duration = Duration::from_millis(300);

/// Variants that are read in one frame.
const VARIANTS_PER_FRAME: usize = 8;

/// What was found. Copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Findings {
    state: DrawState,
    /// With [`DrawState::revision`] of what it was found in.
    found: RwSignal<Option<(u32, Evidence)>>,
}

impl Findings {
    /// Search after every change, while `is_open`.
    pub fn follow(is_open: RwSignal<bool>) -> Self {
        let state = DrawState::shared();
        let findings = Self {
            state,
            found: RwSignal::new(None),
        };
        let mut search_at_rest = debounce(REST_DELAY, move |()| findings.search());
        Effect::new(move |_| {
            state.live.track();
            if is_open.get() {
                search_at_rest(());
            }
        });
        findings
    }

    /// What was found in what is shown now.
    pub fn get(self) -> Option<Evidence> {
        let revision = self.state.revision.get();
        self.found.with(|found| {
            found
                .as_ref()
                .filter(|found| found.0 == revision)
                .map(|found| found.1.clone())
        })
    }

    fn search(self) {
        let state = self.state;
        let found = state.live.with_untracked(|live| {
            let reading = live.result().map(|result| &*result.reading)?;
            find(state, reading)
        });
        let revision = state.revision.get_untracked();
        let Some((evidence, variants)) = found else {
            self.found.set(None);
            return;
        };
        let is_sought = evidence.change == Change::Sought;
        self.found.set(Some((revision, evidence)));
        if is_sought {
            self.search_further(revision, variants);
        }
    }

    /// Read some of the variants in the next frame, and then the others, until one lets the second guess win.
    fn search_further(self, revision: u32, mut variants: Vec<Variant>) {
        request_animation_frame(move || {
            // `None` after the page was left.
            if self.state.revision.try_get_untracked() != Some(revision) {
                return;
            }
            let later = variants.split_off(variants.len().min(VARIANTS_PER_FRAME));
            let winner = self.found.with_untracked(|found| {
                let (_, evidence) = found.as_ref()?;
                model::with_classifier(|classifier| evidence.winner(classifier, &variants).cloned())?
            });
            let change = match winner {
                Some(variant) => Change::With(variant.lines),
                None if later.is_empty() => Change::Nothing,
                None => return self.search_further(revision, later),
            };
            self.found.update(|found| {
                if let Some((_, evidence)) = found {
                    evidence.change = change;
                }
            });
        });
    }
}

/// What counts in a reading, and the variants with a piece more. `None` if there is no single digit to explain.
fn find(state: DrawState, reading: &Reading) -> Option<(Evidence, Vec<Variant>)> {
    let area = reading.area.filter(|_| reading.notice != Some(Notice::SeveralDigits))?;
    let place = state
        .image
        .with_untracked(|image| image.as_ref().map(|image| on_page(area, placement(&image.shown))));
    let (without, with) = match place {
        Some(place) => (
            without_patches(&reading.input, place),
            with_patches(&reading.input, place),
        ),
        None => state.drawing.with_untracked(|drawing: &Drawing| {
            let strokes = drawing.strokes();
            (without_parts(strokes), with_pieces(strokes, area))
        }),
    };
    let evidence = model::with_classifier(|classifier| Evidence::find(classifier, reading, without))?;
    Some((evidence, with))
}

/// A rectangle of an image's pixels, in page units, given the image's left and top and the side of its pixels.
#[expect(clippy::cast_possible_truncation, reason = "the page is small")]
fn on_page([left, top, width, height]: Area, ([x, y], scale): ([f64; 2], f64)) -> Area {
    let scaled = |start: f64, length: f32| (start + f64::from(length) * scale) as f32;
    [scaled(x, left), scaled(y, top), scaled(0.0, width), scaled(0.0, height)]
}

//! The reliability diagram: how often the model is right, by the probability that it gives.

use leptos::prelude::*;

use super::texts::ModelTexts;
use crate::{
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
};
use api::ReliabilityBin;

/// The side of the diagram, in its own units.
const SIDE: f64 = 200.0;

/// A bar for each bin that has digits, and the line on which probability and accuracy are the same.
#[component]
pub fn ReliabilityDiagram(bins: Vec<ReliabilityBin>) -> impl IntoView {
    let language = Language::shared();
    let width = SIDE / f64::from(u32::try_from(bins.len()).unwrap_or(1).max(1));
    let bars = bins.into_iter().enumerate().filter(|(_, bin)| bin.images > 0);
    let bars = bars.map(|(index, bin)| {
        let left = width * f64::from(u32::try_from(index).unwrap_or(0));
        let height = SIDE * bin.accuracy;
        #[expect(clippy::cast_possible_truncation, reason = "shown with one decimal")]
        let title = move || {
            let share = |share: f64| percent(thousandths(share as f32), language.locale());
            (language.texts::<ModelTexts>().bin)(&share(bin.probability), &share(bin.accuracy), bin.images)
        };
        view! {
            <rect x=left y=SIDE - height width=width height=height>
                <title>{title}</title>
            </rect>
        }
    });
    let bars = bars.collect_view();
    view! {
        <svg
            class="reliability"
            viewBox="-1 -1 202 202"
            role="img"
            aria-label=t(|t: &ModelTexts| t.reliability_help)
        >
            <g class="bars">{bars}</g>
            <path class="diagonal" d="M0 200 200 0" />
            <path class="axes" d="M0 0V200H200" />
        </svg>
    }
    .into_sync_any()
}

//! A small line without axes beside a number.

use leptos::prelude::*;

use crate::{
    admin::status::{Point, dashboard::Dashboard, plot::Frame},
    sync_view::IntoSyncAny,
};

/// The number of points drawn: all of Prometheus' longest range.
const MAX_POINTS: usize = 340;

/// One figure over time, from zero.
#[component]
pub fn Sparkline(
    /// The value at a point.
    value: fn(&Point) -> Option<f64>,
) -> impl IntoView {
    let dashboard = Dashboard::shared();
    let path = move || {
        dashboard.with_points(|points| {
            let recent = || points.iter().skip(points.len().saturating_sub(MAX_POINTS));
            let from = recent().next().map_or(0.0, |point| point.time);
            let to = points.back().map_or(0.0, |point| point.time);
            let max = recent().filter_map(value).fold(0.0, f64::max);
            let frame = Frame {
                left: 1.0,
                right: 99.0,
                top: 3.0,
                bottom: 30.0,
                from: from.min(to - 60.0),
                to,
                max: if max > 0.0 { max } else { 1.0 },
            };
            let values = recent()
                .map(|point| (point.time, value(point), point.is_joined))
                .collect::<Vec<_>>();
            (frame.area(values.iter().copied()), frame.line(values))
        })
    };
    let path = Memo::new(move |_| path());
    view! {
        <svg class="sparkline" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
            <path class="area" d=move || path.get().0 />
            <path class="line line-main" d=move || path.get().1 />
        </svg>
    }
    .into_sync_any()
}

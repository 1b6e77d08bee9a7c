//! A line without axes beside a number: which way it goes.

use leptos::prelude::*;

use crate::{
    admin::status::{Point, dashboard::Dashboard, plot::Frame},
    sync_view::IntoAnyAtOnce,
};

/// The points drawn.
const POINTS: usize = 120;

/// The course of one figure, from zero.
#[component]
pub fn Spark(
    /// Its value at a moment.
    value: fn(&Point) -> Option<f64>,
) -> impl IntoView {
    let dashboard = Dashboard::shared();
    let path = move || {
        dashboard.watch.with(|watch| {
            let points = watch.points();
            let recent = || points.iter().skip(points.len().saturating_sub(POINTS));
            let from = recent().next().map_or(0.0, |point| point.time);
            let to = watch.last().map_or(0.0, |point| point.time);
            let most = recent().filter_map(value).fold(0.0, f64::max);
            let frame = Frame {
                left: 1.0,
                right: 99.0,
                top: 3.0,
                bottom: 30.0,
                from: from.min(to - 60.0),
                to,
                most: if most > 0.0 { most } else { 1.0 },
            };
            let values = recent()
                .map(|point| (point.time, value(point), point.is_joined))
                .collect::<Vec<_>>();
            (frame.area(values.iter().copied()), frame.line(values))
        })
    };
    let path = Memo::new(move |_| path());
    view! {
        <svg class="spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
            <path class="area" d=move || path.get().0 />
            <path class="line line-main" d=move || path.get().1 />
        </svg>
    }
    .at_once()
}

//! A chart's legend: the style, the name, and the value at the cursor of each series.

use leptos::prelude::*;

use super::series::Series;
use crate::{
    admin::status::{dashboard::Dashboard, texts::StatusTexts},
    i18n::{Language, quantities::Unit},
    sync_view::IntoSyncAny,
};

/// The legend of a chart.
#[component]
pub fn Legend(
    /// The series of the chart.
    series: &'static [Series],
    /// The unit of the values.
    unit: Unit,
) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let shown = Memo::new(move |_| dashboard.shown());
    let entry = |line: &'static Series| {
        let value = move || shown.get().as_ref().and_then(line.value);
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 24 8" aria-hidden="true">
                    <path class=format!("line {}", line.class) d="M2 4h20" />
                </svg>
                <span>{move || (line.name)(language.texts::<StatusTexts>())}</span>
                " "
                <strong data-value=move || value().map(|value| value.to_string())>
                    {move || unit.show(value().unwrap_or(f64::NAN), language.locale())}
                </strong>
            </li>
        }
    };
    let moment = move || match (dashboard.cursor.get(), shown.get()) {
        (Some(_), Some(point)) => dashboard.moment(point.time),
        _ => language.texts::<StatusTexts>().now.to_owned(),
    };
    view! {
        <div class="legend">
            <span class="moment">{moment}</span>
            <ul role="list">{series.iter().map(entry).collect_view()}</ul>
        </div>
    }
    .into_sync_any()
}

//! A chart's legend: each line's look, its name, and its value at the moment that is looked at.

use leptos::prelude::*;

use super::readings::Line;
use crate::{
    admin::status::{dashboard::Dashboard, texts::StatusTexts},
    i18n::{
        Language,
        quantities::{Unit, clock},
    },
    sync_view::IntoAnyAtOnce,
};

/// The legend of those lines.
#[component]
pub fn Legend(
    /// The lines, as in the chart.
    lines: &'static [Line],
    /// What their values are.
    unit: Unit,
) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let shown = Memo::new(move |_| dashboard.shown());
    let entry = |line: &'static Line| {
        let value = move || shown.get().as_ref().and_then(line.value);
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 24 8" aria-hidden="true">
                    <path class=format!("line {}", line.class) d="M2 4h20" />
                </svg>
                <span>{move || (line.name)(StatusTexts::of(language.locale()))}</span>
                " "
                <strong data-value=move || value().map(|value| value.to_string())>
                    {move || unit.show(value().unwrap_or(f64::NAN), language.locale())}
                </strong>
            </li>
        }
    };
    let moment = move || match (dashboard.cursor.get(), shown.get()) {
        (Some(_), Some(point)) => clock(point.time, dashboard.offset.get()),
        _ => StatusTexts::of(language.locale()).now.to_owned(),
    };
    view! {
        <div class="legend">
            <span class="moment">{moment}</span>
            <ul role="list">{lines.iter().map(entry).collect_view()}</ul>
        </div>
    }
    .at_once()
}

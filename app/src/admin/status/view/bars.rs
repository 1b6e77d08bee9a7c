//! A bar chart as a list.

use leptos::prelude::*;

use crate::{i18n::Text, sync_view::IntoSyncAny};

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The name on the left.
    pub name: String,
    /// The value that its length shows.
    pub length: f64,
    /// The text on the right.
    pub text: String,
}

/// A list of bars; the longest one has the full width.
#[component]
pub fn BarList(
    /// The accessible name of the list.
    label: Text,
    /// The bars, in order.
    #[prop(into)]
    bars: Signal<Vec<Bar>>,
) -> impl IntoView {
    let drawn = move || {
        let bars = bars.get();
        let longest = bars.iter().map(|bar| bar.length).fold(0.0, f64::max);
        let share = |length: f64| if longest > 0.0 { length / longest * 1000.0 } else { 0.0 };
        bars.into_iter()
            .map(|bar| {
                view! {
                    <li class="measure" data-value=bar.length.to_string()>
                        <span class="measure-name">{bar.name}</span>
                        <svg class="bar-track" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
                            <rect height="1" width=format!("{:.0}", share(bar.length)) />
                        </svg>
                        <span class="measure-value">{bar.text}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ol class="measures" role="list" aria-label=label>
            {drawn}
        </ol>
    }
    .into_sync_any()
}

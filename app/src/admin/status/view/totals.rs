//! The totals at the top: requests, errors and users.

use leptos::prelude::*;

use super::{
    panel::{Named, Panel},
    sparkline::Sparkline,
};
use crate::{
    admin::status::{MetricsHistory, Point, dashboard::Dashboard, queries, texts::StatusTexts},
    i18n::{
        Language,
        quantities::{Unit, change, duration},
    },
    prometheus::Increase,
    sync_view::IntoSyncAny,
};

/// The three totals.
#[component]
pub fn Totals() -> impl IntoView {
    view! {
        <div class="totals">
            <Total
                id="requests"
                title=|t| t.requests
                note=|t| t.since_start
                value=|point| point.requests
                change_of=MetricsHistory::requests_change
                service_change=|changes| changes[0]
                course=|point| point.rate
                queries=[queries::REQUESTS, queries::REQUESTS_CHANGE]
            />
            <Total
                id="errors"
                title=|t| t.errors
                note=|t| t.errors_note
                value=|point| point.errors
                change_of=MetricsHistory::errors_change
                service_change=|changes| changes[1]
                course=|point| Some(point.client_errors? + point.server_errors?)
                queries=[queries::ERRORS, queries::ERRORS_CHANGE]
            />
            <Total
                id="users"
                title=|t| t.users
                note=|t| t.users_note
                value=|point| point.users
                change_of=MetricsHistory::users_change
                service_change=|changes| changes[2]
                course=|point| point.users
                queries=[queries::USERS, queries::USERS_CHANGE]
            />
        </div>
    }
    .into_sync_any()
}

#[component]
fn Total(
    id: &'static str,
    title: fn(&'static StatusTexts) -> &'static str,
    note: fn(&'static StatusTexts) -> &'static str,
    value: fn(&Point) -> Option<f64>,
    change_of: fn(&MetricsHistory) -> Option<Increase>,
    service_change: fn(&[Option<f64>; 3]) -> Option<f64>,
    course: fn(&Point) -> Option<f64>,
    queries: [&'static str; 2],
) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let texts = move || language.texts::<StatusTexts>();
    let now = Memo::new(move |_| dashboard.with_points(|points| points.back().and_then(value)));
    let grown = Memo::new(move |_| match dashboard.figures() {
        Some(figures) => service_change(&figures.changes).map(|amount| Increase {
            amount,
            seconds: figures.seconds,
        }),
        None => dashboard.history.with(change_of),
    });
    let change = move || {
        grown
            .get()
            .map(|grown| (texts().change)(&change(grown.amount, language.locale()), &duration(grown.seconds)))
    };
    let [total, increase] = queries;
    let queries = vec![
        Named {
            name: title,
            query: total,
        },
        Named {
            name: |t| t.change_name,
            query: increase,
        },
    ];
    view! {
        <Panel id title queries>
            <p class="total">
                <span class="total-number" data-testid=id data-value=move || now.get().map(|now| now.to_string())>
                    {move || Unit::Count.show(now.get().unwrap_or(f64::NAN), language.locale())}
                </span>
                <span class="total-note">{move || note(texts())}</span>
            </p>
            <p class="total-change">{move || change().unwrap_or_else(|| "\u{a0}".to_owned())}</p>
            <Sparkline value=course />
        </Panel>
    }
    .into_sync_any()
}

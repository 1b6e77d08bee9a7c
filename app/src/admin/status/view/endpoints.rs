//! The table of endpoints; on a phone each row is a card.

use leptos::{ev, prelude::*};

use super::{
    panel::{Named, Panel},
    predictions::TimeRangeNote,
};
use crate::{
    admin::status::{
        dashboard::Dashboard,
        endpoints::{Column, Endpoint, Sorting},
        queries,
        texts::StatusTexts,
    },
    i18n::{Language, Locale, TextTable, quantities::Unit, t},
    sync_view::IntoSyncAny,
};

/// The panel with the table.
#[component]
pub fn Endpoints() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let rows = Memo::new(move |_| dashboard.endpoints());
    let named = |name, query| Named { name, query };
    let queries = vec![
        named(|t| t.requests, queries::ENDPOINT_REQUESTS),
        named(|t| t.per_second, queries::ENDPOINT_RATE),
        named(|_| "4xx", queries::ENDPOINT_CLIENT_ERRORS),
        named(|_| "5xx", queries::ENDPOINT_SERVER_ERRORS),
        named(|_| "p50", queries::ENDPOINT_P50),
        named(|_| "p95", queries::ENDPOINT_P95),
        named(|_| "p99", queries::ENDPOINT_P99),
    ];
    let body = move || {
        let rows = rows.get();
        let locale = language.locale();
        if rows.is_empty() {
            let none = StatusTexts::of(locale).no_requests;
            return view! { <tr><td class="none" colspan="8">{none}</td></tr> }.into_sync_any();
        }
        rows.into_iter()
            .map(|row| row_of(row, locale))
            .collect_view()
            .into_sync_any()
    };
    view! {
        <Panel id="endpoints" title=|t| t.endpoints queries aside=view! { <TimeRangeNote /> }.into_sync_any()>
            <SortChoice />
            <div class="table-frame">
                <table class="endpoints">
                    <caption class="visually-hidden">{t(|t: &StatusTexts| t.endpoints)}</caption>
                    <thead>
                        <tr>{Column::ALL.map(|column| view! { <ColumnHeader column /> })}</tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </Panel>
    }
    .into_sync_any()
}

/// The header of a column: a click sorts by it, another one reverses the order.
#[component]
fn ColumnHeader(column: Column) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let sorting = dashboard.sorting;
    let direction = move || {
        let Sorting { column: by, is_rising } = sorting.get();
        (by == column).then_some(if is_rising { "ascending" } else { "descending" })
    };
    view! {
        <th scope="col" aria-sort=direction>
            <button type="button" on:click=move |_| sorting.update(|sorting| *sorting = sorting.toggled(column))>
                {move || name(column, language.texts::<StatusTexts>())}
                <svg class="arrow" viewBox="0 0 12 12" aria-hidden="true">
                    <path d="M2 4l4 4 4-4" />
                </svg>
            </button>
        </th>
    }
    .into_sync_any()
}

/// The choice of the column on a phone, where there are no headers.
#[component]
fn SortChoice() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let choose = move |event: ev::Event| {
        let index = event_target_value(&event).parse::<usize>().ok();
        if let Some(column) = index.and_then(|index| Column::ALL.get(index).copied()) {
            let is_rising = column == Column::Route;
            dashboard.sorting.set(Sorting { column, is_rising });
        }
    };
    let option = |(index, column): (usize, Column)| {
        view! {
            <option value=index.to_string() selected=move || dashboard.sorting.get().column == column>
                {move || name(column, language.texts::<StatusTexts>())}
            </option>
        }
    };
    view! {
        <label class="sort-choice">
            <span>{t(|t: &StatusTexts| t.sort_by)}</span>
            <select on:change=choose>{Column::ALL.into_iter().enumerate().map(option).collect_view()}</select>
        </label>
    }
    .into_sync_any()
}

fn name(column: Column, texts: &'static StatusTexts) -> &'static str {
    match column {
        Column::Route => texts.route,
        Column::Requests => texts.requests,
        Column::Rate => texts.per_second,
        Column::ClientErrors => "4xx",
        Column::ServerErrors => "5xx",
        Column::P50 => "p50",
        Column::P95 => "p95",
        Column::P99 => "p99",
    }
}

fn row_of(row: Endpoint, locale: Locale) -> impl IntoView {
    let texts = StatusTexts::of(locale);
    let cell = |column: Column, unit: Unit, value: Option<f64>, class: &'static str| {
        view! {
            <td class=class data-label=name(column, texts) data-value=value.map(|value| value.to_string())>
                {unit.show(value.unwrap_or(f64::NAN), locale)}
            </td>
        }
    };
    let marked = |share: Option<f64>, class| {
        if share.is_some_and(|share| share > 0.0) {
            class
        } else {
            ""
        }
    };
    let endpoint = format!("{} {}", row.method, row.route);
    view! {
        <tr data-endpoint=endpoint>
            <th scope="row">
                <span class="method">{row.method}</span>
                " "
                <span class="route">{row.route}</span>
            </th>
            {cell(Column::Requests, Unit::Count, Some(row.requests), "")}
            {cell(Column::Rate, Unit::PerSecond, row.rate, "")}
            {cell(Column::ClientErrors, Unit::Share, row.client_errors, marked(row.client_errors, "warn"))}
            {cell(Column::ServerErrors, Unit::Share, row.server_errors, marked(row.server_errors, "bad"))}
            {cell(Column::P50, Unit::Seconds, row.p50, "")} {cell(Column::P95, Unit::Seconds, row.p95, "")}
            {cell(Column::P99, Unit::Seconds, row.p99, "")}
        </tr>
    }
}

//! The status dashboard. The page is loaded lazily: its code is in a file that only this page loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` passes an argument that the view doesn't need"
)]

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    dashboard::Dashboard,
    poll,
    texts::StatusTexts,
    view::{
        alerts::AlertList,
        chart::Chart,
        connection_error::ConnectionErrorAlert,
        corrected::Corrected,
        endpoints::Endpoints,
        log::Log,
        predictions::{Digits, Stages, Throughput},
        series::{ERRORS, LATENCY, RATE},
        server::Server,
        toolbar::Toolbar,
        totals::Totals,
    },
};
use crate::{
    browser::document,
    i18n::{Language, quantities::Unit, tag},
    sync_view::IntoSyncAny,
    ui::{require_access::require_access, title::title},
};

/// The page's route.
#[derive(Debug)]
pub struct StatusPage;

#[lazy_route]
impl LazyRoute for StatusPage {
    fn data() -> Self {
        Self
    }

    fn view(_page: Self) -> AnyView {
        require_access(|| view! { <Status /> }.into_sync_any())
    }
}

/// The page at `/admin/status`.
#[component]
fn Status() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::provide();
    poll::run(dashboard);
    document::mark_ready_on_mount();
    view! {
        <Title text=title(move || language.texts::<StatusTexts>().title) />
        <div class="status" translate="no" lang=tag()>
            <Toolbar />
            <ConnectionErrorAlert />
            <Totals />
            <div class="status-main">
                <AlertList />
                <div class="charts">
                    <Chart id="rate" title=|t| t.rate unit=Unit::PerSecond series=&RATE is_filled=true />
                    <Chart id="error-rate" title=|t| t.error_rate unit=Unit::PerSecond series=&ERRORS />
                    <Chart id="latency" title=|t| t.latency unit=Unit::Seconds series=&LATENCY />
                </div>
                <Server />
            </div>
            <Endpoints />
            <div class="thirds">
                <Digits />
                <Stages />
                <Throughput />
            </div>
            <Corrected />
            <Log />
        </div>
    }
    .into_sync_any()
}

//! The status dashboard: what the server measures, live. Its code comes in a file of its own, which nobody else loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` hands on what the view has no use for"
)]

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    dashboard::Dashboard,
    poll,
    texts::say,
    view::{
        alarms::AlarmList,
        chart::Chart,
        endpoints::Endpoints,
        head::Head,
        log::Log,
        predictions::{Digits, Stages, Throughput},
        readings::{ERRORS, LATENCY, RATE},
        server::Server,
        totals::Totals,
        trouble::Trouble,
    },
};
use crate::{
    browser::document,
    i18n::{Language, quantities::Unit},
    sync_view::IntoAnyAtOnce,
    ui::require_access::guarded,
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
        guarded(|| view! { <Status /> }.at_once())
    }
}

/// The page at `/admin/status`.
#[component]
fn Status() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::provide();
    poll::keep_polling(dashboard);
    document::ready_when_shown();
    view! {
        <Title text=say(language, |t| t.title) />
        <div class="status">
            <Head />
            <Trouble />
            <Totals />
            <div class="status-main">
                <div class="charts">
                    <Chart id="rate" title=|t| t.rate unit=Unit::PerSecond lines=&RATE is_filled=true />
                    <Chart id="error-rate" title=|t| t.error_rate unit=Unit::PerSecond lines=&ERRORS />
                    <Chart id="latency" title=|t| t.latency unit=Unit::Seconds lines=&LATENCY />
                </div>
                <div class="side-panels">
                    <AlarmList />
                    <Server />
                </div>
            </div>
            <Endpoints />
            <div class="thirds">
                <Digits />
                <Stages />
                <Throughput />
            </div>
            <Log />
        </div>
    }
    .at_once()
}

//! The panel of the server process.

use leptos::prelude::*;

use super::{
    panel::{Named, Panel},
    sparkline::Sparkline,
};
use crate::{
    admin::status::{Point, dashboard::Dashboard, process::Process, queries, texts::StatusTexts},
    i18n::{
        Language,
        quantities::{Unit, duration},
        t,
    },
    sync_view::IntoSyncAny,
};

/// Version, uptime and resources.
#[component]
pub fn Server() -> impl IntoView {
    let dashboard = Dashboard::shared();
    let process = Memo::new(move |_| dashboard.process());
    let named = |name, query| Named { name, query };
    let queries = vec![
        named(|t| t.cpu, queries::CPU),
        named(|t| t.memory, queries::MEMORY),
        named(|t| t.files, queries::FILES),
        named(|t| t.threads, queries::THREADS),
        named(|t| t.uptime, queries::UPTIME),
        named(|t| t.pending_requests, queries::PENDING),
        named(|t| t.database, queries::DATABASE),
        named(|t| t.mails, queries::MAILS),
        named(|t| t.disk, queries::DISK_FREE),
        named(|t| t.restarts, queries::RESTARTS),
        named(|t| t.version, queries::INFO),
    ];
    let amount = |unit: Unit, value: fn(&Process) -> Option<f64>| {
        move |process: &Process, locale| unit.show(value(process).unwrap_or(f64::NAN), locale)
    };
    let of = |value: fn(&Process) -> Option<f64>, limit: fn(&Process) -> Option<f64>| {
        move |process: &Process, locale| {
            let limit = limit(process).map(|limit| format!(" / {}", Unit::Count.show(limit, locale)));
            let value = Unit::Count.show(value(process).unwrap_or(f64::NAN), locale);
            format!("{value}{}", limit.unwrap_or_default())
        }
    };
    let word = |value: fn(&Process) -> Option<String>| {
        move |process: &Process, _| value(process).unwrap_or_else(|| "–".to_owned())
    };
    view! {
        <Panel id="server" title=|t| t.server queries>
            <dl class="figures">
                <Fact
                    process
                    name=|t| t.cpu
                    tell=amount(Unit::Share, |it| it.cpu)
                    course=|point| point.cpu
                />
                <Fact
                    process
                    name=|t| t.memory
                    tell=amount(Unit::Bytes, |it| it.memory)
                    course=|point| point.memory
                />
                <Fact process name=|t| t.pending_requests tell=amount(Unit::Count, |it| it.pending) />
                <Fact process name=|t| t.files tell=of(|it| it.files, |it| it.files_limit) />
                <Fact process name=|t| t.threads tell=amount(Unit::Count, |it| it.threads) />
                <Fact process name=|t| t.database tell=of(|it| it.database, |it| it.database_limit) />
                <Fact process name=|t| t.mails tell=amount(Unit::Count, |it| it.mails) />
                <Fact process name=|t| t.disk tell=amount(Unit::Share, |it| it.disk_free) />
                <Fact
                    process
                    name=|t| t.uptime
                    tell=|it: &Process, _| it.uptime.map_or_else(|| "–".to_owned(), duration)
                />
                <Fact process name=|t| t.restarts tell=amount(Unit::Count, |it| it.restarts) />
                <Fact process name=|t| t.version tell=word(|it| it.version.clone()) />
                <Fact process name=|t| t.model tell=word(|it| it.model.clone()) />
                <Fact process name=|t| t.backend tell=word(|it| it.backend.clone()) />
            </dl>
        </Panel>
    }
    .into_sync_any()
}

#[component]
fn Fact<T>(
    process: Memo<Process>,
    name: fn(&'static StatusTexts) -> &'static str,
    tell: T,
    #[prop(optional)] course: Option<fn(&Point) -> Option<f64>>,
) -> impl IntoView
where
    T: Fn(&Process, crate::i18n::Locale) -> String + Copy + Send + Sync + 'static,
{
    let language = Language::shared();
    let text = Memo::new(move |_| process.with(|process| tell(process, language.locale())));
    view! {
        <div>
            <dt>{t(name)}</dt>
            <dd>{move || text.get()}</dd>
            {course.map(|value| view! { <Sparkline value /> })}
        </div>
    }
    .into_sync_any()
}

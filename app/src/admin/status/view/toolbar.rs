//! The toolbar: how current the figures are and whose, the time range, the interval and the pause.

use leptos::{ev, prelude::*};

use crate::{
    admin::status::{
        TimeRange,
        connection::Connection,
        dashboard::{Dashboard, INTERVALS, Service, Source},
        texts::StatusTexts,
    },
    i18n::{Language, quantities::duration, t},
    sync_view::IntoSyncAny,
};
use api::ServiceRange;

/// The values of the first two options of [`SourceChoice`]; those of the servers begin with [`INSTANCE`].
const OWN: &str = "own";
const SERVICE: &str = "service";
const INSTANCE: &str = "instance ";

/// Heading, badge and controls.
#[component]
pub fn Toolbar() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let texts = move || language.texts::<StatusTexts>();
    let connection = Memo::new(move |_| dashboard.connection());
    let state = move || match connection.get() {
        Connection::Waiting => "waiting",
        Connection::Live => "live",
        Connection::Stale => "stale",
        Connection::Failed(_) => "offline",
        Connection::Paused => "paused",
    };
    let word = move || match connection.get() {
        Connection::Waiting => texts().waiting,
        Connection::Live => texts().live,
        Connection::Stale => texts().stale,
        Connection::Failed(_) => texts().offline,
        Connection::Paused => texts().paused,
    };
    let age = move || {
        let last = dashboard
            .history
            .with(|history| history.last().map(|point| point.time))?;
        Some((texts().age)(&duration(dashboard.now.get() - last)))
    };
    let is_paused = dashboard.is_paused;
    let choose = move |event: ev::Event| {
        if let Ok(seconds) = event_target_value(&event).parse() {
            dashboard.interval.set(seconds);
        }
    };
    let interval = |seconds: u32| {
        view! {
            <option value=seconds.to_string() selected=seconds == dashboard.interval.get_untracked()>
                {duration(f64::from(seconds))}
            </option>
        }
    };
    // On a phone the controls are shown when they are asked for, so that the figures have the first screen.
    let is_open = RwSignal::new(false);
    view! {
        <header class="status-head">
            <h1>{t(|t: &StatusTexts| t.heading)}</h1>
            <p class="freshness" data-state=state data-testid="freshness">
                <svg viewBox="0 0 12 12" aria-hidden="true">
                    <path d=move || shape(connection.get()) />
                </svg>
                <strong role="status">{word}</strong>
                " "
                <span class="age">{age}</span>
            </p>
            <button
                type="button"
                class="status-more"
                aria-expanded=move || is_open.get().to_string()
                aria-controls="status-controls"
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {t(|t: &StatusTexts| t.controls)}
            </button>
            <SourceNote />
            <div id="status-controls" class="status-controls" class:open=move || is_open.get()>
                <SourceChoice />
                <TimeRangeChoice />
                <label>
                    <span>{t(|t: &StatusTexts| t.interval)}</span>
                    <select on:change=choose>{INTERVALS.map(interval)}</select>
                </label>
                <button
                    type="button"
                    aria-pressed=move || is_paused.get().to_string()
                    on:click=move |_| is_paused.update(|paused| *paused = !*paused)
                >
                    {t(|t: &StatusTexts| t.pause)}
                </button>
            </div>
        </header>
    }
    .into_sync_any()
}

/// A shape for each state, so that it isn't shown by colour alone.
fn shape(connection: Connection) -> &'static str {
    match connection {
        Connection::Waiting => "M6 1a5 5 0 1 0 0 10",
        Connection::Live => "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1z",
        Connection::Stale => "M6 1l5.5 10h-11z",
        Connection::Failed(_) => "M2 2l8 8M10 2l-8 8",
        Connection::Paused => "M3 1v10M9 1v10",
    }
}

/// Whose figures are shown. The line has its room from the start.
#[component]
fn SourceNote() -> impl IntoView {
    let language = Language::shared();
    let service = Dashboard::shared().service();
    let note = move || {
        let texts = language.texts::<StatusTexts>();
        let own = service.own.get().unwrap_or_default();
        let servers = service.instances.with(Vec::len);
        match (service.source.get(), service.answer.get()) {
            (Source::Own, _) if own.is_empty() => "\u{a0}".to_owned(),
            (Source::Own, _) => (texts.shows_own)(&own),
            (_, Service::Waiting) => texts.asks_prometheus.to_owned(),
            (_, Service::Away) => (texts.prometheus_away)(&own),
            (_, Service::Empty) => (texts.prometheus_empty)(&own),
            (Source::Service, Service::Figures(_)) => (texts.shows_service)(servers),
            (Source::Instance(name), Service::Figures(_)) => (texts.shows_instance)(&name),
        }
    };
    let is_fallback = move || {
        let is_own = service.source.with(|source| *source == Source::Own);
        !is_own
            && service
                .answer
                .with(|answer| matches!(answer, Service::Away | Service::Empty))
    };
    view! {
        <p class="source-note" class:fallback=is_fallback role="status" data-testid="source">
            {note}
        </p>
    }
    .into_sync_any()
}

/// The choice of the server, if Prometheus can be asked: without it there is only the one that answers.
#[component]
fn SourceChoice() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let service = dashboard.service();
    let value = move || match service.source.get() {
        Source::Own => OWN.to_owned(),
        Source::Service => SERVICE.to_owned(),
        Source::Instance(name) => format!("{INSTANCE}{name}"),
    };
    let option = move |choice: String, text: String| {
        let is_chosen = choice == value();
        view! {
            <option value=choice selected=is_chosen prop:selected=is_chosen>
                {text}
            </option>
        }
    };
    let options = move || {
        let texts = language.texts::<StatusTexts>();
        let mut choices = vec![option(SERVICE.to_owned(), texts.whole_service.to_owned())];
        let servers = service.instances.get().into_iter();
        choices.extend(servers.map(|name| option(format!("{INSTANCE}{name}"), name)));
        let own = service.own.get();
        let own = own.map_or_else(|| texts.this_server.to_owned(), |own| (texts.only_this)(&own));
        choices.push(option(OWN.to_owned(), own));
        choices.into_iter().collect_view()
    };
    let choose = move |event: ev::Event| {
        let chosen = event_target_value(&event);
        let source = match (chosen.as_str(), chosen.strip_prefix(INSTANCE)) {
            (_, Some(name)) => Source::Instance(name.to_owned()),
            (SERVICE, None) => Source::Service,
            (_, None) => Source::Own,
        };
        dashboard.cursor.set(None);
        service.source.set(source);
    };
    view! {
        <label class="source-choice" hidden=move || !service.has_prometheus.get()>
            <span class="visually-hidden">{t(|t: &StatusTexts| t.source)}</span>
            <select on:change=choose>{options}</select>
        </label>
    }
    .into_sync_any()
}

/// The time range: of tables and bars, or of all that Prometheus has.
#[component]
fn TimeRangeChoice() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let service = dashboard.service();
    let own = move |range: TimeRange, value: &'static str, name: fn(&'static StatusTexts) -> &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="span"
                    value=value
                    checked=range == TimeRange::default()
                    prop:checked=move || dashboard.time_range.get() == range
                    on:change=move |_| dashboard.time_range.set(range)
                />
                <span>{t(name)}</span>
            </label>
        }
    };
    let of_service = move |range: ServiceRange| {
        view! {
            <label>
                <input
                    type="radio"
                    name="range"
                    value=range.tag()
                    prop:checked=move || service.range.get() == range
                    on:change=move |_| service.range.set(range)
                />
                <span>{move || (language.texts::<StatusTexts>().range)(range)}</span>
            </label>
        }
    };
    let is_own = Memo::new(move |_| service.source.with(|source| *source == Source::Own));
    let choices = move || {
        if is_own.get() {
            view! {
                {own(TimeRange::Recent, "recent", |t| t.recent)}
                {own(TimeRange::SinceStart, "whole", |t| t.whole)}
            }
            .into_sync_any()
        } else {
            ServiceRange::ALL
                .into_iter()
                .map(of_service)
                .collect_view()
                .into_sync_any()
        }
    };
    view! {
        <fieldset class="choice">
            <legend class="visually-hidden">{t(|t: &StatusTexts| t.time_range)}</legend>
            {choices}
        </fieldset>
    }
    .into_sync_any()
}

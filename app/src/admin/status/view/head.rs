//! The page's head: how fresh the figures are, and what the visitor can do about it.

use leptos::{ev, prelude::*};

use crate::{
    admin::status::{
        Span,
        connection::Connection,
        dashboard::{Dashboard, INTERVALS},
        texts::{StatusTexts, say},
    },
    i18n::{Language, quantities::duration},
    sync_view::IntoAnyAtOnce,
};

/// Heading, badge and controls.
#[component]
pub fn Head() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let texts = move || StatusTexts::of(language.locale());
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
        let last = dashboard.watch.with(|watch| watch.last().map(|point| point.time))?;
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
    view! {
        <header class="status-head">
            <h1>{say(language, |t| t.heading)}</h1>
            <p class="freshness" data-state=state data-testid="freshness">
                <svg viewBox="0 0 12 12" aria-hidden="true">
                    <path d=move || shape(connection.get()) />
                </svg>
                <strong role="status">{word}</strong>
                " "
                <span class="age">{age}</span>
            </p>
            <div class="status-controls">
                <SpanChoice />
                <label>
                    <span>{say(language, |t| t.interval)}</span>
                    <select on:change=choose>{INTERVALS.map(interval)}</select>
                </label>
                <button
                    type="button"
                    aria-pressed=move || is_paused.get().to_string()
                    on:click=move |_| is_paused.update(|paused| *paused = !*paused)
                >
                    {say(language, |t| t.pause)}
                </button>
            </div>
        </header>
    }
    .at_once()
}

/// A shape for each state, so that it isn't told by colour alone.
fn shape(connection: Connection) -> &'static str {
    match connection {
        Connection::Waiting => "M6 1a5 5 0 1 0 0 10",
        Connection::Live => "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1z",
        Connection::Stale => "M6 1l5.5 10h-11z",
        Connection::Failed(_) => "M2 2l8 8M10 2l-8 8",
        Connection::Paused => "M3 1v10M9 1v10",
    }
}

/// Whether tables and bars count the last minutes or everything.
#[component]
fn SpanChoice() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let option = |span: Span, value: &'static str, name: fn(&'static StatusTexts) -> &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="span"
                    value=value
                    checked=span == Span::default()
                    prop:checked=move || dashboard.span.get() == span
                    on:change=move |_| dashboard.span.set(span)
                />
                <span>{say(language, name)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choice">
            <legend class="unseen">{say(language, |t| t.span)}</legend>
            {option(Span::Recent, "recent", |t| t.recent)} {option(Span::Whole, "whole", |t| t.whole)}
        </fieldset>
    }
    .at_once()
}

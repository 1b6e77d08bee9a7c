//! Scanning: what is marked on the grid moves on by itself; one key or one tap chooses it.

use std::time::Duration;

use leptos::{ev, html::Div, prelude::*};

use super::{
    cell::{Cell, SIDE},
    panel::toggle,
    scanner::{Chosen, Command, Scanner, Step},
    texts::GridTexts,
};
use crate::{
    draw::{request_prediction::request_prediction, state::DrawState, texts::DrawTexts},
    i18n::{Language, t},
    session::Session,
    sync_view::IntoSyncAny,
};

/// Covers the grid while it is scanned. Any key on it chooses what is marked, and so does a tap.
#[component]
pub fn Scan(
    is_scanning: RwSignal<bool>,
    /// The duration of a step, in tenths of a second.
    tenths: RwSignal<u32>,
) -> impl IntoView {
    let language = Language::shared();
    let session = Session::shared();
    let state = DrawState::shared();
    let scanner = RwSignal::new(Scanner::default());
    let presses = RwSignal::new(0_u32);
    let surface = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(surface) = surface.get() {
            surface.focus().ok();
        }
    });
    // The interval is restarted with each press, so that the next row or cell is marked for a whole step.
    Effect::new(move |_| {
        presses.track();
        let step = Duration::from_millis(u64::from(tenths.get()) * 100);
        if let Ok(ticking) = set_interval_with_handle(move || scanner.update(Scanner::advance), step) {
            on_cleanup(move || ticking.clear());
        }
    });
    let press = move || {
        presses.update(|presses| *presses = presses.wrapping_add(1));
        let Some(chosen) = scanner.try_update(Scanner::press).flatten() else {
            return;
        };
        let texts = language.texts_untracked::<DrawTexts>();
        match chosen {
            Chosen::Cell(cell) => toggle(state, language, cell),
            Chosen::Command(Command::Undo) => {
                state.undo();
                state.announcement.set(texts.undone.to_owned());
            }
            Chosen::Command(Command::Clear) => {
                state.clear();
                state.announcement.set(texts.cleared.to_owned());
            }
            Chosen::Command(Command::Ask) => request_prediction(state, session),
            Chosen::Command(Command::Stop) => is_scanning.set(false),
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let key = event.key();
        if is_left_to_browser(&event, &key) {
            return;
        }
        event.prevent_default();
        // A key that is held down is one press.
        if event.repeat() {
            return;
        }
        if key == "Escape" {
            is_scanning.set(false);
        } else {
            press();
        }
    };
    let edge = move |index: usize| move || format!("{}%", 100.0 * scanner.with(|scanner| mark(scanner.step()))[index]);
    view! {
        <div
            class="scan"
            node_ref=surface
            tabindex="0"
            role="button"
            aria-label=t(|t: &GridTexts| t.choose)
            on:keydown=on_key
            on:click=move |_| press()
        >
            <div class="mark" style:left=edge(0) style:top=edge(1) style:width=edge(2) style:height=edge(3)></div>
        </div>
        <p class="step" data-testid="step">
            {move || scanner.with(|scanner| name(scanner.step(), language))}
        </p>
    }
    .into_sync_any()
}

/// Keys that lead away, and those that only change others.
fn is_left_to_browser(event: &ev::KeyboardEvent, key: &str) -> bool {
    event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || matches!(
            key,
            "Tab" | "Shift" | "Control" | "Alt" | "AltGraph" | "Meta" | "CapsLock"
        )
}

/// Left, top, width and height of the mark, as shares of the grid.
fn mark(step: Step) -> [f32; 4] {
    let unit = 1.0 / f32::from(SIDE);
    let place = |index: u8| f32::from(index) * unit;
    match step {
        Step::Row(row) => [0.0, place(row), 1.0, unit],
        Step::Cell(Cell { row, column }) => [place(column), place(row), unit, unit],
        Step::Command(_) => [0.0, 0.0, 1.0, 1.0],
    }
}

/// What is marked, in words.
fn name(step: Step, language: Language) -> String {
    let (texts, draw) = (language.texts::<GridTexts>(), language.texts::<DrawTexts>());
    match step {
        Step::Row(row) => (texts.row)(row + 1),
        Step::Cell(Cell { row, column }) => (texts.column)(row + 1, column + 1),
        Step::Command(Command::Undo) => draw.undo.to_owned(),
        Step::Command(Command::Clear) => draw.clear.to_owned(),
        Step::Command(Command::Ask) => draw.ask.to_owned(),
        Step::Command(Command::Stop) => texts.stop.to_owned(),
    }
}

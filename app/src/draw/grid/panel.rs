//! The grid over the canvas, and the controls under it.

use std::cell;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    BUTTON_ID,
    cell::{Cell, SIDE},
    scan::Scan,
    texts::GridTexts,
};
use crate::{
    browser::document::add_style_rule,
    draw::{drawing::Drawing, state::DrawState, texts::DrawTexts},
    i18n::{Language, Locale, t},
    sync_view::IntoSyncAny,
};

/// The width of what fills a cell, in page units: neighbours touch each other, diagonally too, and their centres stay free.
const INK: f32 = 17.0;

/// How long a step of the scanning can take, in tenths of a second.
const SPEEDS: [u32; 8] = [3, 5, 7, 10, 15, 20, 30, 50];

const DEFAULT_SPEED: u32 = 10;

/// What the style sheet lacks, because few visits need it. One rule.
const STYLE: &str = include_str!("grid.css");

/// The canvas under the grid.
const CANVAS: &str = ".board canvas";

pub fn view() -> AnyView {
    thread_local! {
        static IS_STYLED: cell::Cell<bool> = const { cell::Cell::new(false) };
    }
    if !IS_STYLED.replace(true) {
        add_style_rule(STYLE);
    }
    view! { <Panel /> }.into_sync_any()
}

#[component]
fn Panel() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let current = StoredValue::new(Cell::MIDDLE);
    let is_scanning = RwSignal::new(false);
    let tenths = RwSignal::new(DEFAULT_SPEED);
    let scan_button = NodeRef::<html::Button>::new();
    label_cells(state, language);

    let go = move |cell: Cell| {
        if let Some(before) = element(current.get_value()) {
            before.set_tab_index(-1);
        }
        current.set_value(cell);
        if let Some(element) = element(cell) {
            element.set_tab_index(0);
            element.focus().ok();
        }
    };
    // The grid takes the canvas's place also for those who don't see it.
    Effect::new(move |_| {
        if let Some(canvas) = canvas() {
            canvas.set_attribute("inert", "").ok();
        }
        go(current.get_value());
        on_cleanup(|| {
            if let Some(canvas) = canvas() {
                canvas.remove_attribute("inert").ok();
            }
        });
    });
    // The one who stopped it can start it with the same switch.
    Effect::new(move |before: Option<bool>| {
        let now = is_scanning.get();
        if let (Some(true), false, Some(button)) = (before, now, scan_button.get_untracked()) {
            button.focus().ok();
        }
        now
    });

    let close = move || {
        state.grid.set(None);
        if let Some(button) = document().get_element_by_id(BUTTON_ID) {
            button.unchecked_into::<HtmlElement>().focus().ok();
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let key = event.key();
        let control = event.ctrl_key() || event.meta_key();
        let here = current.get_value();
        if let Some(cell) = here.after(&key, control) {
            go(cell);
        } else if control {
            return;
        } else if key == " " || key == "Enter" {
            toggle(state, language, here);
        } else if key == "Backspace" {
            state.undo();
            state
                .announcement
                .set(language.texts_untracked::<DrawTexts>().undone.to_owned());
        } else if key == "Escape" {
            close();
        } else {
            return;
        }
        event.prevent_default();
    };
    let on_click = move |event: ev::MouseEvent| {
        let cell = event
            .target()
            .and_then(|target| Cell::from_id(&target.dyn_ref::<Element>()?.id()));
        if let Some(cell) = cell {
            go(cell);
            toggle(state, language, cell);
        }
    };
    let rows = (0..SIDE).map(|row| {
        let cells = Cell::of_row(row).map(|cell| {
            let tab_index = if cell == Cell::MIDDLE { "0" } else { "-1" };
            view! { <div role="gridcell" id=cell.id() tabindex=tab_index></div> }
        });
        view! { <div role="row">{cells.collect_view()}</div> }
    });
    let speeds = SPEEDS.map(|speed| {
        view! {
            <option value=speed selected=speed == DEFAULT_SPEED>
                {move || (language.texts::<GridTexts>().seconds)(speed)}
            </option>
        }
    });
    let choose_speed = move |event: ev::Event| {
        if let Ok(speed) = event_target_value(&event).parse() {
            tenths.set(speed);
        }
    };
    view! {
        <div
            class="cells"
            role="grid"
            aria-label=t(|t: &GridTexts| t.grid)
            aria-describedby="grid-help"
            inert=move || is_scanning.get()
            on:keydown=on_key
            on:click=on_click
        >
            {rows.collect_view()}
        </div>
        {move || is_scanning.get().then(|| view! { <Scan is_scanning tenths /> })}
        <div class="grid-controls">
            <button type="button" node_ref=scan_button on:click=move |_| is_scanning.update(|is_scanning| *is_scanning ^= true)>
                {move || {
                    let texts = language.texts::<GridTexts>();
                    if is_scanning.get() { texts.stop } else { texts.start }
                }}
            </button>
            <label>
                {t(|t: &GridTexts| t.speed)}
                <select on:change=choose_speed>{speeds}</select>
            </label>
            <button type="button" on:click=move |_| close()>
                {t(|t: &GridTexts| t.close)}
            </button>
            <p id="grid-help" class="small">{t(|t: &GridTexts| t.help)}</p>
        </div>
    }
    .into_sync_any()
}

/// Tell at each cell where it is and whether it is filled.
fn label_cells(state: DrawState, language: Language) {
    let filled = Memo::new(move |_| {
        state
            .drawing
            .with(|drawing| Cell::all().map(|cell| is_filled(drawing, cell)).collect::<Vec<_>>())
    });
    Effect::new(move |before: Option<(Locale, Vec<bool>)>| {
        let (locale, now) = (language.locale(), filled.get());
        for (index, cell) in Cell::all().enumerate() {
            let is_known =
                |(named, filled): &(Locale, Vec<bool>)| *named == locale && filled.get(index) == now.get(index);
            if before.as_ref().is_some_and(is_known) {
                continue;
            }
            if let Some(element) = element(cell) {
                let text = label(language, cell, now.get(index) == Some(&true));
                element.set_attribute("aria-label", &text).ok();
            }
        }
        (locale, now)
    });
}

/// Fill a cell, or erase what fills it, and say so.
pub fn toggle(state: DrawState, language: Language, cell: Cell) {
    let centre = cell.centre();
    let line = state.drawing.with_untracked(|drawing| drawing.line_at(centre, 0.0));
    let now = state.draw(|drawing| {
        match line {
            Some(line) => drawing.erase(line),
            None => drawing.begin(centre, INK),
        }
        is_filled(drawing, cell)
    });
    // None while an image replaces the drawing.
    if let Some(is_filled) = now {
        state.announcement.set(label(language, cell, is_filled));
    }
}

fn is_filled(drawing: &Drawing, cell: Cell) -> bool {
    drawing.line_at(cell.centre(), 0.0).is_some()
}

fn label(language: Language, Cell { row, column }: Cell, is_filled: bool) -> String {
    (language.texts_untracked::<GridTexts>().cell)(row + 1, column + 1, is_filled)
}

fn element(cell: Cell) -> Option<HtmlElement> {
    document().get_element_by_id(&cell.id())?.dyn_into().ok()
}

fn canvas() -> Option<Element> {
    document().query_selector(CANVAS).ok()?
}

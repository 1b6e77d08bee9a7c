//! The canvas: pen, finger, mouse and keys draw on it; a dropped picture shows in it.

use leptos::{ev, html::Canvas, prelude::*};
use web_sys::{KeyboardEvent, PointerEvent};

use super::{
    drawing::{Command, Drawing, KeyboardPen, command},
    file_error::Notice,
    hint::Hint,
    pointer, rendering,
    state::Desk,
};
use crate::{i18n::Language, sync_view::IntoAnyAtOnce};

/// The paper to draw on.
#[component]
pub fn Board(
    /// Whether a file is held above the page.
    dropping: RwSignal<bool>,
) -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let canvas = NodeRef::<Canvas>::new();
    rendering::keep_painting(desk, canvas);

    // The pointer that draws; a second finger or a resting palm is another one.
    let active = StoredValue::new(None::<i32>);
    let lower = move |event: PointerEvent| {
        if active.get_value().is_none()
            && event.button() == 0
            && let Some(point) = pointer::lowered(&event)
        {
            active.set_value(Some(event.pointer_id()));
            desk.keyboard.set(None);
            let pen = desk.pen.get_untracked();
            desk.draw(|drawing| drawing.begin(point, pen));
        }
    };
    let pull = move |event: PointerEvent| {
        if active.get_value() == Some(event.pointer_id()) {
            let points = pointer::passed(&event);
            desk.draw(|drawing| points.into_iter().for_each(|point| drawing.extend(point)));
        }
    };
    let lift = move |event: PointerEvent| {
        if active.get_value() == Some(event.pointer_id()) {
            active.set_value(None);
        }
    };

    view! {
        <div class="board" class:dropping=move || dropping.get() class:showing=move || desk.upload.with(Option::is_some)>
            <canvas
                node_ref=canvas
                tabindex="0"
                role="application"
                aria-label=language.say(|t| t.canvas)
                aria-describedby="help"
                on:pointerdown=lower
                on:pointermove=pull
                on:pointerup=lift
                on:pointercancel=lift
                on:lostpointercapture=lift
                on:keydown=move |event| press(desk, language, &event)
                on:blur=move |_: ev::FocusEvent| desk.keyboard.set(None)
            ></canvas>
            <Hint />
            <p class="drop-here" aria-hidden="true">{language.say(|t| t.drop_here)}</p>
            <Notice />
        </div>
    }
    .at_once()
}

/// A key on the canvas.
fn press(desk: Desk, language: Language, event: &KeyboardEvent) {
    let control = event.ctrl_key() || event.meta_key();
    let Some(command) = command(&event.key(), event.shift_key(), control) else {
        return;
    };
    event.prevent_default();
    let texts = untrack(move || language.texts());
    let pen = desk.keyboard.get_untracked().unwrap_or_default();
    let say = move |text: &str| desk.said.set(text.to_owned());
    match command {
        Command::Move(step) => {
            let pen = pen.moved(step);
            if pen.down {
                desk.draw(|drawing| drawing.extend(pen.point));
            }
            desk.keyboard.set(Some(pen));
        }
        Command::Toggle if pen.down => {
            desk.keyboard.set(Some(KeyboardPen { down: false, ..pen }));
            say(texts.pen_up);
        }
        Command::Toggle => {
            let width = desk.pen.get_untracked();
            let drew = desk.draw(|drawing: &mut Drawing| drawing.begin(pen.point, width));
            if drew.is_some() {
                desk.keyboard.set(Some(KeyboardPen { down: true, ..pen }));
                say(texts.pen_down);
            }
        }
        Command::Undo => {
            desk.keyboard.set(Some(KeyboardPen { down: false, ..pen }));
            desk.undo();
            say(texts.undone);
        }
        Command::Clear => {
            desk.keyboard.set(Some(KeyboardPen { down: false, ..pen }));
            desk.clear();
            say(texts.cleared);
        }
    }
}

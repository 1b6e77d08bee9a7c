//! The canvas: drawing with pen, finger, mouse or keyboard.

use leptos::{ev, html::Canvas, prelude::*};
use web_sys::{KeyboardEvent, PointerEvent};

use super::{
    drawing::{Drawing, KeyCommand, KeyboardPen, key_command},
    file_error::FileErrorMessage,
    hint::Hint,
    pointer, rendering,
    state::DrawState,
};
use crate::{i18n::Language, sync_view::IntoSyncAny};

/// The canvas with its hint and the error of the last file.
#[component]
pub fn DrawingCanvas(
    /// Whether a file is dragged over the page.
    is_dragging: RwSignal<bool>,
) -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let canvas = NodeRef::<Canvas>::new();
    rendering::repaint_on_change(state, canvas);

    // The pointer that draws. Further fingers or a resting palm are other pointers, which are ignored.
    let active = StoredValue::new(None::<i32>);
    let start = move |event: PointerEvent| {
        if active.get_value().is_none()
            && event.button() == 0
            && let Some(point) = pointer::start(&event)
        {
            active.set_value(Some(event.pointer_id()));
            state.keyboard.set(None);
            let pen = state.pen.get_untracked();
            state.draw(|drawing| drawing.begin(point, pen));
        }
    };
    let extend = move |event: PointerEvent| {
        if active.get_value() == Some(event.pointer_id()) {
            let points = pointer::points(&event);
            state.draw(|drawing| points.into_iter().for_each(|point| drawing.extend(point)));
        }
    };
    let end = move |event: PointerEvent| {
        if active.get_value() == Some(event.pointer_id()) {
            active.set_value(None);
        }
    };

    view! {
        <div class="board" class:dropping=move || is_dragging.get() class:showing=move || state.image.with(Option::is_some)>
            <canvas
                node_ref=canvas
                tabindex="0"
                role="application"
                aria-label=language.say(|t| t.canvas)
                aria-describedby="help"
                on:pointerdown=start
                on:pointermove=extend
                on:pointerup=end
                on:pointercancel=end
                on:lostpointercapture=end
                on:keydown=move |event| on_key_down(state, language, &event)
                on:blur=move |_: ev::FocusEvent| state.keyboard.set(None)
            ></canvas>
            <Hint />
            <p class="drop-here" aria-hidden="true">{language.say(|t| t.drop_here)}</p>
            <FileErrorMessage />
        </div>
    }
    .into_sync_any()
}

fn on_key_down(state: DrawState, language: Language, event: &KeyboardEvent) {
    let control = event.ctrl_key() || event.meta_key();
    let Some(command) = key_command(&event.key(), event.shift_key(), control) else {
        return;
    };
    event.prevent_default();
    let texts = untrack(move || language.texts());
    let pen = state.keyboard.get_untracked().unwrap_or_default();
    let announce = move |text: &str| state.announcement.set(text.to_owned());
    match command {
        KeyCommand::Move(step) => {
            let pen = pen.moved(step);
            if pen.down {
                state.draw(|drawing| drawing.extend(pen.point));
            }
            state.keyboard.set(Some(pen));
        }
        KeyCommand::Toggle if pen.down => {
            state.keyboard.set(Some(KeyboardPen { down: false, ..pen }));
            announce(texts.pen_up);
        }
        KeyCommand::Toggle => {
            let width = state.pen.get_untracked();
            let drew = state.draw(|drawing: &mut Drawing| drawing.begin(pen.point, width));
            if drew.is_some() {
                state.keyboard.set(Some(KeyboardPen { down: true, ..pen }));
                announce(texts.pen_down);
            }
        }
        KeyCommand::Undo => {
            state.keyboard.set(Some(KeyboardPen { down: false, ..pen }));
            state.undo();
            announce(texts.undone);
        }
        KeyCommand::Clear => {
            state.keyboard.set(Some(KeyboardPen { down: false, ..pen }));
            state.clear();
            announce(texts.cleared);
        }
    }
}

//! The canvas: drawing with pen, finger, mouse or keyboard.

use leptos::{ev, html::Canvas, prelude::*};
use web_sys::{KeyboardEvent, PointerEvent};

use super::{
    drawing::{Contact, Drawing, KeyCommand, KeyboardPen, key_command},
    file_error::FileErrorMessage,
    hint::Hint,
    pointer, rendering,
    state::DrawState,
    texts::DrawTexts,
};
use crate::{
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};

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
    let active = StoredValue::new(None::<Contact>);
    // The stroke of a palm goes. One that was undone meanwhile isn't the last one.
    let discard = move |contact: Contact| {
        state.draw(|drawing| {
            if contact.draws_last_of(drawing) {
                drawing.undo();
            }
        });
    };
    let start = move |event: PointerEvent| {
        let contact = Contact::new(event.pointer_id(), event.pointer_type() == "touch", event.is_primary());
        let before = active.get_value();
        if event.button() != 0 || before.is_some_and(|before| !before.gives_way_to(contact)) {
            return;
        }
        let Some(point) = pointer::start(&event) else { return };
        if let Some(palm) = before.filter(|before| before.is_finger && !contact.is_finger) {
            discard(palm);
        }
        state.keyboard.set(None);
        let pen = state.pen.get_untracked();
        let contact = state.draw(|drawing| {
            drawing.begin(point, pen);
            contact.with_last_stroke_of(drawing)
        });
        active.set_value(contact);
    };
    let contact_of = move |event: &PointerEvent| active.get_value().filter(|active| active.id == event.pointer_id());
    let extend = move |event: PointerEvent| {
        let Some(contact) = contact_of(&event) else { return };
        // The release was lost, to a context menu or another window.
        if event.buttons() == 0 {
            active.set_value(None);
            return;
        }
        let points = pointer::points(&event);
        state.draw(|drawing| {
            if contact.draws_last_of(drawing) {
                for point in points {
                    drawing.extend(point);
                }
            }
        });
    };
    let end = move |event: PointerEvent| {
        if contact_of(&event).is_some() {
            active.set_value(None);
        }
    };
    // The system cancels a touch that it takes for a palm, or for a gesture of its own.
    let cancel = move |event: PointerEvent| {
        if let Some(finger) = contact_of(&event).filter(|contact| contact.is_finger) {
            discard(finger);
        }
        end(event);
    };
    // Scribble on an iPad would take strokes of the pen for handwriting, whatever `touch-action` says.
    let keep_from_scribble = |event: ev::TouchEvent| {
        if event.cancelable() {
            event.prevent_default();
        }
    };

    view! {
        <div class="board" class:dropping=move || is_dragging.get() class:showing=move || state.image.with(Option::is_some)>
            <canvas
                node_ref=canvas
                tabindex="0"
                role="application"
                aria-label=t(|t: &DrawTexts| t.canvas)
                aria-describedby="help"
                on:pointerdown=start
                on:pointermove=extend
                on:pointerup=end
                on:pointercancel=cancel
                on:lostpointercapture=end
                on:touchmove=keep_from_scribble
                on:keydown=move |event| on_key_down(state, language, &event)
                on:blur=move |_: ev::FocusEvent| state.keyboard.set(None)
            ></canvas>
            <Hint />
            <p class="drop-here" aria-hidden="true">{t(|t: &DrawTexts| t.drop_here)}</p>
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
    let texts = language.texts_untracked::<DrawTexts>();
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

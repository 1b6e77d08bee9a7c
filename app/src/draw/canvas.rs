//! The canvas: drawing with pen, finger, mouse or keyboard.

use leptos::{ev, html::Canvas, prelude::*};
use web_sys::{KeyboardEvent, PointerEvent};

use super::{
    drawing::{Contact, KeyCommand, KeyboardPen, PointerKind, Tool, key_command, shortcut},
    file_error::FileErrorMessage,
    hint::Hint,
    pointer::{self, Sample},
    rendering,
    state::DrawState,
    texts::DrawTexts,
};
use crate::{
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};

/// `PointerEvent.button` of the eraser at a pen's other end.
const ERASER_BUTTON: i16 = 5;

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

    shortcuts(state, language);

    // The pointer that draws. Further fingers or a resting palm are other pointers, which are ignored.
    let active = StoredValue::new(None::<Contact>);
    // A pen that draws or hovers over the canvas. A touch beside it is the palm.
    let pen_is_near = StoredValue::new(false);
    let take_back = move |palm: Contact| {
        active.set_value(None);
        state.draw(|drawing| palm.take_back(drawing));
    };
    let notice = move |kind: PointerKind| {
        if kind == PointerKind::Pen {
            pen_is_near.set_value(true);
            if let Some(palm) = active.get_value().filter(|active| active.kind == PointerKind::Finger) {
                take_back(palm);
            }
        }
    };
    let start = move |event: PointerEvent| {
        let kind = pointer::kind(&event);
        notice(kind);
        let tool = match event.button() {
            0 => state.tool.get_untracked(),
            ERASER_BUTTON => Tool::Eraser,
            _ => return,
        };
        let contact = Contact::new(event.pointer_id(), kind, event.is_primary(), tool);
        let is_palm = kind == PointerKind::Finger && pen_is_near.get_value();
        let is_taken = active.with_value(|active| active.is_some_and(|active| !active.gives_way_to(contact)));
        if is_palm || is_taken {
            return;
        }
        let Some(Sample { point, pressure }) = pointer::start(&event) else {
            return;
        };
        state.keyboard.set(None);
        active.set_value(match tool {
            Tool::Pen(pen) => state.draw(|drawing| {
                drawing.begin(point, pen.width_under(pressure));
                contact.with_last_stroke_of(drawing)
            }),
            Tool::Eraser => {
                state.erase(point);
                Some(contact)
            }
        });
    };
    let contact_of = move |event: &PointerEvent| active.get_value().filter(|active| active.id == event.pointer_id());
    let extend = move |event: PointerEvent| {
        notice(pointer::kind(&event));
        let Some(contact) = contact_of(&event) else { return };
        // The release was lost, to a context menu or another window.
        if event.buttons() == 0 {
            active.set_value(None);
            return;
        }
        let samples = pointer::samples(&event);
        match contact.tool {
            Tool::Pen(pen) => {
                state.draw(|drawing| {
                    if contact.draws_last_of(drawing) {
                        for Sample { point, pressure } in samples {
                            drawing.extend(point, pen.width_under(pressure));
                        }
                    }
                });
            }
            Tool::Eraser => {
                for sample in samples {
                    state.erase(sample.point);
                }
            }
        }
    };
    let end = move |event: PointerEvent| {
        if contact_of(&event).is_some() {
            active.set_value(None);
        }
    };
    // The system cancels a touch that it takes for a palm, or for a gesture of its own.
    let cancel = move |event: PointerEvent| match contact_of(&event) {
        Some(finger) if finger.kind == PointerKind::Finger => take_back(finger),
        _ => end(event),
    };
    let leave = move |event: PointerEvent| {
        if pointer::kind(&event) == PointerKind::Pen {
            pen_is_near.set_value(false);
        }
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
                on:pointerleave=leave
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

/// Ctrl+Z and its like work wherever the focus is: it is on a button after that was pressed.
fn shortcuts(state: DrawState, language: Language) {
    Effect::new(move |_| {
        let pressed = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.meta_key() {
                run(state, language, &event, shortcut(&event.key(), event.shift_key()));
            }
        });
        on_cleanup(move || pressed.remove());
    });
}

fn on_key_down(state: DrawState, language: Language, event: &KeyboardEvent) {
    if !event.ctrl_key() && !event.meta_key() {
        run(state, language, event, key_command(&event.key(), event.shift_key()));
    }
}

/// Do what a key stands for, in place of the browser.
fn run(state: DrawState, language: Language, event: &KeyboardEvent, command: Option<KeyCommand>) {
    let Some(command) = command else { return };
    event.prevent_default();
    let texts = language.texts_untracked::<DrawTexts>();
    let announce = move |text: &str| state.announcement.set(text.to_owned());
    let (change, said): (fn(DrawState), _) = match command {
        KeyCommand::Move(step) => {
            let pen = state.keyboard.get_untracked().unwrap_or_default().moved(step);
            if let (true, Tool::Pen(width)) = (pen.down, state.tool.get_untracked()) {
                state.draw(|drawing| drawing.extend(pen.point, width.width()));
            }
            state.keyboard.set(Some(pen));
            return;
        }
        KeyCommand::Toggle => {
            announce(toggle(state, texts));
            return;
        }
        KeyCommand::Undo => (DrawState::undo, texts.undone),
        KeyCommand::Redo => (DrawState::redo, texts.redone),
        KeyCommand::Clear => (DrawState::clear, texts.cleared),
    };
    state.keyboard.update(|pen| {
        if let Some(pen) = pen {
            pen.down = false;
        }
    });
    change(state);
    announce(said);
}

/// Lower or lift the keyboard's pen, or erase what is under it. Returns what to say.
fn toggle(state: DrawState, texts: &'static DrawTexts) -> &'static str {
    let pen = state.keyboard.get_untracked().unwrap_or_default();
    let (down, said) = match state.tool.get_untracked() {
        _ if pen.down => (false, texts.pen_up),
        Tool::Pen(width) => match state.draw(|drawing| drawing.begin(pen.point, width.width())) {
            Some(()) => (true, texts.pen_down),
            None => return "",
        },
        Tool::Eraser if state.erase(pen.point) => (false, texts.erased),
        Tool::Eraser => (false, texts.nothing_erased),
    };
    state.keyboard.set(Some(KeyboardPen { down, ..pen }));
    said
}

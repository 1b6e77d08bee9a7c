//! The tools: pen width, eraser, undo, redo and clear.

use leptos::prelude::*;

use super::{
    drawing::{Drawing, Pen, Tool},
    state::DrawState,
    texts::DrawTexts,
};
use crate::{
    i18n::t,
    sync_view::IntoSyncAny,
    ui::icon::{Glyph, Icon},
};

/// The tools, each with an icon and a label.
#[component]
pub fn Tools() -> impl IntoView {
    let state = DrawState::shared();
    let can_undo = Memo::new(move |_| state.image.with(Option::is_some) || state.drawing.with(Drawing::can_undo));
    let can_redo = Memo::new(move |_| state.image.with(Option::is_none) && state.drawing.with(Drawing::can_redo));
    let can_clear = Memo::new(move |_| !state.is_empty());
    let edits: [(_, _, _, fn(DrawState)); 3] = [
        (Glyph::Undo, t(|t: &DrawTexts| t.undo), can_undo, DrawState::undo),
        (Glyph::Redo, t(|t: &DrawTexts| t.redo), can_redo, DrawState::redo),
        (Glyph::Clear, t(|t: &DrawTexts| t.clear), can_clear, DrawState::clear),
    ];
    let edits = edits.map(|(glyph, label, is_possible, edit)| {
        view! {
            <button type="button" class="tool" disabled=move || !is_possible.get() on:click=move |_| edit(state)>
                <Icon glyph />
                <span>{label}</span>
            </button>
        }
    });
    view! {
        <div class="tools">
            <fieldset role="radiogroup">
                <legend class="visually-hidden">{t(|t: &DrawTexts| t.tools)}</legend>
                {Tool::ALL.map(|tool| view! { <Choice tool /> })}
            </fieldset>
            <div class="edits">{edits}</div>
        </div>
    }
    .into_sync_any()
}

#[component]
fn Choice(tool: Tool) -> impl IntoView {
    let state = DrawState::shared();
    let label = t(match tool {
        Tool::Pen(Pen::Thin) => |t: &DrawTexts| t.thin,
        Tool::Pen(Pen::Medium) => |t: &DrawTexts| t.medium,
        Tool::Pen(Pen::Thick) => |t: &DrawTexts| t.thick,
        Tool::Eraser => |t: &DrawTexts| t.eraser,
    });
    let line = "M4 15c4-8 6-8 8-3s4 5 8-3";
    let (path, width) = match tool {
        Tool::Pen(Pen::Thin) => (line, "2"),
        Tool::Pen(Pen::Medium) => (line, "4"),
        Tool::Pen(Pen::Thick) => (line, "7"),
        Tool::Eraser => ("m14 4 7 7-9 9H8l-5-5zM9 9l7 7", "2"),
    };
    view! {
        <label class="tool">
            <input
                type="radio"
                name="pen"
                value=tool.name()
                checked=tool == Tool::default()
                prop:checked=move || state.tool.get() == tool
                on:change=move |_| state.tool.set(tool)
            />
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d=path stroke-width=width />
            </svg>
            <span>{label}</span>
        </label>
    }
}

//! The tools: pen width, undo and clear.

use leptos::prelude::*;

use super::{
    drawing::{Drawing, Pen},
    state::DrawState,
};
use crate::{
    i18n::{Language, Texts},
    sync_view::IntoSyncAny,
    ui::icon::{Glyph, Icon},
};

/// The tools, each with an icon and a label.
#[component]
pub fn Tools() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let can_undo = Memo::new(move |_| state.image.with(Option::is_some) || state.drawing.with(Drawing::can_undo));
    let can_clear = Memo::new(move |_| !state.is_empty());
    view! {
        <div class="tools">
            <fieldset role="radiogroup">
                <legend class="visually-hidden">{language.say(|t| t.pen_width)}</legend>
                {Pen::ALL.map(|pen| view! { <PenWidth pen /> })}
            </fieldset>
            <button type="button" class="tool" disabled=move || !can_undo.get() on:click=move |_| state.undo()>
                <Icon glyph=Glyph::Undo />
                <span>{language.say(|t| t.undo)}</span>
            </button>
            <button type="button" class="tool" disabled=move || !can_clear.get() on:click=move |_| state.clear()>
                <Icon glyph=Glyph::Clear />
                <span>{language.say(|t| t.clear)}</span>
            </button>
        </div>
    }
    .into_sync_any()
}

#[component]
fn PenWidth(pen: Pen) -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let label = language.say(match pen {
        Pen::Thin => |t: &'static Texts| t.thin,
        Pen::Medium => |t: &'static Texts| t.medium,
        Pen::Thick => |t: &'static Texts| t.thick,
    });
    let width = match pen {
        Pen::Thin => "2",
        Pen::Medium => "4",
        Pen::Thick => "7",
    };
    view! {
        <label class="tool">
            <input
                type="radio"
                name="pen"
                value=pen.name()
                checked=pen == Pen::default()
                prop:checked=move || state.pen.get() == pen
                on:change=move |_| state.pen.set(pen)
            />
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M4 15c4-8 6-8 8-3s4 5 8-3" stroke-width=width />
            </svg>
            <span>{label}</span>
        </label>
    }
}

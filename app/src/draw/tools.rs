//! Below the canvas: the pen's width, undo and clear.

use leptos::prelude::*;

use super::{
    drawing::{Drawing, Pen},
    state::Desk,
};
use crate::{
    i18n::{Language, Texts},
    sync_view::IntoAnyAtOnce,
    ui::icon::{Glyph, Icon},
};

/// The row of tools, each an icon and a word.
#[component]
pub fn Tools() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let can_undo = Memo::new(move |_| desk.upload.with(Option::is_some) || desk.drawing.with(Drawing::can_undo));
    let can_clear = Memo::new(move |_| !desk.is_empty());
    view! {
        <div class="tools">
            <fieldset role="radiogroup">
                <legend class="unseen">{language.say(|t| t.pen_width)}</legend>
                {Pen::ALL.map(|pen| view! { <Width pen /> })}
            </fieldset>
            <button type="button" class="tool" disabled=move || !can_undo.get() on:click=move |_| desk.undo()>
                <Icon glyph=Glyph::Undo />
                <span>{language.say(|t| t.undo)}</span>
            </button>
            <button type="button" class="tool" disabled=move || !can_clear.get() on:click=move |_| desk.clear()>
                <Icon glyph=Glyph::Clear />
                <span>{language.say(|t| t.clear)}</span>
            </button>
        </div>
    }
    .at_once()
}

/// One width to choose.
#[component]
fn Width(pen: Pen) -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let word = language.say(match pen {
        Pen::Thin => |t: &'static Texts| t.thin,
        Pen::Medium => |t: &'static Texts| t.medium,
        Pen::Thick => |t: &'static Texts| t.thick,
    });
    // The stroke in the icon is as wide as on a canvas of the icon's proportions, within what still shows.
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
                prop:checked=move || desk.pen.get() == pen
                on:change=move |_| desk.pen.set(pen)
            />
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M4 15c4-8 6-8 8-3s4 5 8-3" stroke-width=width />
            </svg>
            <span>{word}</span>
        </label>
    }
}

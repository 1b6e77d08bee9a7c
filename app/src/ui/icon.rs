//! The icons: strokes in the current text colour on a 24 by 24 grid.

use leptos::prelude::*;

/// The available icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Undo,
    Redo,
    Clear,
    Upload,
    Close,
    Show,
    Hide,
    More,
    Code,
}

/// One icon, hidden from screen readers: the text beside it has the meaning.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    let path = match glyph {
        Glyph::Undo => "M9 6 4 11l5 5M4.5 11H14a5.5 5.5 0 0 1 0 11h-3",
        Glyph::Redo => "m15 6 5 5-5 5M19.5 11H10a5.5 5.5 0 0 0 0 11h3",
        Glyph::Clear => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
        Glyph::Upload => "M12 16V4M7 9l5-5 5 5M4 15v5h16v-5",
        Glyph::Close => "M6 6l12 12M18 6 6 18",
        Glyph::Show => "M2 12c5-8 15-8 20 0-5 8-15 8-20 0M15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0",
        Glyph::Hide => "M2 12c5-8 15-8 20 0-5 8-15 8-20 0M15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0M4 3l16 18",
        Glyph::More => "M5 12h.01M12 12h.01M19 12h.01",
        Glyph::Code => "M8 7l-5 5 5 5M16 7l5 5-5 5",
    };
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
}

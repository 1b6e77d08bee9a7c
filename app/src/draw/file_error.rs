//! The error of the last image file, shown over the canvas's lower edge so that the layout doesn't move.

use leptos::prelude::*;

use super::{state::DrawState, texts::DrawTexts};
use crate::{
    i18n::{Language, t},
    ui::icon::{Glyph, Icon},
};

/// Shown until it is closed or something is drawn.
#[component]
pub fn FileErrorMessage() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    move || {
        state.file_error.get().map(|error| {
            let text = error.of(language.locale()).clone();
            view! {
                <div class="notice">
                    <p role="alert">
                        <strong>{text.happened}</strong>
                        " "
                        {text.remedy}
                    </p>
                    <button
                        type="button"
                        class="quiet"
                        aria-label=t(|t: &DrawTexts| t.dismiss)
                        on:click=move |_| state.file_error.set(None)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            }
        })
    }
}

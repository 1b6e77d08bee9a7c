//! Why a file was not taken, over the canvas's lower edge: nothing moves for it.

use leptos::prelude::*;

use super::state::Desk;
use crate::{
    i18n::Language,
    ui::icon::{Glyph, Icon},
};

/// Shown until it is closed or something is drawn.
#[component]
pub fn Notice() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    move || {
        desk.unusable.get().map(|reason| {
            let text = language.texts().unusable(reason);
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
                        aria-label=language.say(|t| t.dismiss)
                        on:click=move |_| desk.unusable.set(None)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            }
        })
    }
}

//! The buttons to request the server's prediction and to choose an image.

use leptos::{html::Input, prelude::*};

use super::{
    file_input,
    request_prediction::request_prediction,
    state::{DrawState, ServerRequest},
};
use crate::{
    i18n::Language,
    session::Session,
    sync_view::IntoSyncAny,
    ui::icon::{Glyph, Icon},
};

/// The buttons under the tools.
#[component]
pub fn Actions() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let session = Session::shared();
    let is_pending = Memo::new(move |_| {
        state
            .request
            .with(|request| matches!(request, ServerRequest::Pending { .. }))
    });
    let chooser = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(input) = chooser.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        if let Some(input) = chooser.get_untracked() {
            file_input::load_first(state, input.files());
            // Without this, choosing the same file again would not fire `change`.
            input.set_value("");
        }
    };
    view! {
        <div class="ask">
            <button
                type="button"
                class="primary"
                class:busy=move || is_pending.get()
                disabled=move || state.is_empty()
                aria-busy=move || is_pending.get().to_string()
                on:click=move |_| request_prediction(state, session)
            >
                {language.say(|t| t.ask)}
            </button>
            <button type="button" on:click=choose>
                <Icon glyph=Glyph::Upload />
                {language.say(|t| t.upload)}
            </button>
            <input node_ref=chooser type="file" accept="image/*" hidden on:change=chosen />
        </div>
    }
    .into_sync_any()
}

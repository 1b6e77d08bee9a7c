//! The buttons to request the server's prediction and to choose an image.

use leptos::{html::Input, prelude::*};

use super::{
    file_input,
    request_prediction::request_prediction,
    state::{DrawState, ServerRequest},
    texts::DrawTexts,
};
use crate::{
    i18n::t,
    session::Session,
    sync_view::IntoSyncAny,
    ui::icon::{Glyph, Icon},
};

/// The buttons under the tools.
#[component]
pub fn Actions() -> impl IntoView {
    let state = DrawState::shared();
    let session = Session::shared();
    let is_pending = Memo::new(move |_| {
        state
            .request
            .with(|request| matches!(request, ServerRequest::Pending { .. }))
    });
    let can_ask = Memo::new(move |_| state.can_ask());
    let chooser = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(input) = chooser.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        if let Some(input) = chooser.get_untracked() {
            file_input::load_first(state, session, input.files());
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
                disabled=move || !can_ask.get()
                aria-busy=move || is_pending.get().to_string()
                on:click=move |_| request_prediction(state, session)
            >
                {t(|t: &DrawTexts| t.ask)}
            </button>
            <button type="button" on:click=choose>
                <Icon glyph=Glyph::Upload />
                {t(|t: &DrawTexts| t.upload)}
            </button>
            <input node_ref=chooser type="file" accept="image/*" hidden on:change=chosen />
        </div>
    }
    .into_sync_any()
}

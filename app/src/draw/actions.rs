//! Asking the server, and bringing a picture of one's own.

use leptos::{html::Input, prelude::*};

use super::{
    file_input,
    request_prediction::ask,
    state::{Asked, Desk},
};
use crate::{
    i18n::Language,
    session::Session,
    sync_view::IntoAnyAtOnce,
    ui::icon::{Glyph, Icon},
};

/// The two buttons under the tools.
#[component]
pub fn Ask() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let session = Session::shared();
    let is_asking = Memo::new(move |_| desk.asked.with(|asked| matches!(asked, Asked::Waiting { .. })));
    let chooser = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(input) = chooser.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        if let Some(input) = chooser.get_untracked() {
            file_input::take(desk, input.files());
            // So that the same file can be chosen again.
            input.set_value("");
        }
    };
    view! {
        <div class="ask">
            <button
                type="button"
                class="primary"
                class:busy=move || is_asking.get()
                disabled=move || desk.is_empty()
                aria-busy=move || is_asking.get().to_string()
                on:click=move |_| ask(desk, session)
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
    .at_once()
}

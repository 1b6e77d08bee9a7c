//! A question before something that can't be undone.

use leptos::{html, prelude::*};

use crate::{
    i18n::{Text, t},
    sync_view::IntoSyncAny,
    ui::texts::SharedTexts,
};

/// Asks, with a button that does it and one that cancels, which gets the focus.
#[component]
pub fn Question(
    /// What the question is about, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The question.
    #[prop(into)]
    text: Signal<String>,
    /// What is to be considered, behind the question.
    #[prop(optional_no_strip)]
    warning: Option<Text>,
    /// The button that does it, also while it is busy.
    yes: Text,
    busy: RwSignal<bool>,
    on_yes: Callback<()>,
    on_no: Callback<()>,
) -> impl IntoView {
    let cancel = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = cancel.get() {
            button.focus().ok();
        }
    });
    view! {
        <div class="confirming" role="group" aria-label=label>
            <p role="alert">{text} " " {warning.map(|warning| view! { <strong>{warning}</strong> })}</p>
            <button
                type="button"
                class="primary"
                class:busy=move || busy.get()
                aria-busy=move || busy.get().to_string()
                on:click=move |_| on_yes.run(())
            >
                {yes}
            </button>
            <button type="button" node_ref=cancel on:click=move |_| on_no.run(())>
                {t(|t: &SharedTexts| t.cancel)}
            </button>
        </div>
    }
    .into_sync_any()
}

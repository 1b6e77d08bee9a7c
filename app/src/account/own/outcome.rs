//! What came of sending a form.

use leptos::prelude::*;

use crate::{
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorAlert, form::Form},
};

/// The error, or what was done. They have their space before, so that the layout doesn't move.
#[component]
pub fn Outcome(
    form: Form,
    /// What was done, where the page stays; empty until then.
    #[prop(optional)]
    done: Option<Signal<String>>,
) -> impl IntoView {
    view! {
        <div class="outcome">
            <ErrorAlert error=form.error />
            {done.map(|done| view! { <p class="done" role="status">{move || done.get()}</p> })}
        </div>
    }
    .into_sync_any()
}

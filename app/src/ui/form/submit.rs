//! The submit button.

use leptos::prelude::*;

use super::Form;
use crate::{i18n::Text, sync_view::IntoSyncAny};

/// Before the page is hydrated, the browser sends the form itself and shows the page that the server answers with.
#[component]
pub fn Submit(
    form: Form,
    label: Text,
    /// The label while the form is being sent.
    busy_label: Text,
) -> impl IntoView {
    let is_busy = move || form.busy.get();
    view! {
        <button
            type="submit"
            class="primary"
            class:busy=is_busy
            aria-busy=move || is_busy().to_string()
        >
            {move || if is_busy() { busy_label.get() } else { label.get() }}
        </button>
    }
    .into_sync_any()
}

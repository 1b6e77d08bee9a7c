//! The submit button.

use leptos::prelude::*;

use super::Form;
use crate::{i18n::Say, sync_view::IntoSyncAny};

/// Disabled until hydration: before that, the browser would send the form itself and load the response as a page.
#[component]
pub fn Submit(
    form: Form,
    label: Say,
    /// The label while the form is being sent.
    busy_label: Say,
) -> impl IntoView {
    let is_ready = RwSignal::new(false);
    Effect::new(move |_| is_ready.set(true));
    let is_busy = move || form.busy.get();
    view! {
        <button
            type="submit"
            class="primary"
            class:busy=is_busy
            aria-busy=move || is_busy().to_string()
            disabled=move || !is_ready.get()
        >
            {move || if is_busy() { busy_label.get() } else { label.get() }}
        </button>
    }
    .into_sync_any()
}

//! The button that sends a form: it says what it does, and that it is at it.

use leptos::prelude::*;

use super::Form;
use crate::{i18n::Say, sync_view::IntoAnyAtOnce};

/// Not to be pressed before the program is there, which would send the form as a page of its own.
#[component]
pub fn Submit(
    /// The form's state.
    form: Form,
    /// What it does.
    label: Say,
    /// The same while it does it.
    busy: Say,
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
            {move || if is_busy() { busy.get() } else { label.get() }}
        </button>
    }
    .at_once()
}

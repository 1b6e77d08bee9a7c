//! A narrow page with one thing to do: a heading, a sentence, and what follows.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{browser::document, i18n::Say, sync_view::IntoAnyAtOnce};

/// The frame of such a page. Its heading takes the focus when the page changes under the reader.
#[component]
pub fn Card(
    /// The heading, and the document's title.
    title: Say,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    document::ready_when_shown();
    view! {
        <Title text=move || format!("{} · Trazo", title.get()) />
        <section class="card">
            <h1>{title}</h1>
            {children()}
        </section>
    }
    .at_once()
}

//! The frame of pages with one form or message.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    browser::document,
    i18n::{Text, tag},
    sync_view::IntoSyncAny,
    ui::title::title,
};

/// A narrow page with a heading.
#[component]
pub fn FormPage(
    /// The heading and the document's title.
    title: Text,
    children: Children,
) -> impl IntoView {
    document::mark_ready_on_mount();
    view! {
        <Title text=self::title(move || format!("{} · Trazo", title.get())) />
        <section class="card" translate="no" lang=tag()>
            <h1>{title}</h1>
            {children()}
        </section>
    }
    .into_sync_any()
}

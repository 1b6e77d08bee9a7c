//! A panel: heading, content, and the queries for the same values in Prometheus.

use leptos::{html::Details, prelude::*, task::spawn_local};

use crate::{
    admin::status::texts::StatusTexts,
    browser::clipboard::write_text,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};

/// A query with the name of its figure.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The name of the figure.
    pub name: fn(&'static StatusTexts) -> &'static str,
    /// The query.
    pub query: &'static str,
}

/// A panel of the dashboard.
#[component]
pub fn Panel(
    /// The id, also for `aria-labelledby`.
    id: &'static str,
    /// The heading.
    title: fn(&'static StatusTexts) -> &'static str,
    /// The queries for its figures.
    queries: Vec<Named>,
    /// Content beside the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// Content before the queries.
    #[prop(optional)]
    foot: Option<AnyView>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let label = format!("{id}-title");
    view! {
        <section class="panel" id=id aria-labelledby=label.clone()>
            <div class="panel-head">
                <h2 id=label.clone()>{t(title)}</h2>
                {aside}
            </div>
            {children()}
            <div class="panel-foot">
                {foot} {(!queries.is_empty()).then(|| view! { <Queries queries /> })}
            </div>
        </section>
    }
    .into_sync_any()
}

/// The panel's queries, to be copied into Grafana.
#[component]
fn Queries(queries: Vec<Named>) -> impl IntoView {
    let rows = queries
        .into_iter()
        .map(|named| view! { <Query named /> })
        .collect_view();
    view! {
        <details class="more">
            <summary>"PromQL"</summary>
            <dl class="queries">{rows}</dl>
        </details>
    }
    .into_sync_any()
}

#[component]
fn Query(named: Named) -> impl IntoView {
    let language = Language::shared();
    let copied: RwSignal<Option<bool>> = RwSignal::new(None);
    let word = move |t: &'static StatusTexts| match copied.get() {
        None => t.copy,
        Some(true) => t.copied,
        Some(false) => t.copy_failed,
    };
    let press = move |_| {
        spawn_local(async move {
            let is_copied = write_text(named.query).await;
            copied.try_set(Some(is_copied));
        });
    };
    view! {
        <div>
            <dt>{t(named.name)}</dt>
            <dd>
                <code tabindex="0">{named.query}</code>
                <button type="button" class="quiet" aria-live="polite" on:click=press>
                    {move || word(language.texts::<StatusTexts>())}
                </button>
            </dd>
        </div>
    }
    .into_sync_any()
}

/// A handler that copies the state of a `<details>` to a signal, so that its content is only rendered while it is open.
pub fn follow_open(details: NodeRef<Details>, is_open: RwSignal<bool>) -> impl Fn() + Copy {
    move || {
        if let Some(details) = details.get_untracked() {
            is_open.set(details.open());
        }
    }
}

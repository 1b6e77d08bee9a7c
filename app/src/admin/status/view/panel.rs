//! A panel: heading, content, and at its foot how Prometheus is asked for the same.

use leptos::{html::Details, prelude::*, task::spawn_local};

use crate::{
    admin::status::texts::{StatusTexts, say},
    browser::clipboard::copy,
    i18n::Language,
    sync_view::IntoAnyAtOnce,
};

/// A query under the name of its figure.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The figure.
    pub name: fn(&'static StatusTexts) -> &'static str,
    /// Its query.
    pub query: &'static str,
}

/// A panel of the dashboard.
#[component]
pub fn Panel(
    /// For `aria-labelledby`; no other panel has it.
    id: &'static str,
    /// Its heading.
    title: fn(&'static StatusTexts) -> &'static str,
    /// What it is asked by.
    queries: Vec<Named>,
    /// Beside the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// After the queries.
    #[prop(optional)]
    foot: Option<AnyView>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let language = Language::shared();
    let label = format!("{id}-title");
    view! {
        <section class="panel" id=id aria-labelledby=label.clone()>
            <div class="panel-head">
                <h2 id=label.clone()>{say(language, title)}</h2>
                {aside}
            </div>
            {children()}
            <div class="panel-foot">
                {foot} {(!queries.is_empty()).then(|| view! { <Queries queries /> })}
            </div>
        </section>
    }
    .at_once()
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
    .at_once()
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
            let is_copied = copy(named.query).await;
            copied.try_set(Some(is_copied));
        });
    };
    view! {
        <div>
            <dt>{say(language, named.name)}</dt>
            <dd>
                <code tabindex="0">{named.query}</code>
                <button type="button" class="quiet" aria-live="polite" on:click=press>
                    {move || word(StatusTexts::of(language.locale()))}
                </button>
            </dd>
        </div>
    }
    .at_once()
}

/// Whether a `<details>` is open, as a signal: what is inside is made only then.
pub fn follow_open(details: NodeRef<Details>, is_open: RwSignal<bool>) -> impl Fn() + Copy {
    move || {
        if let Some(details) = details.get_untracked() {
            is_open.set(details.open());
        }
    }
}

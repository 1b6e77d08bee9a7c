//! Which corrections are shown, and in which order.

use leptos::{html, prelude::*};

use super::{
    texts::ReviewTexts,
    url::{QueueUrl, value},
};
use crate::{
    i18n::{Language, Text, t},
    sync_view::IntoSyncAny,
};
use api::Label;

/// Three choices, and a name.
#[component]
pub fn Filters(url: QueueUrl) -> impl IntoView {
    let language = Language::shared();
    let label_options = Label::ALL
        .into_iter()
        .map(|label| {
            view! {
                <option value=label.name()>{move || (language.texts::<ReviewTexts>().label)(label)}</option>
            }
        })
        .collect_view();
    let user = NodeRef::<html::Input>::new();
    let in_url = move || url.query.with(|(query, _)| query.user.clone());
    view! {
        <form class="filters review-filters" role="search" on:submit=|event| event.prevent_default()>
            <div class="field">
                <label for="user">{t(|t: &ReviewTexts| t.user)}</label>
                <input
                    node_ref=user
                    id="user"
                    type="search"
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=in_url
                    on:change=move |event| url.change("user", &event_target_value(&event))
                />
            </div>
            {choice(
                url,
                "state",
                t(|t: &ReviewTexts| t.state_title),
                view! {
                    <option value="waiting">{t(|t: &ReviewTexts| t.waiting)}</option>
                    <option value="agreed">{t(|t: &ReviewTexts| t.agreed)}</option>
                    <option value="dropped">{t(|t: &ReviewTexts| t.dropped)}</option>
                }
                    .into_sync_any(),
            )}
            {choice(
                url,
                "label",
                t(|t: &ReviewTexts| t.said),
                view! {
                    <option value="">{t(|t: &ReviewTexts| t.any)}</option>
                    {label_options}
                }
                    .into_sync_any(),
            )}
            {choice(
                url,
                "sort",
                t(|t: &ReviewTexts| t.sort),
                view! {
                    <option value="disagreement">{t(|t: &ReviewTexts| t.by_disagreement)}</option>
                    <option value="doubt">{t(|t: &ReviewTexts| t.by_doubt)}</option>
                    <option value="newest">{t(|t: &ReviewTexts| t.by_newest)}</option>
                }
                    .into_sync_any(),
            )}
        </form>
    }
    .into_sync_any()
}

fn choice(url: QueueUrl, name: &'static str, label: Text, options: AnyView) -> AnyView {
    let select = NodeRef::<html::Select>::new();
    // Once the options are there.
    Effect::new(move |_| {
        let chosen = url.query.with(|(query, _)| value(query, name));
        if let Some(select) = select.get() {
            select.set_value(&chosen);
        }
    });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                node_ref=select
                id=name
                on:change=move |event| url.change(name, &event_target_value(&event))
            >
                {options}
            </select>
        </div>
    }
    .into_sync_any()
}

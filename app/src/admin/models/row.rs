//! One model: where it comes from, its figures, and what can be done with it.

use leptos::prelude::*;

use super::{
    confirmation::Confirmation,
    state::{ModelAction, ModelsState, Step},
    texts::ModelsTexts,
};
use crate::{
    browser::dates,
    i18n::{Language, percent_in_full, quantities::Unit},
    sync_view::IntoSyncAny,
};
use api::{EvaluationState, StoredModel};

/// The model, and whether it answers or did before.
#[component]
pub fn Row(state: ModelsState, model: StoredModel, is_live: bool, is_previous: bool) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelsTexts>();
    let version = model.version.clone();
    let concerns = {
        let version = version.clone();
        Callback::new(move |step: Step| step.is_in_list() && step.version == version)
    };
    let standing = move || match (is_live, is_previous) {
        (true, _) => Some(view! { <span class="state good">{texts().is_live}</span> }),
        (_, true) => Some(view! { <span class="state">{texts().is_previous}</span> }),
        _ => None,
    };
    let actions = actions(state, &model, is_live);
    let facts = move || facts(&model, language);
    view! {
        <li class="models-row">
            <h3 class="breakable">{version} {standing}</h3>
            <dl>{facts}</dl>
            <div class="models-actions">{actions}</div>
            <Confirmation state concerns />
        </li>
    }
    .into_sync_any()
}

/// What is known of it, line by line.
fn facts(model: &StoredModel, language: Language) -> AnyView {
    let (texts, locale) = (language.texts::<ModelsTexts>(), language.locale());
    let by = |at: &Option<String>, name: &Option<String>| {
        let at = dates::date_and_time(at.as_ref()?, locale);
        Some((texts.by)(&at, name.as_deref().unwrap_or("-")))
    };
    let card = model.card.as_ref();
    let lines = [
        (texts.origin, Some((texts.of_origin)(model).to_owned())),
        (
            texts.accuracy,
            card.map(|card| percent_in_full(card.test_accuracy, locale)),
        ),
        (
            texts.trained_on,
            card.and_then(|card| Some(card.corrections?.to_string())),
        ),
        (texts.date, card.map(|card| card.date.clone())),
        (texts.size, Some(Unit::Bytes.show(model.bytes.into(), locale))),
        (texts.uploaded, by(&model.uploaded_at, &model.uploaded_by)),
        (texts.live_since, by(&model.live_since, &model.live_by)),
        (
            texts.compared,
            model
                .evaluation
                .as_ref()
                .map(|summary| (texts.compared_with)(summary, locale)),
        ),
    ];
    let lines = lines.into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some(view! {
            <div>
                <dt>{name}</dt>
                <dd class="breakable">{value}</dd>
            </div>
        })
    });
    lines.collect_view().into_sync_any()
}

fn actions(state: ModelsState, model: &StoredModel, is_live: bool) -> Option<AnyView> {
    if is_live {
        return None;
    }
    let button = |action, is_new| {
        let step = Step {
            action,
            version: model.version.clone(),
        };
        action_button(state, step, is_new)
    };
    let evaluation = model.evaluation.as_ref();
    let show = evaluation.map(|_| button(ModelAction::Compare, false));
    let is_running = evaluation.is_some_and(|summary| summary.state == EvaluationState::Running);
    // The program's own is what the others are compared with.
    let compare = (!is_running && !model.shipped).then(|| button(ModelAction::Compare, true));
    let delete = (!model.shipped).then(|| button(ModelAction::Delete, false));
    let view = view! {
        {show}
        {compare}
        {button(ModelAction::PutLive, false)}
        {delete}
    };
    Some(view.into_sync_any())
}

/// A button for a step. `is_new` is whether a comparison is started.
pub fn action_button(state: ModelsState, step: Step, is_new: bool) -> AnyView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelsTexts>();
    let action = step.action;
    let text = move || match action {
        ModelAction::Compare if !is_new => texts().show_comparison,
        _ => (texts().action)(action),
    };
    // What is shown already has no id of its own.
    let id = (action != ModelAction::Compare || is_new).then(|| step.id());
    let label = {
        let version = step.version.clone();
        move || format!("{}: {version}", text())
    };
    let click = move |_| match action {
        ModelAction::Compare => state.compare(step.version.clone(), is_new),
        _ => state.ask(step.clone()),
    };
    view! {
        <button
            type="button"
            id=id
            aria-label=label
            disabled=move || state.busy.get()
            on:click=click
        >
            {text}
        </button>
    }
    .into_sync_any()
}

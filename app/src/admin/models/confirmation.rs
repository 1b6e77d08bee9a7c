//! The question before a model is put live or deleted, and why that failed.

use leptos::{html, prelude::*};

use super::{
    state::{ModelAction, ModelsState, Step},
    texts::ModelsTexts,
};
use crate::{
    client::ClientError,
    i18n::{Language, ProblemText, t},
    sync_view::IntoSyncAny,
    ui::texts::SharedTexts,
};

/// The question and the failure of the steps that `concerns` tells. The focus goes to the button that cancels.
#[component]
pub fn Confirmation(state: ModelsState, concerns: Callback<Step, bool>) -> impl IntoView {
    let confirming = Memo::new(move |_| state.confirming.get().filter(|step| concerns.run(step.clone())));
    let failure = Memo::new(move |_| state.error.get().filter(|(step, _)| concerns.run(step.clone())));
    let question = move || confirming.get().map(|step| question(state, step));
    view! {
        {question}
        <div role="alert">{move || failure.get().map(|(_, error)| view! { <Problem error /> })}</div>
    }
    .into_sync_any()
}

fn question(state: ModelsState, step: Step) -> AnyView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelsTexts>();
    let cancel_button = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = cancel_button.get() {
            button.focus().ok();
        }
    });
    let Step { action, version } = step.clone();
    let is_unseen = state.models.with_untracked(|models| {
        let mut all = models.iter().flat_map(|models| &models.models);
        action == ModelAction::PutLive
            && all.any(|model| model.version == version && !model.shipped && model.evaluation.is_none())
    });
    let unseen = is_unseen.then(|| view! { <strong>{t(|t: &ModelsTexts| t.unseen)}</strong> });
    let label = move || (texts().action)(action);
    let [confirmed, cancelled] = [step.clone(), step];
    view! {
        <div class="confirming" role="group" aria-label=label>
            <p role="alert">{move || (texts().confirm)(action, &version)} " " {unseen}</p>
            <button
                type="button"
                class="primary"
                class:busy=move || state.busy.get()
                on:click=move |_| state.run(confirmed.clone())
            >
                {label}
            </button>
            <button type="button" node_ref=cancel_button on:click=move |_| state.cancel(&cancelled)>
                {t(|t: &SharedTexts| t.cancel)}
            </button>
        </div>
    }
    .into_sync_any()
}

/// What happened, and what to do.
#[component]
pub fn Problem(error: ClientError) -> impl IntoView {
    let language = Language::shared();
    let text = move || {
        let ProblemText { happened, remedy } = language.texts::<ModelsTexts>().problem(language.texts(), &error);
        view! {
            <strong>{happened}</strong>
            " "
            {remedy}
        }
    };
    view! { <p class="error-message">{text}</p> }.into_sync_any()
}

//! The question before a model is put live or deleted, and why that failed.

use leptos::prelude::*;

use super::{
    state::{ModelAction, ModelsState, Step},
    texts::ModelsTexts,
};
use crate::{
    client::ClientError,
    i18n::{Language, ProblemText, t},
    sync_view::IntoSyncAny,
    ui::question::Question,
};

/// The question and the failure of the steps that `concerns` tells.
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
    let Step { action, version } = step.clone();
    let is_unseen = state.models.with_untracked(|models| {
        let mut all = models.iter().flat_map(|models| &models.models);
        action == ModelAction::PutLive
            && all.any(|model| model.version == version && !model.shipped && model.evaluation.is_none())
    });
    let label = Signal::derive(move || (texts().action)(action));
    let [confirmed, cancelled] = [step.clone(), step];
    view! {
        <Question
            label=Signal::derive(move || label.get().to_owned())
            text=Signal::derive(move || (texts().confirm)(action, &version))
            warning=is_unseen.then(|| t(|t: &ModelsTexts| t.unseen))
            yes=label
            busy=state.busy
            on_yes=Callback::new(move |()| state.run(confirmed.clone()))
            on_no=Callback::new(move |()| state.cancel(&cancelled))
        />
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

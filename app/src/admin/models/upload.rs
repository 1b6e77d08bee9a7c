//! Uploading a model: the file with the weights, and its card.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use web_sys::File;

use super::{confirmation::Problem, state::ModelsState, texts::ModelsTexts};
use crate::{
    browser::fetch::redirect_if_signed_out,
    client::{self, ClientError},
    i18n::{Language, Text, percent, quantities::Unit, t, thousandths},
    sync_view::IntoSyncAny,
};
use api::Models;

/// Why nothing was uploaded.
#[derive(Debug, Clone, PartialEq)]
enum UploadProblem {
    NoFile,
    /// With the largest size, in bytes.
    TooLarge(u32),
    Refused(ClientError),
}

/// Two files and a button. How much has been sent is shown where it was asked for.
#[component]
pub fn Upload(state: ModelsState) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelsTexts>();
    let [weights, card] = [NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new()];
    // In thousandths, while files are sent.
    let sent = RwSignal::new(None::<u32>);
    let problem = RwSignal::new(None::<UploadProblem>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if sent.get_untracked().is_some() {
            return;
        }
        let largest = state
            .models
            .with_untracked(|models| models.as_ref().map_or(u32::MAX, |models| models.max_bytes));
        let Some(file) = chosen(weights) else {
            problem.set(Some(UploadProblem::NoFile));
            return;
        };
        if file.size() > f64::from(largest) {
            problem.set(Some(UploadProblem::TooLarge(largest)));
            return;
        }
        problem.set(None);
        sent.set(Some(0));
        spawn_local(async move {
            let on_progress = move |share| {
                sent.try_set(Some(thousandths(share)));
            };
            let answer = client::upload_model(&file, chosen(card).as_ref(), on_progress).await;
            // The page may have been left.
            if sent.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(after) => {
                    let before = state.models.get_untracked();
                    state.announce(|texts| (texts.was_uploaded)(added(before.as_ref(), &after)));
                    state.models.set(Some(after));
                    for input in [weights, card].into_iter().filter_map(|input| input.get_untracked()) {
                        input.set_value("");
                    }
                }
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    problem.set(Some(UploadProblem::Refused(cause)));
                }
            }
        });
    };
    let is_busy = move || sent.get().is_some();
    let label = move || match sent.get() {
        Some(sent) if sent < 1000 => (texts().sending)(&percent(sent, language.locale())),
        Some(_) => texts().checking.to_owned(),
        None => texts().upload.to_owned(),
    };
    let failure = move || {
        let text = match problem.get()? {
            UploadProblem::Refused(error) => return Some(view! { <Problem error /> }.into_sync_any()),
            UploadProblem::NoFile => texts().no_file.to_owned(),
            UploadProblem::TooLarge(largest) => {
                (texts().too_large)(&Unit::Bytes.show(largest.into(), language.locale()))
            }
        };
        Some(view! { <p class="error-message">{text}</p> }.into_sync_any())
    };
    view! {
        <section class="models-section" aria-labelledby="upload-title">
            <h2 id="upload-title">{t(|t: &ModelsTexts| t.upload_title)}</h2>
            <p class="small">{t(|t: &ModelsTexts| t.upload_help)}</p>
            <form class="models-upload" on:submit=submit>
                {file_field("weights", t(|t: &ModelsTexts| t.weights), ".bpk", weights)}
                {file_field("card", t(|t: &ModelsTexts| t.card), ".json", card)}
                <button type="submit" class="primary" class:busy=is_busy aria-busy=move || is_busy().to_string()>
                    {label}
                </button>
            </form>
            <div class="models-problem" role="alert">
                {failure}
            </div>
        </section>
    }
    .into_sync_any()
}

fn file_field(id: &'static str, label: Text, accept: &'static str, input: NodeRef<html::Input>) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input node_ref=input id=id type="file" accept=accept />
        </div>
    }
    .into_sync_any()
}

fn chosen(input: NodeRef<html::Input>) -> Option<File> {
    input.get_untracked()?.files()?.get(0)
}

/// The version that was not there before; `None` if all were.
fn added<'a>(before: Option<&Models>, after: &'a Models) -> Option<&'a str> {
    let before = before.map(|before| &before.models[..]).unwrap_or_default();
    let is_new = |version: &str| before.iter().all(|model| model.version != version);
    let mut versions = after.models.iter().map(|model| &*model.version);
    versions.find(|version| is_new(version))
}

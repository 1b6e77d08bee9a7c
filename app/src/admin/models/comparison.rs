//! The comparison of a model with the live one, on the corrections and on the newest stored pictures.

use leptos::prelude::*;

use super::{
    state::{COMPARISON_ID, ModelsState},
    texts::ModelsTexts,
};
use crate::{
    i18n::{Language, Locale, percent, t, thousandths},
    sync_view::IntoSyncAny,
};
use api::{Disagreement, Evaluation, EvaluationState, EvaluationSummary};

/// The figures, and the pictures that the two read differently.
#[component]
pub fn Comparison(state: ModelsState) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelsTexts>();
    let summary = Memo::new(move |_| state.comparison.with(|found| Some(found.as_ref()?.summary.clone())));
    let examples = Memo::new(move |_| state.comparison.with(|found| Some(found.as_ref()?.examples.clone())));
    let versions = move || {
        state.comparison.with(|found| match found {
            Some(Evaluation { version, summary, .. }) => (texts().of_versions)(version, &summary.against),
            None => texts().no_comparison.to_owned(),
        })
    };
    let progress = move || {
        let summary = summary
            .get()
            .filter(|summary| summary.state == EvaluationState::Running)?;
        let done = thousandths(summary.progress);
        let text = (texts().comparing)(&percent(done, language.locale()));
        Some(view! {
            <p class="small">{text}</p>
            <progress max="1000" value=done aria-label=t(|t: &ModelsTexts| t.progress)></progress>
        })
    };
    let figures = move || {
        summary
            .get()
            .map(|summary| figures(&summary, texts(), language.locale()))
    };
    let pictures = move || {
        let examples = examples.get().filter(|examples| !examples.is_empty())?;
        let (texts, locale) = (texts(), language.locale());
        let pictures = examples.into_iter().map(|example| picture(example, texts, locale));
        Some(view! {
            <h3>{texts.pictures}</h3>
            <ul class="models-pictures">{pictures.collect_view()}</ul>
        })
    };
    view! {
        <section class="models-section" aria-labelledby=COMPARISON_ID>
            <h2 id=COMPARISON_ID tabindex="-1">
                {t(|t: &ModelsTexts| t.comparison)}
            </h2>
            <p class="breakable">{versions}</p>
            {progress}
            {figures}
            {pictures}
        </section>
    }
    .into_sync_any()
}

fn figures(summary: &EvaluationSummary, texts: &'static ModelsTexts, locale: Locale) -> AnyView {
    let share = |part: u32, whole: u32| percent(thousandths(share(part, whole)), locale);
    let right = |count| (texts.right_of)(count, summary.corrections, &share(count, summary.corrections));
    let [new, old] = [summary.right, summary.right_live].map(right);
    let failed =
        (summary.state == EvaluationState::Failed).then(|| view! { <p class="error-message">{texts.failed}</p> });
    let disagreements = (texts.disagreements)(
        summary.disagreements,
        summary.pictures,
        &share(summary.disagreements, summary.pictures),
    );
    let corrections = match summary.corrections {
        0 => view! { <p>{texts.no_corrections}</p> }.into_sync_any(),
        _ => view! {
            <dl class="counts">
                <div class="count">
                    <dt>{texts.right_new}</dt>
                    <dd class="figure">{new}</dd>
                </div>
                <div class="count">
                    <dt>{texts.right_live}</dt>
                    <dd class="figure">{old}</dd>
                </div>
            </dl>
        }
        .into_sync_any(),
    };
    view! {
        {failed}
        {corrections}
        <p>{disagreements}</p>
    }
    .into_sync_any()
}

/// A picture, large, with both answers and what it shows.
fn picture(example: Disagreement, texts: &'static ModelsTexts, locale: Locale) -> AnyView {
    let answer = |reading, confidence| (texts.answer)(reading, &percent(thousandths(confidence), locale));
    let new = answer(example.reading, example.confidence);
    let old = answer(example.reading_live, example.confidence_live);
    let alternative = (texts.picture)(example.reading, example.reading_live);
    let said = example.said.map(|said| {
        view! {
            <div>
                <dt>{texts.said}</dt>
                <dd>{(texts.label)(said)}</dd>
            </div>
        }
    });
    view! {
        <li>
            <img src=example.image width="168" height="168" alt=alternative />
            <dl>
                <div>
                    <dt>{texts.new_answer}</dt>
                    <dd>{new}</dd>
                </div>
                <div>
                    <dt>{texts.live_answer}</dt>
                    <dd>{old}</dd>
                </div>
                {said}
            </dl>
        </li>
    }
    .into_sync_any()
}

/// 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn share(part: u32, whole: u32) -> f32 {
    part as f32 / whole.max(1) as f32
}

//! The local prediction beside the server's.

use leptos::prelude::*;

use super::{
    correction,
    description::{numeral, probability},
    state::{DrawState, LocalResult, ServerRequest},
    texts::DrawTexts,
};
use crate::{
    i18n::{Language, Text, milliseconds, percent, t, thousandths},
    sync_view::IntoSyncAny,
};
use api::Notice;

/// What is compared of a prediction.
#[derive(Debug, Clone, PartialEq)]
struct Summary {
    /// The digit or the number; `None` if there is none.
    numeral: Option<String>,
    probability: f32,
    milliseconds: f64,
}

impl From<&LocalResult> for Summary {
    fn from(result: &LocalResult) -> Self {
        Self {
            numeral: numeral(&result.reading),
            probability: probability(&result.reading),
            milliseconds: result.milliseconds,
        }
    }
}

/// Both predictions side by side. The layout is the same before and after the request.
#[component]
pub fn Comparison() -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let local = Memo::new(move |_| {
        state.request.with(|request| match request {
            // The local result for the same drawing: the live one may be of a later one.
            ServerRequest::Done { local, .. } => local.as_ref().map(Summary::from),
            _ => state.live.with(|live| live.result().map(Summary::from)),
        })
    });
    let server = Memo::new(move |_| {
        state.request.with(|request| match request {
            ServerRequest::Done {
                answer, milliseconds, ..
            } => Some(Summary {
                numeral: answer.numeral.clone(),
                probability: answer.probability,
                milliseconds: *milliseconds,
            }),
            _ => None,
        })
    });
    let is_stale = Memo::new(move |_| state.is_stale());
    let source = Signal::derive(move || {
        state.request.with(|request| match request {
            ServerRequest::Done { answer, .. } if answer.cached => language.texts::<DrawTexts>().cached,
            ServerRequest::Done { .. } => language.texts::<DrawTexts>().fresh,
            _ => "",
        })
    });
    let waiting = move || {
        let texts = language.texts::<DrawTexts>();
        match state.sent.get() {
            Some(sent) if sent < 1000 => (texts.sending)(&percent(sent, language.locale())),
            _ => texts.asking.to_owned(),
        }
    };
    let verdict = move || {
        let texts = language.texts::<DrawTexts>();
        state.request.with(|request| match request {
            ServerRequest::Idle => view! { <p>{texts.not_asked}</p> }.into_sync_any(),
            ServerRequest::Pending { .. } => view! { <p>{waiting}</p> }.into_sync_any(),
            ServerRequest::Failed(failure) => {
                let text = failure.text.of(language.locale()).clone();
                let links = failure
                    .links
                    .map(|link| link.map(|(href, label)| view! { <a href=href>{label(language.texts())}</a> }));
                view! {
                    <p class="error-message" role="alert">
                        <strong>{text.happened}</strong>
                        " "
                        {text.remedy}
                    </p>
                    <p class="ways">{links}</p>
                }
                .into_sync_any()
            }
            ServerRequest::Done {
                answer, local, agrees, ..
            } => {
                let remark = match answer.notice {
                    Some(Notice::EmptyImage) => texts.server_blank,
                    Some(Notice::NotADigit) => texts.server_not_a_digit,
                    Some(Notice::SeveralDigits) => texts.server_several,
                    None | Some(Notice::Uncertain) => "",
                };
                let is_outdated = || local.as_ref().is_some_and(|local| *local.model != *answer.model);
                let agreement = match agrees {
                    Some(false) if is_outdated() => texts.outdated,
                    Some(false) => texts.differ,
                    Some(true) if remark.is_empty() => texts.agree,
                    _ => "",
                };
                let differs = *agrees == Some(false);
                let differs = move || differs && !is_stale.get();
                view! {
                    <p class:error-message=differs role=move || differs().then_some("alert")>
                        {move || if is_stale.get() { texts.stale } else { agreement }}
                        " "
                        {move || if is_stale.get() { "" } else { remark }}
                    </p>
                    <p>{texts.model} " " {answer.model.clone()}</p>
                }
                .into_sync_any()
            }
        })
    };
    let quota = move || state.quota.with(|quota| Some(quota.as_ref()?.of(language.locale())));
    view! {
        <section class="draw-comparison" aria-labelledby="comparison-title">
            <h2 id="comparison-title">{t(|t: &DrawTexts| t.comparison)}</h2>
            <div class="sides" class:earlier=move || is_stale.get()>
                <div class="side">
                    <Side title=t(|t: &DrawTexts| t.here) summary=local source=t(|t: &DrawTexts| t.here_time) />
                </div>
                <div
                    class="side"
                    data-testid="server-answer"
                    data-digit=move || server.get().and_then(|summary| summary.numeral)
                >
                    <Side title=t(|t: &DrawTexts| t.server) summary=server source />
                </div>
            </div>
            <div class="verdict">
                {verdict} <p data-testid="quota">{quota}</p>
            </div>
            <div class="correction">{move || correction::panel(state)}</div>
        </section>
    }
    .into_sync_any()
}

/// One prediction with its probability, its duration and its source.
#[component]
fn Side(title: Text, summary: Memo<Option<Summary>>, source: Text) -> impl IntoView {
    let language = Language::shared();
    let numeral = move || summary.get().and_then(|summary| summary.numeral);
    let line = move |format: fn(Summary, Language) -> String| {
        move || {
            summary
                .get()
                .map_or_else(|| "\u{a0}".to_owned(), |summary| format(summary, language))
        }
    };
    view! {
        <h3>{title}</h3>
        <p
            class="side-digit"
            class:none=move || numeral().is_none()
            class:long=move || numeral().is_some_and(|numeral| numeral.chars().count() > 3)
        >
            {move || numeral().unwrap_or_else(|| "–".to_owned())}
        </p>
        <p class="side-facts">
            <span>
                {line(|summary, language| {
                    let percent = || percent(thousandths(summary.probability), language.locale());
                    summary.numeral.as_ref().map_or_else(|| "\u{a0}".to_owned(), |_| percent())
                })}
            </span>
            <span>{line(|summary, language| milliseconds(summary.milliseconds, language.locale()))}</span>
            <span>{move || if summary.get().is_some() { source.get() } else { "\u{a0}" }}</span>
        </p>
    }
    .into_sync_any()
}

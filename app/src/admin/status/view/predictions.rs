//! The panels of the predictions: digits, stages, cache, batches and queue.

use leptos::prelude::*;

use super::{
    bars::{Bar, BarList},
    panel::{Named, Panel},
    sparkline::Sparkline,
};
use crate::{
    admin::status::{
        dashboard::Dashboard,
        predictions::{Batches, Predictions, STAGES},
        queries,
        texts::StatusTexts,
    },
    i18n::{Language, quantities::Unit, t},
    sync_view::IntoSyncAny,
};

fn predictions() -> Memo<Predictions> {
    let dashboard = Dashboard::shared();
    Memo::new(move |_| dashboard.predictions())
}

/// The predictions of each digit.
#[component]
pub fn Digits() -> impl IntoView {
    let language = Language::shared();
    let predictions = predictions();
    let bars = Memo::new(move |_| {
        let bar = |(digit, count): (usize, &f64)| Bar {
            name: digit.to_string(),
            length: *count,
            text: Unit::Count.show(*count, language.locale()),
        };
        predictions.with(|predictions| predictions.digits.iter().enumerate().map(bar).collect::<Vec<_>>())
    });
    let queries = vec![Named {
        name: |t| t.digits,
        query: queries::DIGITS,
    }];
    view! {
        <Panel id="digits" title=|t| t.digits queries aside=view! { <TimeRangeNote /> }.into_sync_any()>
            <BarList label=t(|t: &StatusTexts| t.digits) bars />
        </Panel>
    }
    .into_sync_any()
}

/// The duration of each stage.
#[component]
pub fn Stages() -> impl IntoView {
    let language = Language::shared();
    let predictions = predictions();
    let bars = Memo::new(move |_| {
        let (locale, texts) = (language.locale(), language.texts::<StatusTexts>());
        predictions.with(|predictions| {
            let stages = STAGES.iter().zip(predictions.stages);
            let bar = |(stage, times): (&&str, crate::admin::status::predictions::StageDuration)| {
                let mean = Unit::Seconds.show(times.mean.unwrap_or(f64::NAN), locale);
                let tail = Unit::Seconds.show(times.p95.unwrap_or(f64::NAN), locale);
                Bar {
                    name: (texts.stage)(stage).to_owned(),
                    length: times.mean.unwrap_or(0.0),
                    text: format!("{mean} · p95 {tail}"),
                }
            };
            stages.map(bar).collect::<Vec<_>>()
        })
    });
    let queries = vec![
        Named {
            name: |t| t.mean,
            query: queries::STAGE_MEAN,
        },
        Named {
            name: |_| "p95",
            query: queries::STAGE_P95,
        },
    ];
    view! {
        <Panel id="stages" title=|t| t.stages queries aside=view! { <TimeRangeNote /> }.into_sync_any()>
            <div class="stages">
                <BarList label=t(|t: &StatusTexts| t.stages) bars />
            </div>
        </Panel>
    }
    .into_sync_any()
}

/// Cache, batches and queue.
#[component]
pub fn Throughput() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let predictions = predictions();
    let show = move |unit: Unit, value: Option<f64>| unit.show(value.unwrap_or(f64::NAN), language.locale());
    let bars = Memo::new(move |_| {
        let bar = |batches: &Batches| Bar {
            name: sizes(batches),
            length: batches.count,
            text: Unit::Count.show(batches.count, language.locale()),
        };
        predictions.with(|predictions| predictions.batches.iter().map(bar).collect::<Vec<_>>())
    });
    let queue = Memo::new(move |_| {
        let process = dashboard.process();
        (process.queue, process.queue_limit)
    });
    let queries = vec![
        Named {
            name: |t| t.cached,
            query: queries::CACHED,
        },
        Named {
            name: |t| t.queue,
            query: queries::QUEUE,
        },
        Named {
            name: |t| t.batch_mean,
            query: queries::BATCH_MEAN,
        },
        Named {
            name: |t| t.batches,
            query: queries::BATCHES,
        },
    ];
    view! {
        <Panel id="throughput" title=|t| t.throughput queries aside=view! { <TimeRangeNote /> }.into_sync_any()>
            <dl class="figures">
                <div>
                    <dt>{t(|t: &StatusTexts| t.cached)}</dt>
                    <dd>{move || show(Unit::Share, predictions.with(|it| it.cached))}</dd>
                </div>
                <div>
                    <dt>{t(|t: &StatusTexts| t.batch_mean)}</dt>
                    <dd>{move || show(Unit::Count, predictions.with(|it| it.batch_mean))}</dd>
                </div>
                <div>
                    <dt>{t(|t: &StatusTexts| t.queue)}</dt>
                    <dd>
                        {move || {
                            let (queue, limit) = queue.get();
                            let limit = limit.map(|limit| format!(" / {}", Unit::Count.show(limit, language.locale())));
                            format!("{}{}", show(Unit::Count, queue), limit.unwrap_or_default())
                        }}
                    </dd>
                    <Sparkline value=|point| point.queue />
                </div>
            </dl>
            <h3>{t(|t: &StatusTexts| t.batches)}</h3>
            <BarList label=t(|t: &StatusTexts| t.batches) bars />
        </Panel>
    }
    .into_sync_any()
}

/// `1`, `3–4`, `65+`.
fn sizes(batches: &Batches) -> String {
    let least = batches.above + 1.0;
    if batches.upto.is_infinite() {
        format!("{least}+")
    } else if least >= batches.upto {
        batches.upto.to_string()
    } else {
        format!("{least}–{}", batches.upto)
    }
}

/// The time range of the panel.
#[component]
pub fn TimeRangeNote() -> impl IntoView {
    use crate::admin::status::TimeRange;
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let note = move || {
        let texts = language.texts::<StatusTexts>();
        match (dashboard.figures(), dashboard.time_range.get()) {
            (Some(_), _) => (texts.service_range)(dashboard.service().range.get()),
            (None, TimeRange::Recent) => texts.recent,
            (None, TimeRange::SinceStart) => texts.whole,
        }
    };
    view! { <span class="small">{note}</span> }
}

//! One method per event, so that names and labels of metrics are only used here.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use api::ReviewAction;
use api::metrics::{
    CORRECTIONS_REVIEWED_TOTAL, CORRECTIONS_TOTAL, HISTORY_REMOVED_TOTAL, HTTP_REQUESTS_DURATION_SECONDS,
    HTTP_REQUESTS_PENDING, HTTP_REQUESTS_TOTAL, LOGINS_TOTAL, MAIL_SENT_TOTAL, MODEL_FALLBACK, PAGE_AGREEMENT_TOTAL,
    PREDICTION_BATCH_SIZE, PREDICTION_CONFIDENCE, PREDICTION_QUEUE_CAPACITY, PREDICTION_SECONDS, PREDICTIONS_TOTAL,
    RATE_LIMITED_TOTAL,
};
use axum_prometheus::metrics::{SharedString, counter, gauge, histogram};

use super::Metrics;
use crate::settings::Settings;

/// Models whose predictions have series of their own; those that answer later share one. A series stays for as long as the
/// process runs.
const MAX_MODELS: usize = 16;

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// A stage of a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// From bytes to pixels.
    Decode,
    /// From pixels to the model's input.
    Preprocess,
    /// Waiting for the decoder and for inference.
    Queue,
    /// The forward pass of the image's batch.
    Infer,
}

/// Where a prediction came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the model.
    Model,
    /// From the cache.
    Cache,
}

/// The result of a login attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginResult {
    /// The session was created.
    Success,
    /// Unknown user or wrong password.
    Failure,
    /// The account is disabled.
    Disabled,
    /// Rejected by the login throttle.
    Limited,
}

/// The result of sending an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailResult {
    /// The mail server accepted it.
    Sent,
    /// The attempt failed.
    Failed,
    /// Its link has expired, so it was removed.
    Expired,
}

/// How the page's reading of a picture compares with the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Both are the same, and so are the models.
    Agreed,
    /// They differ, although the models are the same.
    Disagreed,
    /// The page has another model, so they aren't compared: it hasn't loaded the live one yet.
    Outdated,
}

impl Metrics {
    /// Starts the series of the predictions of a model that answers from now on at zero.
    pub(crate) fn model_answers(&self, version: &Arc<str>) {
        let mut known = self.0.models.write().unwrap_or_else(PoisonError::into_inner);
        if known.contains(version) || known.len() == MAX_MODELS {
            return;
        }
        known.push(Arc::clone(version));
        drop(known);
        let model = || SharedString::from(Arc::clone(version));
        self.record(|| {
            for source in [Source::Model, Source::Cache] {
                for digit in DIGITS {
                    counter!(PREDICTIONS_TOTAL, "digit" => digit, "source" => source.label(), "model" => model())
                        .absolute(0);
                }
            }
            let _registered = histogram!(PREDICTION_CONFIDENCE, "model" => model());
            counter!(CORRECTIONS_TOTAL, "model" => model()).absolute(0);
        });
    }

    /// The label of a model.
    fn model_label(&self, version: &str) -> SharedString {
        let known = self.0.models.read().unwrap_or_else(PoisonError::into_inner);
        match known.iter().find(|known| ***known == *version) {
            Some(known) => Arc::clone(known).into(),
            None => SharedString::const_str("other"),
        }
    }

    /// Whether another model answers, because the live one can't be loaded.
    pub(crate) fn model_fallback(&self, is_fallback: bool) {
        self.record(|| gauge!(MODEL_FALLBACK).set(u8::from(is_fallback)));
    }

    /// Sets the constant gauges, and starts counters and histograms with known labels at zero.
    pub(super) fn register_series(&self, settings: &Settings) {
        self.record(|| {
            gauge!(MODEL_FALLBACK).set(0);
            gauge!(PREDICTION_QUEUE_CAPACITY).set(to_f64(settings.inference.queue_length as u64));
            for result in [
                LoginResult::Success,
                LoginResult::Failure,
                LoginResult::Disabled,
                LoginResult::Limited,
            ] {
                counter!(LOGINS_TOTAL, "result" => result.label()).absolute(0);
            }
            for result in [Agreement::Agreed, Agreement::Disagreed, Agreement::Outdated] {
                counter!(PAGE_AGREEMENT_TOTAL, "result" => result.label()).absolute(0);
            }
            counter!(HISTORY_REMOVED_TOTAL).absolute(0);
            for action in [ReviewAction::Agree, ReviewAction::Drop, ReviewAction::Reopen] {
                counter!(CORRECTIONS_REVIEWED_TOTAL, "decision" => decision_label(action)).absolute(0);
            }
            for result in [MailResult::Sent, MailResult::Failed, MailResult::Expired] {
                counter!(MAIL_SENT_TOTAL, "result" => result.label()).absolute(0);
            }
            for stage in [Stage::Decode, Stage::Preprocess, Stage::Queue, Stage::Infer] {
                let _registered = histogram!(PREDICTION_SECONDS, "stage" => stage.label());
            }
            let _registered = histogram!(PREDICTION_BATCH_SIZE);
        });
    }

    /// Starts the series of a response that a route can give at zero. Those of axum-prometheus, which adds them with the
    /// first such response; the labels have its order. A histogram has many series, so only successful responses get one
    /// before they occur.
    pub(crate) fn expect_response(&self, method: &'static str, endpoint: &str, status: &str) {
        let label = |name, value: &str| (name, value.to_owned());
        let request = [label("method", method), label("endpoint", endpoint)];
        let response = [
            label("method", method),
            label("status", status),
            label("endpoint", endpoint),
        ];
        self.record(|| {
            gauge!(HTTP_REQUESTS_PENDING, &request).set(0);
            counter!(HTTP_REQUESTS_TOTAL, &response).absolute(0);
            if status.starts_with('2') {
                let _registered = histogram!(HTTP_REQUESTS_DURATION_SECONDS, &response);
            }
        });
    }

    /// Starts the counter of rejections by the rate limit of `endpoint` at zero.
    pub(crate) fn expect_rate_limit(&self, endpoint: &str) {
        self.record(|| counter!(RATE_LIMITED_TOTAL, "endpoint" => endpoint.to_owned()).absolute(0));
    }

    /// Counts a prediction of the model with this version.
    pub fn predicted(&self, digit: u8, source: Source, model: &str) {
        let digit = DIGITS.get(usize::from(digit)).copied().unwrap_or("none");
        let model = self.model_label(model);
        self.record(|| {
            counter!(PREDICTIONS_TOTAL, "digit" => digit, "source" => source.label(), "model" => model).increment(1);
        });
    }

    /// Records the probability of a digit that the model with this version predicted.
    pub fn confidence(&self, probability: f32, model: &str) {
        let model = self.model_label(model);
        self.record(|| histogram!(PREDICTION_CONFIDENCE, "model" => model).record(probability));
    }

    /// Records the duration of a stage of a prediction.
    pub fn stage(&self, stage: Stage, time: Duration) {
        self.record(|| histogram!(PREDICTION_SECONDS, "stage" => stage.label()).record(time));
    }

    /// Records the duration of a stage that `images` went through together, for each of them.
    pub fn stage_of_each(&self, stage: Stage, time: Duration, images: usize) {
        self.record(|| histogram!(PREDICTION_SECONDS, "stage" => stage.label()).record_many(time, images));
    }

    /// Records the size of a batch.
    pub fn batch(&self, images: usize) {
        self.record(|| histogram!(PREDICTION_BATCH_SIZE).record(to_f64(images as u64)));
    }

    /// Counts predictions removed from the history because of their age.
    pub fn history_removed(&self, predictions: u64) {
        self.record(|| counter!(HISTORY_REMOVED_TOTAL).increment(predictions));
    }

    /// Counts an answer of the model with this version that its user has corrected.
    pub(crate) fn corrected(&self, model: &str) {
        let model = self.model_label(model);
        self.record(|| counter!(CORRECTIONS_TOTAL, "model" => model).increment(1));
    }

    /// Counts decisions about corrections.
    pub fn corrections_reviewed(&self, action: ReviewAction, corrections: u64) {
        self.record(|| {
            counter!(CORRECTIONS_REVIEWED_TOTAL, "decision" => decision_label(action)).increment(corrections);
        });
    }

    /// Counts a login attempt.
    pub fn login(&self, result: LoginResult) {
        self.record(|| counter!(LOGINS_TOTAL, "result" => result.label()).increment(1));
    }

    /// Counts an attempt to send an email.
    pub fn mail(&self, result: MailResult) {
        self.record(|| counter!(MAIL_SENT_TOTAL, "result" => result.label()).increment(1));
    }
}

/// Counts a request rejected by a rate limit. `endpoint` is the path pattern of the route. To be called while handling the
/// request, whose recorder is the current one.
pub(crate) fn rate_limited(endpoint: &str) {
    counter!(RATE_LIMITED_TOTAL, "endpoint" => endpoint.to_owned()).increment(1);
}

/// Counts a reading of the page that was compared with the server's. To be called as [`rate_limited`].
pub(crate) fn page_compared(result: Agreement) {
    counter!(PAGE_AGREEMENT_TOTAL, "result" => result.label()).increment(1);
}

fn decision_label(action: ReviewAction) -> &'static str {
    match action {
        ReviewAction::Agree => "agreed",
        ReviewAction::Drop => "dropped",
        ReviewAction::Reopen => "reopened",
    }
}

impl Stage {
    fn label(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Preprocess => "preprocess",
            Self::Queue => "queue",
            Self::Infer => "infer",
        }
    }
}

impl Source {
    fn label(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Cache => "cache",
        }
    }
}

impl Agreement {
    fn label(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Disagreed => "disagreed",
            Self::Outdated => "outdated",
        }
    }
}

impl LoginResult {
    fn label(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Disabled => "disabled",
            Self::Limited => "limited",
        }
    }
}

impl MailResult {
    fn label(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "the counts stay far below 2^53")]
pub(super) fn to_f64(count: u64) -> f64 {
    count as f64
}

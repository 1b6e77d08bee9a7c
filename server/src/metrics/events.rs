//! What happens, said in one place: each event is a method, so that no caller spells a name or a label.

use std::time::Duration;

use axum_prometheus::metrics::{counter, gauge, histogram};

use super::{
    Metrics,
    names::{
        APP_INFO, DATABASE_POOL_CONNECTIONS, DATABASE_POOL_CONNECTIONS_MAX, LOGINS_TOTAL, MAIL_OUTBOX_PENDING,
        MAIL_SENT_TOTAL, MODEL_READY, PREDICTION_BATCH_SIZE, PREDICTION_CACHE_ENTRIES, PREDICTION_CONFIDENCE,
        PREDICTION_QUEUE_CAPACITY, PREDICTION_QUEUE_DEPTH, PREDICTION_SECONDS, PREDICTIONS_TOTAL, RATE_LIMITED_TOTAL,
        REGISTERED_USERS,
    },
};
use crate::{settings::Settings, store::Connections};

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// A stage of a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// From bytes to pixels.
    Decode,
    /// From pixels to the network's input.
    Preprocess,
    /// Waiting, for the decoder and for inference.
    Queue,
    /// The pass of the model that the picture was in.
    Infer,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It was read.
    Model,
    /// It was remembered.
    Cache,
}

/// How an attempt to sign in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginResult {
    /// Signed in.
    Success,
    /// Unknown user or wrong password.
    Failure,
    /// The account is disabled.
    Disabled,
    /// Too many attempts came before.
    Limited,
}

/// How an attempt to send a mail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailResult {
    /// The mail server took it.
    Sent,
    /// It didn't.
    Failed,
    /// What it carries has expired: it is given up.
    Expired,
}

impl Metrics {
    /// What is known before anything happens.
    pub(super) fn begin(&self, settings: &Settings) {
        self.record(|| {
            gauge!(
                APP_INFO,
                "version" => env!("CARGO_PKG_VERSION"),
                "model" => classifier::model_version(),
                "backend" => settings.inference.inference_device.to_string(),
            )
            .set(1);
            gauge!(PREDICTION_QUEUE_CAPACITY).set(as_gauge(settings.inference.queue_length as u64));
            gauge!(PREDICTION_QUEUE_DEPTH).set(0);
            for source in [Source::Model, Source::Cache] {
                for digit in DIGITS {
                    counter!(PREDICTIONS_TOTAL, "digit" => digit, "source" => source.label()).absolute(0);
                }
            }
            for result in [
                LoginResult::Success,
                LoginResult::Failure,
                LoginResult::Disabled,
                LoginResult::Limited,
            ] {
                counter!(LOGINS_TOTAL, "result" => result.label()).absolute(0);
            }
            for result in [MailResult::Sent, MailResult::Failed, MailResult::Expired] {
                counter!(MAIL_SENT_TOTAL, "result" => result.label()).absolute(0);
            }
        });
    }

    /// A digit was answered.
    pub fn predicted(&self, digit: u8, source: Source) {
        let digit = DIGITS.get(usize::from(digit)).copied().unwrap_or("none");
        self.record(|| counter!(PREDICTIONS_TOTAL, "digit" => digit, "source" => source.label()).increment(1));
    }

    /// How sure the model was of the digit it answered.
    pub fn confidence(&self, probability: f32) {
        self.record(|| histogram!(PREDICTION_CONFIDENCE).record(probability));
    }

    /// A picture has gone through a stage.
    pub fn stage(&self, stage: Stage, time: Duration) {
        self.record(|| histogram!(PREDICTION_SECONDS, "stage" => stage.label()).record(time));
    }

    /// The model has read so many pictures in one pass.
    pub fn batch(&self, pictures: usize) {
        self.record(|| histogram!(PREDICTION_BATCH_SIZE).record(as_gauge(pictures as u64)));
    }

    /// One more picture waits for inference.
    pub fn queued(&self) {
        self.record(|| gauge!(PREDICTION_QUEUE_DEPTH).increment(1));
    }

    /// So many wait no longer.
    pub fn unqueued(&self, pictures: usize) {
        self.record(|| gauge!(PREDICTION_QUEUE_DEPTH).decrement(as_gauge(pictures as u64)));
    }

    /// Nothing waits any more: nobody reads.
    pub fn queue_ended(&self) {
        self.record(|| gauge!(PREDICTION_QUEUE_DEPTH).set(0));
    }

    /// Whether there is a model to read with.
    pub fn set_model_ready(&self, ready: bool) {
        self.record(|| gauge!(MODEL_READY).set(u8::from(ready)));
    }

    /// Answers remembered.
    pub fn set_cache_entries(&self, entries: u64) {
        self.record(|| gauge!(PREDICTION_CACHE_ENTRIES).set(as_gauge(entries)));
    }

    /// Somebody tried to sign in.
    pub fn login(&self, result: LoginResult) {
        self.record(|| counter!(LOGINS_TOTAL, "result" => result.label()).increment(1));
    }

    /// Accounts there are.
    pub fn set_registered_users(&self, [confirmed, unconfirmed]: [u64; 2]) {
        self.record(|| {
            gauge!(REGISTERED_USERS, "confirmed" => "true").set(as_gauge(confirmed));
            gauge!(REGISTERED_USERS, "confirmed" => "false").set(as_gauge(unconfirmed));
        });
    }

    /// Mails that wait to be sent.
    pub fn set_mail_outbox_pending(&self, mails: u64) {
        self.record(|| gauge!(MAIL_OUTBOX_PENDING).set(as_gauge(mails)));
    }

    /// A mail was tried to be sent.
    pub fn mail(&self, result: MailResult) {
        self.record(|| counter!(MAIL_SENT_TOTAL, "result" => result.label()).increment(1));
    }

    /// Connections to the database.
    pub fn set_database_pool(&self, pool: Connections) {
        self.record(|| {
            gauge!(DATABASE_POOL_CONNECTIONS, "state" => "in_use").set(pool.size.saturating_sub(pool.idle));
            gauge!(DATABASE_POOL_CONNECTIONS, "state" => "idle").set(pool.idle);
            gauge!(DATABASE_POOL_CONNECTIONS_MAX).set(pool.max);
        });
    }
}

/// A request to the route was refused because too many came before: the route as the router names it, not the path.
/// To be called within that request, so that it goes to its server's recorder.
pub fn rate_limited(endpoint: &str) {
    counter!(RATE_LIMITED_TOTAL, "endpoint" => endpoint.to_owned()).increment(1);
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

/// A count as the number that a gauge holds.
#[expect(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^53")]
pub(super) fn as_gauge(count: u64) -> f64 {
    count as f64
}

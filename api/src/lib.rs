//! What the page and the server share: the types of requests and responses, the validation rules, who may see which
//! page, the languages, what forms have done, the names of the metrics with their queries, and the alert rules.
//!
//! Nothing here depends on a framework, a database or a browser. Rust names are English; JSON names are those of the
//! public API, some of which are Spanish (`#[serde(rename)]`).

pub mod access;
mod account;
pub mod alerts;
mod api_keys;
mod batch;
mod corrected;
mod done;
mod error;
mod file_type;
mod health;
mod history;
mod label;
mod locale;
mod log;
pub mod metrics;
mod model_card;
mod models;
mod monitoring;
mod number;
mod own_account;
mod page_reading;
mod prediction;
pub mod queries;
mod review;
mod users;
pub mod validation;

pub use account::{
    AccessToken, Account, ConfirmedAddress, Credentials, EmailRequest, Me, Message, PasswordReset, Quota, Registration,
    ResetLink, Role,
};
pub use api_keys::{ApiKey, ApiKeys, CreatedKey, KeyScope, NewKey};
pub use batch::{BatchLine, FileAnswer, FileRejection};
pub use corrected::{CorrectedDay, CorrectedDays};
pub use done::Done;
pub use error::{ErrorBody, ErrorCode, PredictErrorBody};
pub use file_type::{TEXT_FILE, file_type};
pub use health::{Health, HealthStatus};
pub use history::{Correction, History, OwnData, OwnPrediction, PastPrediction};
pub use label::Label;
pub use locale::Locale;
pub use log::{LogEntries, LogEntry};
pub use model_card::{KindFigures, ModelCard, ReliabilityBin, TestFigures};
pub use models::{
    CardSummary, Disagreement, Evaluation, EvaluationState, EvaluationSummary, LiveModel, MODEL_VERSION, Models,
    StoredModel,
};
pub use monitoring::{PastScrape, PrometheusState, ScrapeHistory, ServiceMetrics, ServiceRange, ServiceSeries};
pub use number::{Number, NumberPart, on_one_line};
pub use own_account::{
    EmailChange, FullCheck, PasswordChange, PasswordCheck, RecoveryCodes, Session, Sessions, TotpCode, TotpSecret,
};
pub use page_reading::{PAGE_READING, PageReading};
pub use prediction::{Notice, Prediction};
pub use review::{
    ReviewAction, ReviewCounts, ReviewDecision, ReviewEntry, ReviewPerson, ReviewQuery, ReviewQueue, ReviewScope,
    ReviewSort, ReviewState, Reviewed,
};
pub use users::{Order, User, UserAction, UserChange, UserCounts, UserListQuery, UserPatch, UserSort, Users};

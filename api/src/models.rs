//! The models that the server can answer with, and which one does.

use serde::{Deserialize, Serialize};

use super::Label;

/// The header of responses that a model made, with its version.
pub const MODEL_VERSION: &str = "x-model-version";

/// Response of `GET /api/models/live`, and a context of each page: the model that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveModel {
    /// Its version, as `modelo` in the predictions that it makes.
    pub version: String,
    /// The digest of its weights, as the option `integrity` of `fetch` and the attribute of HTML: `sha256-` and Base64.
    pub integrity: String,
}

/// Response of `GET /api/admin/models`, and of what changes one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Models {
    /// The version of the model that answers.
    pub live: String,
    /// The version of the model that answered before, if it is still there: the one to go back to.
    pub previous: Option<String>,
    /// All models: the live one first, then the newest.
    pub models: Vec<StoredModel>,
    /// The largest file that is accepted, in bytes.
    pub max_bytes: u32,
    /// How many uploaded models are kept at most.
    pub max_models: u32,
}

/// A model that the server has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredModel {
    /// Its version: of the digest of its weights.
    pub version: String,
    /// Size of its file.
    pub bytes: u32,
    /// Whether it is part of the program. Such a model can't be deleted.
    pub shipped: bool,
    /// Since when it answers, RFC 3339 in UTC; null for a model that doesn't, and for the shipped one if no other ever did.
    pub live_since: Option<String>,
    /// User name of the admin who put it live; `-` for an admin whose account was deleted.
    pub live_by: Option<String>,
    /// Time of its upload, RFC 3339 in UTC; null for the shipped one.
    pub uploaded_at: Option<String>,
    /// User name of the admin who uploaded it; `-` for an admin whose account was deleted.
    pub uploaded_by: Option<String>,
    /// What its card says; null if it has none.
    pub card: Option<CardSummary>,
    /// The last look before the leap at it, without the pictures; null if there was none.
    pub evaluation: Option<EvaluationSummary>,
}

/// What the list of models shows of a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardSummary {
    /// The day of its export.
    pub date: String,
    /// The share of MNIST's test digits that it reads right, 0 to 1.
    pub test_accuracy: f64,
    /// How many corrections it was trained with; null if the card doesn't say so.
    pub corrections: Option<u64>,
}

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvaluationState {
    /// It goes on; the numbers are those so far.
    Running,
    /// It has ended.
    Done,
    /// It broke off: the database or the model failed, the server was busy all the time, or it was stopped.
    Failed,
}

/// What was found when a model and the live one read the same pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationSummary {
    /// How far it is.
    pub state: EvaluationState,
    /// When it began, RFC 3339 in UTC.
    pub started_at: String,
    /// How much of it is done, 0 to 1: of the corrections, and then of the time for the stored pictures.
    pub progress: f32,
    /// The version of the model that was live.
    pub against: String,
    /// Corrections that both have read. Those that an admin dropped aren't read; the others count with the label that an
    /// admin agreed to, or else with what their user says.
    pub corrections: u32,
    /// Corrections that the model reads right.
    pub right: u32,
    /// Corrections that the live model reads right.
    pub right_live: u32,
    /// Stored pictures that both have read, the newest first; corrected ones are among them.
    pub pictures: u32,
    /// Stored pictures that they read differently.
    pub disagreements: u32,
}

/// Response of `GET` and `POST /api/admin/models/{version}/evaluation`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evaluation {
    /// The version of the model that is looked at.
    pub version: String,
    /// The numbers.
    pub summary: EvaluationSummary,
    /// The newest pictures that the two read differently, 50 at most. Those that were deleted meanwhile are missing.
    pub examples: Vec<Disagreement>,
}

/// A picture that two models read differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disagreement {
    /// The ID of the prediction.
    pub id: i64,
    /// The 28x28 input of the network: a PNG as a `data:` URL.
    pub image: String,
    /// What the model reads.
    pub reading: Label,
    /// How probable that is according to the model, 0 to 1.
    pub confidence: f32,
    /// What the live model reads.
    pub reading_live: Label,
    /// How probable that is according to the live model, 0 to 1.
    pub confidence_live: f32,
    /// The label that an admin agreed to, or else the label that its user gave; null if the prediction was not corrected.
    pub said: Option<Label>,
}

//! The review of corrections by admins.

use serde::{Deserialize, Serialize};

use super::Label;

/// What has become of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// No admin has looked at it.
    #[default]
    Waiting,
    /// Its image is part of the data set, with a label that an admin agreed to.
    Agreed,
    /// Its image isn't used.
    Dropped,
}

/// The order of the corrections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewSort {
    /// First those that today's model contradicts most.
    #[default]
    Disagreement,
    /// First those of which today's model is least certain.
    Doubt,
    /// First the newest predictions.
    Newest,
}

/// Filters and order of the corrections. A parameter that has its default is left out of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ReviewQuery {
    /// Only corrections in this state; by default those that wait.
    #[serde(default, skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub state: ReviewState,
    /// Only corrections that say this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub label: Option<Label>,
    /// Only corrections of the account with this name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", param(default = ""))]
    pub user: String,
    /// The order; by default by disagreement.
    #[serde(default, skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: ReviewSort,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Response of `GET /api/admin/review`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewQueue {
    /// One page. Near duplicates follow each other.
    pub entries: Vec<ReviewEntry>,
    /// Whether there are further pages.
    pub more: bool,
    /// Numbers of corrections.
    pub counts: ReviewCounts,
    /// Who made the newest corrections: those first of whom most wait.
    pub people: Vec<ReviewPerson>,
}

/// A correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewEntry {
    /// The ID of the prediction.
    pub id: i64,
    /// The ID of the first entry of the page whose image is nearly the same and of which the same is said; `id` for that
    /// one itself.
    pub group: i64,
    /// The ID of the account.
    pub user_id: i64,
    /// The name of the account.
    pub username: String,
    /// Time of the correction, RFC 3339 in UTC.
    pub created_at: String,
    /// The 28x28 input of the network: a PNG as a `data:` URL.
    pub image: String,
    /// The digit that was answered.
    pub read: u8,
    /// Its probability then, 0 to 1.
    pub probability: f32,
    /// The version of the model that answered.
    pub model: String,
    /// What the image shows, according to the user.
    pub said: Label,
    /// What today's model reads; null until it has.
    pub today: Option<Label>,
    /// How probable that is according to today's model, 0 to 1.
    pub confidence: Option<f32>,
    /// What has become of it.
    pub state: ReviewState,
    /// The label that an admin agreed to.
    pub label: Option<Label>,
    /// Time of the last decision, RFC 3339 in UTC.
    pub decided_at: Option<String>,
    /// User name of the admin who took it; `-` for an admin whose account was deleted.
    pub decided_by: Option<String>,
}

/// Numbers of corrections, each counted up to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewCounts {
    /// Those that wait.
    pub waiting: u64,
    /// Those that were agreed to.
    pub agreed: u64,
    /// Those that were dropped.
    pub dropped: u64,
    /// Those that wait and say what today's model reads, of the account and with the label that are asked for. The other
    /// numbers are of all corrections.
    pub plain: u64,
}

/// Who made corrections, with how many of the newest 10,000 are theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewPerson {
    /// The ID of the account.
    pub id: i64,
    /// Its name.
    pub username: String,
    /// Corrections that wait.
    pub waiting: u64,
    /// Corrections that were agreed to.
    pub agreed: u64,
    /// Corrections that were dropped.
    pub dropped: u64,
}

/// What an admin decides about a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// The image becomes part of the data set.
    Agree,
    /// The image isn't used.
    Drop,
    /// It waits again.
    Reopen,
}

/// Request body of `POST /api/admin/review`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewDecision {
    /// IDs of predictions, 1 to 100. Those without a correction are ignored.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub ids: Vec<i64>,
    /// What is decided.
    pub action: ReviewAction,
    /// With `agree`: what the images show, if that isn't what their users say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
}

/// Request body of `POST /api/admin/review/plain`: which of the corrections are meant. All without a field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewScope {
    /// Only those that say this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Only those of the account with this name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
}

/// Response to decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reviewed {
    /// How many corrections have another state or label now.
    pub changed: u64,
}

//! A user's own predictions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /api/predictions?page=&per_page=`: newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// One page of them.
    pub predictions: Vec<PastPrediction>,
    /// All there are.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u64,
    /// How many a page holds.
    pub per_page: u64,
}

/// One prediction that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PastPrediction {
    /// Its number.
    pub id: i64,
    /// When, RFC 3339 in UTC.
    pub created_at: String,
    /// The digit that was read.
    pub prediccion: u8,
    /// Its probability, 0 to 1.
    pub probabilidad: f32,
    /// The model's version.
    pub modelo: String,
    /// The digit it was, by the user's word.
    pub correccion: Option<u8>,
    /// The 28x28 picture that the network saw: a PNG as a `data:` URL.
    pub imagen: String,
}

/// `POST /api/predictions/{id}/correction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// The digit it was, 0 to 9.
    #[schema(minimum = 0, maximum = 9)]
    pub digito: u8,
}

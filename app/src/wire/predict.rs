//! The answer of `POST /predict`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the server read. Field names are the seed's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Prediction {
    /// The likeliest digit, 0 to 9.
    pub prediccion: u8,
    /// Its probability, 0 to 1.
    pub probabilidad: f32,
    /// Whether the answer came from the cache.
    pub cached: bool,
    /// The probabilities of the digits 0 to 9, in order; they sum to one.
    pub probabilidades: [f32; 10],
    /// The model's version.
    pub modelo: String,
    /// Something the caller should know of the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aviso: Option<Notice>,
}

/// A remark beside an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// No stroke was found on the picture.
    ImagenVacia,
}

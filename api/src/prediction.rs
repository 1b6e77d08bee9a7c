//! The response of `POST /predict`.

use serde::{Deserialize, Serialize};

/// Response of `POST /predict`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
    /// The likeliest digit, 0 to 9.
    #[serde(rename = "prediccion")]
    pub digit: u8,
    /// Its probability, 0 to 1.
    #[serde(rename = "probabilidad")]
    pub probability: f32,
    /// Whether the prediction came from the cache.
    pub cached: bool,
    /// The probabilities of the digits 0 to 9, in order; they sum to one.
    #[serde(rename = "probabilidades")]
    pub probabilities: [f32; 10],
    /// The model's version.
    #[serde(rename = "modelo")]
    pub model: String,
    /// A notice about the image.
    #[serde(rename = "aviso", default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Where the digit was found: left, top, width and height in the image's pixels. Not there if the image is empty.
    #[serde(rename = "caja", default, skip_serializing_if = "Option::is_none")]
    pub area: Option<[u32; 4]>,
    /// Its ID in the user's history, by which it can be corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

impl Prediction {
    /// The digit as text; `None` if there is none on the image.
    pub fn numeral(&self) -> Option<String> {
        Notice::allows_numeral(self.notice).then(|| self.digit.to_string())
    }
}

/// A notice beside a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// No stroke was found on the image.
    #[serde(rename = "imagen_vacia")]
    EmptyImage,
    /// What was found doesn't look like a digit.
    #[serde(rename = "no_parece_un_digito")]
    NotADigit,
    /// There is more than one digit.
    #[serde(rename = "varios_digitos")]
    SeveralDigits,
    /// The digit may be another one.
    #[serde(rename = "poco_seguro")]
    Uncertain,
}

impl Notice {
    /// Whether there is a digit or a number beside this notice that means something.
    pub(crate) fn allows_numeral(notice: Option<Self>) -> bool {
        !matches!(notice, Some(Self::EmptyImage | Self::NotADigit))
    }
}

//! The response of `POST /api/predict/number`.

use serde::{Deserialize, Serialize};

use crate::Notice;

/// A number in one line of text: its lines of writing, separated by spaces.
pub fn on_one_line(number: &str) -> String {
    number.replace('\n', " ")
}

/// Response of `POST /api/predict/number`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Number {
    /// The digits, with `?` for each sign that is none; one line of text for each line of writing.
    #[serde(rename = "numero")]
    pub number: String,
    /// The digits and signs, line by line, from left to right.
    #[serde(rename = "digitos")]
    pub parts: Vec<NumberPart>,
    /// The probability that all digits are right, 0 to 1.
    #[serde(rename = "probabilidad")]
    pub probability: f32,
    /// Whether the number came from the cache.
    pub cached: bool,
    /// The model's version.
    #[serde(rename = "modelo")]
    pub model: String,
    /// A notice about the image.
    #[serde(rename = "aviso", default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl Number {
    /// The number in one line of text; `None` if there is none on the image.
    pub fn numeral(&self) -> Option<String> {
        Notice::allows_numeral(self.notice).then(|| on_one_line(&self.number))
    }
}

/// A digit of a number, or a sign that is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberPart {
    /// The digit, 0 to 9; `null` for a sign that is none.
    #[serde(rename = "digito")]
    pub digit: Option<u8>,
    /// The probability that it is this digit, or that it is none.
    #[serde(rename = "probabilidad")]
    pub probability: f32,
    /// Its line of writing, from 1.
    #[serde(rename = "linea")]
    pub line: usize,
    /// Its place: left, top, width and height in the image's pixels.
    #[serde(rename = "caja")]
    pub area: [u32; 4],
}

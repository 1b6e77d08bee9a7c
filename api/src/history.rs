//! The prediction history of a user.

use serde::{Deserialize, Deserializer, Serialize, de};

/// Response of `GET /api/predictions`: newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// One page.
    pub predictions: Vec<PastPrediction>,
    /// Number of predictions on all pages. Not with `cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The page, from 1. Not with `cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// Entries per page.
    pub per_page: u64,
    /// The `cursor` of the newer entries; missing where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The `cursor` of the older entries; missing where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One prediction of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastPrediction {
    /// The id.
    pub id: i64,
    /// Time of the prediction, RFC 3339 in UTC.
    pub created_at: String,
    /// The predicted digit; a number's first.
    #[serde(rename = "prediccion")]
    pub digit: u8,
    /// The predicted number, if one was asked for.
    #[serde(rename = "numero", default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its probability, 0 to 1.
    #[serde(rename = "probabilidad")]
    pub probability: f32,
    /// The model's version.
    #[serde(rename = "modelo")]
    pub model: String,
    /// The digit according to the user.
    #[serde(rename = "correccion")]
    pub correction: Option<u8>,
    /// The 28x28 input of the network: a PNG as a `data:` URL.
    #[serde(rename = "imagen")]
    pub image: String,
}

/// Request body of `POST /api/predictions/{id}/correction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The digit on the image, 0 to 9.
    #[serde(rename = "digito", deserialize_with = "integer")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9))]
    pub digit: u8,
}

/// Accepts `6.0` as 6, because JSON does not distinguish integers from other numbers.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let number = f64::deserialize(deserializer)?;
    let equals = |candidate: &u8| (f64::from(*candidate) - number).abs() < f64::EPSILON;
    (0..=u8::MAX)
        .find(equals)
        .ok_or_else(|| de::Error::custom("not an integer from 0 to 255"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_accepted_with_and_without_a_fraction() {
        let read = |body| serde_json::from_str::<Correction>(body).map(|read| read.digit);
        assert_eq!(read(r#"{"digito":6}"#).unwrap(), 6);
        assert_eq!(read(r#"{"digito":6.0}"#).unwrap(), 6);
        for body in [
            r#"{"digito":6.5}"#,
            r#"{"digito":-1}"#,
            r#"{"digito":1e300}"#,
            r#"{"digito":"6"}"#,
            "{}",
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }
}

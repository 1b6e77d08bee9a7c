//! A user's own predictions.

use serde::{Deserialize, Deserializer, Serialize, de};

/// `GET /api/predictions?page=&per_page=`: newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastPrediction {
    /// Its number.
    pub id: i64,
    /// When, RFC 3339 in UTC.
    pub created_at: String,
    /// The digit that was read.
    #[serde(rename = "prediccion")]
    pub digit: u8,
    /// Its probability, 0 to 1.
    #[serde(rename = "probabilidad")]
    pub probability: f32,
    /// The model's version.
    #[serde(rename = "modelo")]
    pub model: String,
    /// The digit it was, by the user's word.
    #[serde(rename = "correccion")]
    pub correction: Option<u8>,
    /// The 28x28 picture that the network saw: a PNG as a `data:` URL.
    #[serde(rename = "imagen")]
    pub image: String,
}

/// `POST /api/predictions/{id}/correction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The digit it was, 0 to 9.
    #[serde(rename = "digito", deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 9))]
    pub digit: u8,
}

/// JSON knows one kind of number: some clients write 6.0 where they mean 6.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let number = f64::deserialize(deserializer)?;
    let is_it = |whole: &u8| (f64::from(*whole) - number).abs() < f64::EPSILON;
    (0..=u8::MAX).find(is_it).ok_or_else(|| de::Error::custom("no digit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_a_digit_however_it_is_written() {
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

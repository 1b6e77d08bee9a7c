//! The prediction history of a user.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Label, Me, ReviewState};

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
    /// Whether there is no digit according to the user; left out if not.
    #[serde(rename = "no_es_un_digito", default, skip_serializing_if = "is_false")]
    pub not_a_digit: bool,
    /// The 28x28 input of the network: a PNG as a `data:` URL.
    #[serde(rename = "imagen")]
    pub image: String,
}

impl PastPrediction {
    /// What the image shows according to the user, if they have said anything.
    pub fn corrected(&self) -> Option<Label> {
        if self.not_a_digit {
            Some(Label::NoDigit)
        } else {
            self.correction.and_then(Label::of_digit)
        }
    }
}

/// Request body of `POST /api/predictions/{id}/correction`: one of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The digit on the image, 0 to 9.
    #[serde(
        rename = "digito",
        default,
        deserialize_with = "integer",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = u8, required = false, minimum = 0, maximum = 9))]
    pub digit: Option<u8>,
    /// `true` if there is no digit on the image.
    #[serde(rename = "no_es_un_digito", default, skip_serializing_if = "is_false")]
    pub not_a_digit: bool,
}

impl Correction {
    /// What the image shows; `None` if that isn't said, or not clearly.
    pub fn label(self) -> Option<Label> {
        match (self.digit, self.not_a_digit) {
            (Some(digit), false) => Label::of_digit(digit),
            (None, true) => Some(Label::NoDigit),
            _ => None,
        }
    }
}

impl From<Label> for Correction {
    fn from(label: Label) -> Self {
        Self {
            digit: label.digit(),
            not_a_digit: label == Label::NoDigit,
        }
    }
}

/// Response of `GET /api/me/data`: all that an account has given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnData {
    /// The account.
    pub account: Me,
    /// Its predictions, newest first.
    pub predictions: Vec<OwnPrediction>,
}

/// A prediction with what has become of its correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPrediction {
    /// As in the history.
    #[serde(flatten)]
    pub prediction: PastPrediction,
    /// Time of the correction, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<String>,
    /// What has become of the correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewState>,
    /// The label that an admin agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Accepts `6.0` as 6, because JSON does not distinguish integers from other numbers.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let number = f64::deserialize(deserializer)?;
    let equals = |candidate: &u8| (f64::from(*candidate) - number).abs() < f64::EPSILON;
    (0..=u8::MAX)
        .find(equals)
        .map(Some)
        .ok_or_else(|| de::Error::custom("not an integer from 0 to 255"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_accepted_with_and_without_a_fraction() {
        let read = |body| serde_json::from_str::<Correction>(body).map(|read| read.digit);
        assert_eq!(read(r#"{"digito":6}"#).unwrap(), Some(6));
        assert_eq!(read(r#"{"digito":6.0}"#).unwrap(), Some(6));
        for body in [
            r#"{"digito":6.5}"#,
            r#"{"digito":-1}"#,
            r#"{"digito":1e300}"#,
            r#"{"digito":"6"}"#,
            r#"{"digito":null}"#,
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }

    #[test]
    fn a_correction_says_one_thing() {
        for label in Label::ALL {
            let json = serde_json::to_string(&Correction::from(label)).unwrap();
            assert_eq!(
                serde_json::from_str::<Correction>(&json).unwrap().label(),
                Some(label),
                "{json}"
            );
        }
        for body in [
            "{}",
            r#"{"digito":10}"#,
            r#"{"no_es_un_digito":false}"#,
            r#"{"digito":6,"no_es_un_digito":true}"#,
        ] {
            assert_eq!(
                serde_json::from_str::<Correction>(body).unwrap().label(),
                None,
                "{body}"
            );
        }
    }
}

//! `POST /predict`: the digit on an uploaded image.

mod agreement;
pub(crate) mod batch;
mod files;
pub(crate) mod number;
mod rejection;

use std::sync::Arc;

use api::{Notice, PredictErrorBody, Prediction};
use axum::{Json, extract::State};
use tracing::info;
use utoipa::ToSchema;

use crate::{
    accounts::Accounts,
    domain::User,
    http::{
        error::ApiError,
        extract::{Form, PredictUser, ReadByPage},
    },
    prediction::{Entered, Outcome, Predictor, Upload, UploadMemory},
    store::NewPrediction,
};
use files::Files;
pub(crate) use rejection::PredictRejection;

/// Predicts the digit on an image.
#[utoipa::path(post, path = "/predict", tag = "predictions",
    security(("token" = []), ("session" = []), ("key" = ["predict"])),
    request_body(content = PictureForm, content_type = "multipart/form-data"), responses(
    (status = 200, description = "The prediction", body = Prediction),
    (status = 400, description = "file_missing, file_not_selected, file_type, form_invalid", body = PredictErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = PredictErrorBody),
    (status = 403, description = "email_unconfirmed, origin_forbidden", body = PredictErrorBody),
    (status = 413, description = "file_too_large", body = PredictErrorBody),
    (status = 422, description = "image_unreadable, image_too_large", body = PredictErrorBody),
    (status = 503, description = "overloaded, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn predict(
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
    PredictUser(user): PredictUser,
    ReadByPage(page): ReadByPage,
    form: Form,
) -> Result<Json<Prediction>, ApiError> {
    let admitted = Admitted::check(&predictor, &accounts, &user)?;
    let upload = receive(predictor.uploads(), form).await?;
    let prediction = admitted.predict(&predictor, upload).await?;
    agreement::compare(page, prediction.numeral().as_deref(), &prediction.model);
    Ok(Json(prediction))
}

/// A request of a user who may have one more prediction.
pub(crate) struct Admitted<'a> {
    accounts: &'a Accounts,
    user: &'a User,
    /// Predictions that the account may have; `None` if its address is confirmed.
    limit: Option<u32>,
    _in_progress: Entered,
}

impl<'a> Admitted<'a> {
    pub(crate) fn check(
        predictor: &Predictor,
        accounts: &'a Accounts,
        user: &'a User,
    ) -> Result<Self, PredictRejection> {
        let admitted = Self {
            accounts,
            user,
            limit: (!user.email_confirmed).then(|| accounts.unconfirmed_predictions()),
            _in_progress: predictor.enter(),
        };
        admitted.check_count(1)?;
        Ok(admitted)
    }

    /// Whether the user may have as many predictions more as `count`.
    pub(crate) fn check_count(&self, count: usize) -> Result<(), PredictRejection> {
        let after = self.user.predictions.saturating_add(count as u64);
        if self.limit.is_some_and(|limit| after > u64::from(limit)) {
            return Err(PredictRejection::Unconfirmed);
        }
        Ok(())
    }

    async fn predict(self, predictor: &Predictor, upload: Upload) -> Result<Prediction, PredictRejection> {
        let outcome = predictor.predict(upload).await?;
        let ids = self.record(vec![row(&outcome)]).await?;
        log(&outcome);
        Ok(body(&outcome, ids.first().copied()))
    }

    /// Adds all of the predictions to the user's history, or none, and returns their numbers.
    pub(crate) async fn record(self, rows: Vec<NewPrediction>) -> Result<Vec<i64>, PredictRejection> {
        // Checked again in the transaction, because concurrent requests pass the first check together.
        let added = self.accounts.store().add_predictions(self.user.id, rows, self.limit);
        added.await?.ok_or(PredictRejection::Unconfirmed)
    }
}

/// The row of the history.
pub(crate) fn row(outcome: &Outcome) -> NewPrediction {
    NewPrediction {
        digit: outcome.prediction.digit(),
        number: None,
        probability: outcome.prediction.probability(),
        model: outcome.model.to_string(),
        image: Arc::clone(&outcome.grid),
    }
}

pub(crate) fn log(outcome: &Outcome) {
    if outcome.cached {
        info!("Predicción obtenida desde la cache.");
    } else {
        let digit = outcome.prediction.digit();
        let probability = as_parsed_from_json(outcome.prediction.probability());
        info!("Predicción realizada: Dígito {digit} con probabilidad {probability:.2}.");
    }
}

/// The schema of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct PictureForm {
    /// A PNG, JPEG or GIF, whose name ends with `.png`, `.jpg`, `.jpeg` or `.gif`. Of an animated GIF the picture
    /// that shows the most counts.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// The first file named `file` of the form; what follows it is ignored.
pub(crate) async fn receive(uploads: &UploadMemory, form: Form) -> Result<Upload, PredictRejection> {
    let file = Files::of(form, uploads)?.next().await?;
    file.ok_or(PredictRejection::NoFile)?.upload
}

fn body(outcome: &Outcome, id: Option<i64>) -> Prediction {
    Prediction {
        digit: outcome.prediction.digit(),
        probability: outcome.prediction.probability(),
        cached: outcome.cached,
        probabilities: outcome.prediction.probabilities,
        model: outcome.model.to_string(),
        notice: outcome.notice.map(notice),
        area: outcome.area.map(pixels),
        id,
    }
}

fn notice(notice: classifier::Notice) -> Notice {
    match notice {
        classifier::Notice::Blank => Notice::EmptyImage,
        classifier::Notice::NotADigit => Notice::NotADigit,
        classifier::Notice::SeveralDigits => Notice::SeveralDigits,
        classifier::Notice::Uncertain => Notice::Uncertain,
    }
}

/// Left, top, width and height, in whole pixels.
fn pixels(area: classifier::preprocess::Area) -> [u32; 4] {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an area lies in its picture, whose sides fit in 32 bits"
    )]
    area.map(|value| value.round() as u32)
}

/// The probability as a client parses it from the JSON response, so that log and client round to the same digits.
fn as_parsed_from_json(probability: f32) -> f64 {
    probability
        .to_string()
        .parse()
        .unwrap_or_else(|_| f64::from(probability))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logged_probability_rounds_as_a_clients_does() {
        let probability = 0.985_f32;
        let sent: f64 = serde_json::from_str(&serde_json::to_string(&probability).unwrap()).unwrap();
        assert_eq!(format!("{:.2}", as_parsed_from_json(probability)), format!("{sent:.2}"));
    }
}

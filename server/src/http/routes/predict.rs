//! `POST /predict`: the digit on an uploaded image.

pub(crate) mod number;

use std::sync::Arc;

use api::{ErrorCode, Notice, PredictErrorBody, Prediction, file_type};
use axum::{
    Json,
    extract::{
        State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
};
use tracing::{error, info, warn};
use utoipa::ToSchema;

use crate::{
    accounts::Accounts,
    domain::User,
    http::{
        body_size::is_too_large,
        error::ApiError,
        extract::{ContentDisposition, CurrentUser, Form},
    },
    prediction::{Entered, Outcome, PredictError, Predictor, Upload, UploadFullError},
    store::{AddPredictionError, NewPrediction},
};

/// Predicts the digit on an image.
#[utoipa::path(post, path = "/predict", tag = "predictions",
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
    CurrentUser { user, .. }: CurrentUser,
    form: Form,
) -> Result<Json<Prediction>, ApiError> {
    let admitted = Admitted::check(&predictor, &accounts, &user)?;
    let upload = receive(predictor.upload(), form).await?;
    let outcome = predictor.predict(upload).await.map_err(PredictRejection::from)?;
    let row = NewPrediction {
        digit: outcome.prediction.digit(),
        number: None,
        probability: outcome.prediction.probability(),
        model: classifier::model_version().to_owned(),
        image: Arc::clone(&outcome.grid),
    };
    admitted.record(row).await?;
    if outcome.cached {
        info!("Predicción obtenida desde la cache.");
    } else {
        let digit = outcome.prediction.digit();
        let probability = as_parsed_from_json(outcome.prediction.probability());
        info!("Predicción realizada: Dígito {digit} con probabilidad {probability:.2}.");
    }
    Ok(Json(body(&outcome)))
}

/// A request of a user who may have one more prediction.
struct Admitted<'a> {
    accounts: &'a Accounts,
    user_id: i64,
    /// Predictions that the account may have; `None` if its address is confirmed.
    limit: Option<u32>,
    _in_progress: Entered,
}

impl<'a> Admitted<'a> {
    fn check(predictor: &Predictor, accounts: &'a Accounts, user: &User) -> Result<Self, PredictRejection> {
        let limit = (!user.email_confirmed).then(|| accounts.unconfirmed_predictions());
        if limit.is_some_and(|limit| user.predictions >= u64::from(limit)) {
            return Err(PredictRejection::Unconfirmed);
        }
        Ok(Self {
            accounts,
            user_id: user.id,
            limit,
            _in_progress: predictor.enter(),
        })
    }

    /// Adds the prediction to the user's history.
    async fn record(self, row: NewPrediction) -> Result<(), PredictRejection> {
        // Checked again in the transaction, because concurrent requests pass the first check together.
        let added = self
            .accounts
            .store()
            .add_prediction(self.user_id, row, self.limit)
            .await?;
        if added {
            Ok(())
        } else {
            Err(PredictRejection::Unconfirmed)
        }
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

/// Reads the first file named `file` of the form into `upload`, and ignores what follows it.
pub(crate) async fn receive(mut upload: Upload, form: Form) -> Result<Upload, PredictRejection> {
    let Form { parts, line_ends } = form;
    let mut parts = parts?;
    let rejected = |error: MultipartError| match PredictRejection::from(error) {
        PredictRejection::NoFile if line_ends.are_bare() => PredictRejection::LineEnds,
        rejection => rejection,
    };
    while let Some(mut part) = parts.next_field().await.map_err(rejected)? {
        let disposition = ContentDisposition::of(part.headers());
        // A part without a file name is a text field.
        let (Some("file"), Some(name)) = (disposition.name.as_deref(), disposition.file_name) else {
            continue;
        };
        if name.is_empty() {
            return Err(PredictRejection::NoFileSelected);
        }
        if !is_allowed(&name) {
            let file_type = file_type(&head(&mut part).await);
            return Err(PredictRejection::WrongType { name, file_type });
        }
        while let Some(chunk) = part.chunk().await? {
            upload.push(&chunk)?;
        }
        return Ok(upload);
    }
    Err(PredictRejection::NoFile)
}

/// The first bytes of a file, or fewer if it ends or breaks off.
async fn head(part: &mut Field<'_>) -> Vec<u8> {
    const LENGTH: usize = 1024;
    let mut head = Vec::new();
    while head.len() < LENGTH
        && let Ok(Some(chunk)) = part.chunk().await
    {
        head.extend_from_slice(&chunk[..chunk.len().min(LENGTH)]);
    }
    head
}

/// Whether the extension of the file name is one of the accepted ones, in any case.
fn is_allowed(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        ["png", "jpg", "jpeg", "gif"]
            .iter()
            .any(|allowed| extension.eq_ignore_ascii_case(allowed))
    })
}

fn body(outcome: &Outcome) -> Prediction {
    Prediction {
        digit: outcome.prediction.digit(),
        probability: outcome.prediction.probability(),
        cached: outcome.cached,
        probabilities: outcome.prediction.probabilities,
        model: classifier::model_version().to_owned(),
        notice: outcome.notice.map(notice),
        area: outcome.area.map(pixels),
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

/// Why a request gets no prediction.
#[derive(Debug)]
pub(crate) enum PredictRejection {
    /// The request has no file, is not a form, or is incomplete.
    NoFile,
    /// The lines of the form's headers end with a line feed alone.
    LineEnds,
    /// The file name is empty.
    NoFileSelected,
    /// The extension of the file name is not accepted.
    WrongType {
        /// The file name that the client sent.
        name: String,
        /// What the file is, if it is known.
        file_type: Option<&'static str>,
    },
    /// The body is larger than allowed.
    TooLarge,
    /// The email address must be confirmed before further predictions.
    Unconfirmed,
    /// The image could not be processed.
    Prediction(PredictError),
    /// The prediction could not be stored.
    Store(AddPredictionError),
}

impl From<PredictRejection> for ApiError {
    /// Logs the rejection.
    fn from(rejection: PredictRejection) -> Self {
        use ErrorCode as Code;
        const BAD: StatusCode = StatusCode::BAD_REQUEST;
        const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
        match rejection {
            PredictRejection::NoFile => {
                const TEXT: &str = "No se encontró el archivo en la solicitud.";
                warn!("Predicción fallida: {TEXT}");
                Self::new(BAD, Code::FileMissing, TEXT)
            }
            PredictRejection::LineEnds => {
                warn!("Predicción fallida: Las líneas del formulario no terminan en CRLF.");
                let text = "El formulario está mal escrito: sus líneas deben terminar en CRLF, y no solo en LF.";
                Self::new(BAD, Code::FormInvalid, text)
            }
            PredictRejection::NoFileSelected => {
                const TEXT: &str = "No se seleccionó ningún archivo.";
                warn!("Predicción fallida: {TEXT}");
                Self::new(BAD, Code::FileNotSelected, TEXT)
            }
            PredictRejection::WrongType { name, file_type } => {
                warn!("Predicción fallida: Tipo de archivo no permitido '{name}'.");
                let text = "Tipo de archivo no permitido. Por favor, sube una imagen PNG, JPG, JPEG o GIF.";
                Self::new(BAD, Code::FileType, text).file_type(file_type)
            }
            PredictRejection::TooLarge => {
                warn!("Predicción fallida: El archivo es demasiado grande.");
                let text = "El archivo es demasiado grande. Sube una imagen más pequeña.";
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::FileTooLarge, text)
            }
            PredictRejection::Prediction(PredictError::Unreadable(cause)) => {
                warn!("Predicción fallida: La imagen no se puede leer: {cause}");
                let text = "La imagen no se puede leer. Comprueba que el archivo es un PNG, JPEG o GIF completo.";
                Self::new(UNPROCESSABLE, Code::ImageUnreadable, text)
            }
            PredictRejection::Prediction(PredictError::OtherType(found)) => {
                warn!("Predicción fallida: La imagen no se puede leer: es {found}.");
                let text = format!("El archivo es {found}, y no PNG, JPEG o GIF. Conviértelo y vuelve a subirlo.");
                Self::new(UNPROCESSABLE, Code::ImageUnreadable, text).file_type(Some(found))
            }
            PredictRejection::Prediction(PredictError::TooLarge) => {
                warn!("Predicción fallida: La imagen tiene demasiados píxeles.");
                let text = "La imagen tiene demasiados píxeles. Redúcela y vuelve a subirla.";
                Self::new(UNPROCESSABLE, Code::ImageTooLarge, text)
            }
            PredictRejection::Prediction(PredictError::Overloaded) => {
                warn!("Predicción fallida: Demasiadas solicitudes en espera.");
                Self::overloaded(1)
            }
            PredictRejection::Unconfirmed => {
                warn!("Predicción fallida: Email sin confirmar.");
                let text = "Confirma tu email para seguir: abre el enlace que te enviamos o pide otro.";
                Self::new(StatusCode::FORBIDDEN, Code::EmailUnconfirmed, text)
            }
            PredictRejection::Prediction(PredictError::Internal(cause)) => {
                error!("Error en el endpoint '/predict': {cause}");
                Self::internal()
            }
            PredictRejection::Store(cause) => {
                if let AddPredictionError::Store(cause) = &cause
                    && let Some(unavailable) = Self::database_unavailable(cause)
                {
                    return unavailable;
                }
                error!("Error en el endpoint '/predict': la base de datos falló: {cause}");
                Self::internal()
            }
        }
    }
}

impl From<MultipartRejection> for PredictRejection {
    fn from(_: MultipartRejection) -> Self {
        Self::NoFile
    }
}

impl From<MultipartError> for PredictRejection {
    fn from(error: MultipartError) -> Self {
        if is_too_large(&error) {
            Self::TooLarge
        } else {
            Self::NoFile
        }
    }
}

impl From<UploadFullError> for PredictRejection {
    fn from(_: UploadFullError) -> Self {
        Self::Prediction(PredictError::Overloaded)
    }
}

impl From<AddPredictionError> for PredictRejection {
    fn from(error: AddPredictionError) -> Self {
        match error {
            AddPredictionError::Overloaded => Self::Prediction(PredictError::Overloaded),
            error => Self::Store(error),
        }
    }
}

impl From<PredictError> for PredictRejection {
    fn from(error: PredictError) -> Self {
        Self::Prediction(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_extensions_in_any_case() {
        for name in ["a.png", "a.JPG", "a.b.jpeg", ".gif", "dígito.Png"] {
            assert!(is_allowed(name), "{name}");
        }
        for name in ["png", "a.bmp", "a.png.exe", "a.png ", "", "a."] {
            assert!(!is_allowed(name), "{name}");
        }
    }

    #[test]
    fn the_logged_probability_rounds_as_a_clients_does() {
        let probability = 0.985_f32;
        let sent: f64 = serde_json::from_str(&serde_json::to_string(&probability).unwrap()).unwrap();
        assert_eq!(format!("{:.2}", as_parsed_from_json(probability)), format!("{sent:.2}"));
    }
}

//! `POST /predict` and `POST /api/predict`: a picture in a form's part `file`, a digit back.

use api::{ErrorCode, Notice, PredictErrorBody, Prediction};
use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartError, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tracing::{error, info, warn};
use utoipa::ToSchema;

use crate::{
    accounts::Accounts,
    http::error::Refusal,
    http::extract::auth::SignedIn,
    http::layers::body_limit::is_too_large,
    prediction::{Answer, PredictError, Predictor, Upload, UploadFull},
    store::{NewPrediction, StoreError},
};

/// Read the picture, or say why not.
///
/// # Errors
///
/// [`PredictRefusal`], which is the answer then.
#[utoipa::path(post, path = "/predict", tag = "predictions",
    request_body(content = PictureForm, content_type = "multipart/form-data"), responses(
    (status = 200, description = "What was read", body = Prediction),
    (status = 400, description = "file_missing, file_not_selected, file_type", body = PredictErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = PredictErrorBody),
    (status = 403, description = "email_unconfirmed, origin_forbidden", body = PredictErrorBody),
    (status = 413, description = "file_too_large", body = PredictErrorBody),
    (status = 422, description = "image_unreadable, image_too_large", body = PredictErrorBody),
    (status = 503, description = "overloaded", body = PredictErrorBody),
))]
pub async fn predict(
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
    SignedIn { user, .. }: SignedIn,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Prediction>, PredictRefusal> {
    let allowed = accounts.unconfirmed_predictions();
    if !user.email_confirmed && user.predictions >= u64::from(allowed) {
        return Err(PredictRefusal::Unconfirmed);
    }
    let upload = receive(&predictor, form?).await?;
    let remembered = predictor.remembered(&upload);
    let cached = remembered.is_some();
    let answer = match remembered {
        Some(answer) => answer,
        None => predictor.predict(upload).await?,
    };
    let prediction = prediction(&answer, cached);
    let row = NewPrediction {
        digit: prediction.digit,
        probability: prediction.probability,
        model: prediction.model.clone(),
        image: answer.picture.to_vec(),
    };
    // Of many requests at once only so many count as tries.
    if !accounts.store().add_prediction(user.id, row, allowed).await? {
        return Err(PredictRefusal::Unconfirmed);
    }
    if cached {
        info!("Predicción obtenida desde la cache.");
    } else {
        let (digit, probability) = (prediction.digit, as_clients_read(prediction.probability));
        info!("Predicción realizada: Dígito {digit} con probabilidad {probability:.2}.");
    }
    Ok(Json(prediction))
}

/// The form, for the API's description.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PictureForm {
    /// A PNG, JPEG or GIF.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// The bytes of the form's first file named `file`; what follows it isn't read.
async fn receive(predictor: &Predictor, mut form: Multipart) -> Result<Upload, PredictRefusal> {
    while let Some(mut part) = form.next_field().await? {
        // As the seed's server: a part without a file name is a text field, and no file.
        let (Some("file"), Some(name)) = (part.name(), part.file_name()) else {
            continue;
        };
        if name.is_empty() {
            return Err(PredictRefusal::NoFileSelected);
        }
        if !is_allowed(name) {
            return Err(PredictRefusal::WrongType { name: name.to_owned() });
        }
        let mut upload = predictor.upload();
        while let Some(chunk) = part.chunk().await? {
            upload.push(&chunk)?;
        }
        return Ok(upload);
    }
    Err(PredictRefusal::NoFile)
}

/// The seed's `allowed_file`: what follows the last dot is one of four, in whatever case.
fn is_allowed(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        ["png", "jpg", "jpeg", "gif"]
            .iter()
            .any(|allowed| extension.eq_ignore_ascii_case(allowed))
    })
}

fn prediction(answer: &Answer, cached: bool) -> Prediction {
    Prediction {
        digit: answer.reading.digit(),
        probability: answer.reading.probability(),
        cached,
        probabilities: answer.reading.probabilities,
        model: classifier::model_version().to_owned(),
        notice: answer.blank.then_some(Notice::EmptyImage),
    }
}

/// A probability as a client gets it out of the JSON, so that both round it to the same two digits.
fn as_clients_read(probability: f32) -> f64 {
    probability
        .to_string()
        .parse()
        .unwrap_or_else(|_| f64::from(probability))
}

/// Why no digit is answered.
#[derive(Debug)]
pub enum PredictRefusal {
    /// There is no file in the request, or the request is no form, or one that breaks off.
    NoFile,
    /// The file has no name.
    NoFileSelected,
    /// The file's name is not one of a picture.
    WrongType {
        /// The name, as the client sent it.
        name: String,
    },
    /// The body is larger than allowed.
    TooLarge,
    /// The address has to be confirmed before more is read.
    Unconfirmed,
    /// Reading the picture failed.
    Prediction(PredictError),
    /// The prediction can't be kept.
    Store(StoreError),
}

impl PredictRefusal {
    /// The refusal, logged as the seed logged it.
    fn refusal(&self) -> Refusal {
        use ErrorCode as Code;
        const BAD: StatusCode = StatusCode::BAD_REQUEST;
        const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
        match self {
            Self::NoFile => {
                const TEXT: &str = "No se encontró el archivo en la solicitud.";
                warn!("Predicción fallida: {TEXT}");
                Refusal::new(BAD, Code::FileMissing, TEXT)
            }
            Self::NoFileSelected => {
                const TEXT: &str = "No se seleccionó ningún archivo.";
                warn!("Predicción fallida: {TEXT}");
                Refusal::new(BAD, Code::FileNotSelected, TEXT)
            }
            Self::WrongType { name } => {
                warn!("Predicción fallida: Tipo de archivo no permitido '{name}'.");
                let text = "Tipo de archivo no permitido. Por favor, sube una imagen PNG, JPG, JPEG o GIF.";
                Refusal::new(BAD, Code::FileType, text)
            }
            Self::TooLarge => {
                warn!("Predicción fallida: El archivo es demasiado grande.");
                let text = "El archivo es demasiado grande. Sube una imagen más pequeña.";
                Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::FileTooLarge, text)
            }
            Self::Prediction(PredictError::Unreadable(cause)) => {
                warn!("Predicción fallida: La imagen no se puede leer: {cause}");
                let text = "La imagen no se puede leer. Comprueba que el archivo es un PNG, JPEG o GIF completo.";
                Refusal::new(UNPROCESSABLE, Code::ImageUnreadable, text)
            }
            Self::Prediction(PredictError::TooLarge) => {
                warn!("Predicción fallida: La imagen tiene demasiados píxeles.");
                let text = "La imagen tiene demasiados píxeles. Redúcela y vuelve a subirla.";
                Refusal::new(UNPROCESSABLE, Code::ImageTooLarge, text)
            }
            Self::Prediction(PredictError::Overloaded) => {
                warn!("Predicción fallida: Demasiadas solicitudes en espera.");
                let text = "El servidor está ocupado. Inténtalo de nuevo en unos segundos.";
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Overloaded, text).retry_after(1)
            }
            Self::Unconfirmed => {
                warn!("Predicción fallida: Email sin confirmar.");
                let text = "Confirma tu email para seguir: abre el enlace que te enviamos o pide otro.";
                Refusal::new(StatusCode::FORBIDDEN, Code::EmailUnconfirmed, text)
            }
            Self::Prediction(PredictError::Broken(cause)) => {
                error!("Error en el endpoint '/predict': {cause}");
                Refusal::internal()
            }
            Self::Store(cause) => {
                error!("Error en el endpoint '/predict': la base de datos falló: {cause}");
                Refusal::internal()
            }
        }
    }
}

impl IntoResponse for PredictRefusal {
    fn into_response(self) -> Response {
        self.refusal().answer("/predict")
    }
}

impl From<MultipartRejection> for PredictRefusal {
    fn from(_: MultipartRejection) -> Self {
        Self::NoFile
    }
}

impl From<MultipartError> for PredictRefusal {
    fn from(error: MultipartError) -> Self {
        if is_too_large(&error) {
            Self::TooLarge
        } else {
            Self::NoFile
        }
    }
}

impl From<UploadFull> for PredictRefusal {
    fn from(_: UploadFull) -> Self {
        Self::Prediction(PredictError::Overloaded)
    }
}

impl From<StoreError> for PredictRefusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PredictError> for PredictRefusal {
    fn from(error: PredictError) -> Self {
        Self::Prediction(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_as_the_seed_allows_them() {
        for name in ["a.png", "a.JPG", "a.b.jpeg", ".gif", "dígito.Png"] {
            assert!(is_allowed(name), "{name}");
        }
        for name in ["png", "a.bmp", "a.png.exe", "a.png ", "", "a."] {
            assert!(!is_allowed(name), "{name}");
        }
    }

    #[test]
    fn the_logged_probability_rounds_as_the_clients() {
        let probability = 0.985_f32;
        let sent: f64 = serde_json::from_str(&serde_json::to_string(&probability).unwrap()).unwrap();
        assert_eq!(format!("{:.2}", as_clients_read(probability)), format!("{sent:.2}"));
    }
}

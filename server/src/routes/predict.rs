//! `POST /predict` and `POST /api/predict`: a picture in a form's part `file`, a digit back.

use app::wire::{ErrorCode, Notice, Prediction};
use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartError, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tracing::{error, info, warn};

use crate::{
    body_limit::is_too_large,
    prediction::{Answer, PredictError, Predictor, Upload, UploadFull},
    refusal::Refusal,
};

/// Read the picture, or say why not.
///
/// # Errors
///
/// [`PredictRefusal`], which is the answer then.
pub async fn predict(
    State(predictor): State<Predictor>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Prediction>, PredictRefusal> {
    let upload = receive(&predictor, form?).await?;
    if let Some(answer) = predictor.remembered(&upload) {
        info!("Predicción obtenida desde la cache.");
        return Ok(Json(prediction(&answer, true)));
    }
    let answer = prediction(&predictor.predict(upload).await?, false);
    let (digit, probability) = (answer.prediccion, as_clients_read(answer.probabilidad));
    info!("Predicción realizada: Dígito {digit} con probabilidad {probability:.2}.");
    Ok(Json(answer))
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
        prediccion: answer.reading.digit(),
        probabilidad: answer.reading.probability(),
        cached,
        probabilidades: answer.reading.probabilities,
        modelo: classifier::model_version().to_owned(),
        aviso: answer.blank.then_some(Notice::ImagenVacia),
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
    /// Reading the picture failed.
    Prediction(PredictError),
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
            Self::Prediction(PredictError::Broken(cause)) => {
                error!("Error en el endpoint '/predict': {cause}");
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

//! Why a request gets no prediction, in the log and in the response.

use api::ErrorCode;
use axum::{
    extract::multipart::{MultipartError, MultipartRejection},
    http::StatusCode,
};
use tracing::{error, warn};

use crate::{
    http::{body_size::is_too_large, error::ApiError},
    prediction::{PredictError, UploadError},
    store::AddPredictionError,
};

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
    /// The form has more files than one request may have.
    TooMany,
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
            PredictRejection::TooMany => {
                warn!("Predicción fallida: Demasiados archivos en una solicitud.");
                let text = "Son demasiados archivos para una solicitud. Repártelos entre varias.";
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BatchTooLarge, text)
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

impl From<UploadError> for PredictRejection {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Full => Self::Prediction(PredictError::Overloaded),
            UploadError::TooLarge => Self::TooLarge,
        }
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

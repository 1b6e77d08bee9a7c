//! The error response of every route: a status, a stable code, and a text for people.

use std::borrow::Cow;

use api::{ErrorBody, ErrorCode, PredictErrorBody};
use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use tracing::{error, warn};

use super::{api_path::is_inference, request_id};
use crate::{
    accounts::{HashError, InternalError},
    store::StoreError,
};

/// A request that is answered with an error. The text never contains a library's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// The code that programs switch on.
    pub code: ErrorCode,
    /// A text for people: what happened, then what to do.
    pub text: Cow<'static, str>,
    /// Seconds after which the client may try again.
    pub retry_after: Option<u32>,
    /// What the file is that was refused for its type; only predict says it.
    pub file_type: Option<&'static str>,
}

impl ApiError {
    /// An error that the same request would meet again.
    pub(crate) fn new(status: StatusCode, code: ErrorCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            text: text.into(),
            retry_after: None,
            file_type: None,
        }
    }

    /// Status 400.
    pub(crate) fn bad_request(code: ErrorCode, text: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, text)
    }

    /// A required field is missing or empty.
    pub(crate) fn fields_required(text: &'static str) -> Self {
        Self::bad_request(ErrorCode::FieldsRequired, text)
    }

    /// The new password breaks the rules.
    pub(crate) fn password_weak() -> Self {
        let text = "La contraseña lleva de 8 a 128 caracteres y no puede ser fácil de adivinar.";
        Self::bad_request(ErrorCode::PasswordWeak, text)
    }

    /// The text is not an email address.
    pub(crate) fn email_invalid() -> Self {
        Self::bad_request(ErrorCode::EmailInvalid, "El email no es una dirección válida.")
    }

    /// The mail server can't send to the address.
    pub(crate) fn email_undeliverable() -> Self {
        let text = "A esa dirección no se puede enviar correo. Usa una sin tildes ni eñes antes de la '@'.";
        Self::bad_request(ErrorCode::EmailUndeliverable, text)
    }

    /// Another account has the address.
    pub(crate) fn email_taken() -> Self {
        Self::new(StatusCode::CONFLICT, ErrorCode::EmailTaken, "Email already registered")
    }

    /// The change would leave no admin.
    pub(crate) fn last_admin() -> Self {
        let text = "Es el último administrador: nombra antes a otro.";
        Self::new(StatusCode::CONFLICT, ErrorCode::LastAdmin, text)
    }

    /// The password is right, and a code of the second factor is missing.
    pub(crate) fn code_required(status: StatusCode) -> Self {
        let text = "Escribe también el código de tu aplicación de autenticación, o uno de recuperación.";
        Self::new(status, ErrorCode::CodeRequired, text)
    }

    /// The code of the second factor is wrong, or was used before.
    pub(crate) fn code_wrong(status: StatusCode) -> Self {
        let text = "El código no es correcto o ya se usó. Espera al siguiente.";
        Self::new(status, ErrorCode::CodeWrong, text)
    }

    /// The resource does not exist, or not for this user.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "No existe.")
    }

    /// The request body exceeds the limit.
    pub(crate) fn body_too_large() -> Self {
        let text = "La solicitud es demasiado grande. Envía menos.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::FileTooLarge, text)
    }

    /// A queue is full; the client may try again after `seconds`.
    pub(crate) fn overloaded(seconds: u32) -> Self {
        let text = "El servidor está ocupado. Inténtalo de nuevo en unos segundos.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded, text).retry_after(seconds)
    }

    /// If the database is not available at the moment: the client may try again. Logs the cause.
    pub(crate) fn database_unavailable(cause: &StoreError) -> Option<Self> {
        cause.is_unavailable().then(|| {
            error!("La base de datos no está disponible: {cause}");
            let text = "La base de datos no responde. Inténtalo de nuevo en unos segundos.";
            Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::DatabaseUnavailable, text).retry_after(5)
        })
    }

    /// The server failed. The caller logs the cause; the text names the request id that finds it in the log.
    pub(crate) fn internal() -> Self {
        let text = format!(
            "Error interno. Inténtalo de nuevo; si se repite, danos este número: {}.",
            request_id::current()
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, text)
    }

    /// Says what the file is that was refused for its type.
    #[must_use]
    pub(crate) fn file_type(self, file_type: Option<&'static str>) -> Self {
        Self { file_type, ..self }
    }

    /// Adds `Retry-After`.
    #[must_use]
    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl IntoResponse for ApiError {
    /// The JSON body of [`ErrorBody`]. The error itself is kept as an extension for [`use_predict_key`].
    fn into_response(self) -> Response {
        let body = ErrorBody {
            code: self.code,
            msg: self.text.clone().into_owned(),
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The predict routes.
const PREDICT_PATHS: [&str; 4] = ["/predict", "/api/predict", "/api/predict/number", "/api/predict/batch"];

/// Whether the errors of a path name their text `error`: on the predict routes, as the public API does, and in the Open
/// Inference Protocol.
pub(crate) fn has_predict_key(path: &str) -> bool {
    PREDICT_PATHS.contains(&path) || is_inference(path)
}

/// Renames the text of an error from `msg` to `error`, for paths that [`has_predict_key`].
pub(crate) fn use_predict_key(mut response: Response) -> Response {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        *response.body_mut() = Json(PredictErrorBody::from(error)).into_response().into_body();
        // Of the replaced body.
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

impl From<ApiError> for PredictErrorBody {
    fn from(error: ApiError) -> Self {
        Self {
            code: error.code,
            error: error.text.into_owned(),
            file_type: error.file_type.map(ToOwned::to_owned),
        }
    }
}

impl From<InternalError> for ApiError {
    fn from(error: InternalError) -> Self {
        if let InternalError::Hash(HashError::Overloaded) = error {
            warn!("{error}");
            return Self::overloaded(2);
        }
        if let InternalError::Store(cause) = &error
            && let Some(unavailable) = Self::database_unavailable(cause)
        {
            return unavailable;
        }
        error!("Error interno: {error}");
        Self::internal()
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        InternalError::from(error).into()
    }
}

//! The body of every error response.

use serde::{Deserialize, Serialize};

/// The stable code that programs switch on.
///
/// The page never asks for the health checks and has no API key, so it doesn't read their codes: every name that it knows is
/// part of its first load. It recognises the answer that there are too many keys by its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The form has no file named `file`, or breaks off.
    FileMissing,
    /// The lines of the form's headers end with a line feed alone.
    FormInvalid,
    /// The file has an empty name.
    FileNotSelected,
    /// The extension of the file name is not png, jpg, jpeg or gif.
    FileType,
    /// The request body exceeds the size limit.
    FileTooLarge,
    /// There are more files or images than one request may have.
    BatchTooLarge,
    /// The file is not a readable image.
    ImageUnreadable,
    /// The image exceeds the limit on pixels or memory.
    ImageTooLarge,
    /// The request exceeded the time limit.
    RequestTimeout,
    /// A required field is missing or empty.
    FieldsRequired,
    /// The body is not JSON, or a field has the wrong type.
    RequestInvalid,
    /// The username is in use.
    UsernameTaken,
    /// The email address is in use.
    EmailTaken,
    /// The username violates the rules of [`crate::validation`].
    UsernameInvalid,
    /// Not a valid email address.
    EmailInvalid,
    /// The mail server can't send to the address: it takes only ASCII before the `@`.
    EmailUndeliverable,
    /// The password is too short, too long, or easy to guess.
    PasswordWeak,
    /// Unknown user or wrong password.
    BadCredentials,
    /// The password that confirms a change of one's own account is wrong.
    PasswordWrong,
    /// The account has a second factor, and the request has no code of it.
    CodeRequired,
    /// The code of the second factor is wrong, or was used before.
    CodeWrong,
    /// The account has an active second factor already.
    TotpActive,
    /// The account has no second factor, or none that could be activated.
    TotpMissing,
    /// An admin has disabled the account.
    AccountDisabled,
    /// The email address must be confirmed before further predictions.
    EmailUnconfirmed,
    /// The request has no token and no session cookie.
    TokenMissing,
    /// The token or its session is not valid.
    TokenInvalid,
    /// The token has expired.
    TokenExpired,
    /// Requires the role of an admin.
    AdminOnly,
    /// The change would leave no active admin.
    LastAdmin,
    /// A page of another origin sent the request with a session cookie.
    OriginForbidden,
    /// An API key can't do this: it lacks the scope, or the route is for sessions only.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    KeyForbidden,
    /// The account has as many API keys as it may have.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    TooManyKeys,
    /// The file isn't the weights of a model, or breaks off.
    ModelUnreadable,
    /// The weights are those of a network with other layers.
    ModelShapes,
    /// A weight is no number, infinite, or far larger than those of a trained network.
    ModelNotFinite,
    /// The model misreads the digits of the check, or gives other outputs than its card says.
    ModelFailsCheck,
    /// The card isn't one, or is that of another model.
    CardInvalid,
    /// The live model and the shipped one can't be deleted.
    ModelInUse,
    /// There are as many uploaded models as are kept.
    TooManyModels,
    /// Another evaluation is in progress.
    EvaluationRunning,
    /// A rate limit is exceeded; try again after `Retry-After` seconds.
    RateLimited,
    /// Unknown route or resource.
    NotFound,
    /// The route does not support this method.
    MethodNotAllowed,
    /// A queue is full; try again after `Retry-After` seconds.
    Overloaded,
    /// Not ready: the model is being loaded.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    Starting,
    /// Not ready: the server is shutting down.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    Draining,
    /// Not ready: there is no model.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    ModelMissing,
    /// Not ready: the pages refer to files that do not exist.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    SiteMissing,
    /// Not ready: the database does not respond.
    #[cfg_attr(not(feature = "openapi"), serde(skip_deserializing))]
    DatabaseUnavailable,
    /// The server failed. The cause is in the log, under the request id.
    Internal,
    /// A code unknown to this version of the client.
    #[serde(other)]
    Unknown,
}

/// `{"code": …, "msg": …}`. Also deserializes the errors of predict, which name the text `error`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The code.
    pub code: ErrorCode,
    /// A text for people.
    #[serde(alias = "error")]
    pub msg: String,
}

/// `{"code": …, "error": …}`: the errors of predict and of the Open Inference Protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictErrorBody {
    /// The code.
    pub code: ErrorCode,
    /// A text for people.
    #[serde(alias = "msg")]
    pub error: String,
    /// What the file is, such as `WebP`, if it was refused for its type and the type is known.
    #[serde(rename = "tipo", default, skip_serializing_if = "Option::is_none")]
    pub file_type: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bodies_deserialize() {
        let general = r#"{"code":"not_found","msg":"No existe."}"#;
        let predict = r#"{"code":"file_type","error":"No se permite."}"#;
        assert_eq!(serde_json::from_str::<ErrorBody>(general).unwrap().msg, "No existe.");
        assert_eq!(
            serde_json::from_str::<ErrorBody>(predict).unwrap().code,
            ErrorCode::FileType
        );
    }

    #[test]
    fn a_code_of_a_later_version_is_unknown() {
        let body = r#"{"code":"not_thought_of_yet","msg":""}"#;
        assert_eq!(
            serde_json::from_str::<ErrorBody>(body).unwrap().code,
            ErrorCode::Unknown
        );
    }
}

//! The body of every refusal.

use serde::{Deserialize, Serialize};

/// The stable word that programs switch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The form has no part named `file`.
    FileMissing,
    /// The part named `file` has an empty file name.
    FileNotSelected,
    /// The file name doesn't end in png, jpg, jpeg or gif.
    FileType,
    /// The request is larger than the server takes.
    FileTooLarge,
    /// The file is no picture that can be read.
    ImageUnreadable,
    /// The picture has more pixels, or needs more memory, than the server gives one.
    ImageTooLarge,
    /// The request took longer than the server waits for one.
    RequestTimeout,
    /// A field that is needed is missing or empty.
    FieldsRequired,
    /// The body isn't what the route takes: no JSON, or a field of another type.
    RequestInvalid,
    /// Somebody has this name.
    UsernameTaken,
    /// Somebody has registered this address.
    EmailTaken,
    /// The name breaks [`crate::validation`]'s rules.
    UsernameInvalid,
    /// The address is none that mail can be sent to.
    EmailInvalid,
    /// The password is too short, too long, or among the most common.
    PasswordWeak,
    /// No such user, or not the user's password; which of them isn't told.
    BadCredentials,
    /// An admin has switched the account off.
    AccountDisabled,
    /// The address has to be confirmed before more is read.
    EmailUnconfirmed,
    /// Nobody has signed in.
    TokenMissing,
    /// The token, or the session it names, doesn't hold, or doesn't any more.
    TokenInvalid,
    /// The token was good once.
    TokenExpired,
    /// For admins only.
    AdminOnly,
    /// Without this admin there would be none.
    LastAdmin,
    /// A page of another origin sent the request with this user's cookie.
    OriginForbidden,
    /// Asked too often; try again after `Retry-After` seconds.
    RateLimited,
    /// No such route, or no such thing.
    NotFound,
    /// The route doesn't take this method.
    MethodNotAllowed,
    /// As much waits as the server holds; try again after `Retry-After` seconds.
    Overloaded,
    /// Not ready yet: the model is being loaded.
    Starting,
    /// Not ready any more: the server finishes what it has and ends.
    Draining,
    /// Not ready: there is no model to read with.
    ModelMissing,
    /// Not ready: the pages name files that don't exist.
    SiteMissing,
    /// Not ready: the database doesn't answer.
    DatabaseUnavailable,
    /// The server failed; the request's id finds the cause in its log.
    Internal,
    /// A code this client doesn't know yet.
    #[serde(other)]
    Unknown,
}

/// `{"code": …, "msg": …}`. Reads predict's refusals too, whose text is named `error`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The stable word.
    pub code: ErrorCode,
    /// A text for people.
    #[serde(alias = "error")]
    pub msg: String,
}

/// `{"code": …, "error": …}`: predict's refusals, whose text the seed names so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictErrorBody {
    /// The stable word.
    pub code: ErrorCode,
    /// A text for people.
    pub error: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reader_takes_both_bodies() {
        let general = r#"{"code":"not_found","msg":"No existe."}"#;
        let predict = r#"{"code":"file_type","error":"No se permite."}"#;
        assert_eq!(serde_json::from_str::<ErrorBody>(general).unwrap().msg, "No existe.");
        assert_eq!(
            serde_json::from_str::<ErrorBody>(predict).unwrap().code,
            ErrorCode::FileType
        );
    }

    #[test]
    fn a_code_from_the_future_is_unknown_and_no_error() {
        let body = r#"{"code":"not_thought_of_yet","msg":""}"#;
        assert_eq!(
            serde_json::from_str::<ErrorBody>(body).unwrap().code,
            ErrorCode::Unknown
        );
    }
}

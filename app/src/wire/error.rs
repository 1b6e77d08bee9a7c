//! The body of every refusal.

use serde::{Deserialize, Serialize};

/// The stable word that programs switch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// The picture has more pixels than the server takes.
    ImageTooLarge,
    /// The request is not of the form this route takes.
    RequestInvalid,
    /// No such route.
    NotFound,
    /// The route doesn't take this method.
    MethodNotAllowed,
    /// As many predictions wait as the server holds; try again after `Retry-After` seconds.
    Overloaded,
    /// The server failed; the request's id finds the cause in its log.
    Internal,
    /// A code this client doesn't know yet.
    #[serde(other)]
    Unknown,
}

/// `{"code": …, "msg": …}`; on predict the text is named `error`, as in the seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The stable word.
    pub code: ErrorCode,
    /// A text for people.
    #[serde(alias = "error")]
    pub msg: String,
}

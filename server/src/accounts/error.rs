//! Why a request about an account fails.

use super::HashError;
use crate::{
    domain::{EmailError, PasswordError, UsernameError},
    limits::RateLimitError,
    store::{AddUserError, StoreError, UseTokenError},
    tokens::SignError,
};

/// Why an account isn't created.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    /// A field is missing or empty.
    #[error("a field is missing")]
    FieldMissing,
    /// The name breaks the rules.
    #[error(transparent)]
    UsernameInvalid(#[from] UsernameError),
    /// Not a valid address.
    #[error(transparent)]
    EmailInvalid(#[from] EmailError),
    /// The mail server can't send to the address.
    #[error("the mail server takes only ASCII before the @")]
    EmailUndeliverable,
    /// The password is too short, too long or too common.
    #[error(transparent)]
    PasswordWeak(#[from] PasswordError),
    /// Another account has the name.
    #[error("the name is taken")]
    UsernameTaken,
    /// Another account has the address.
    #[error("the address is taken")]
    EmailTaken,
    /// The server failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// Why a login fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoginError {
    /// Too many wrong passwords for this account from this address.
    #[error("too many attempts")]
    Throttled(RateLimitError),
    /// A field is missing or empty.
    #[error("a field is missing")]
    FieldMissing,
    /// Unknown name or wrong password.
    #[error("bad credentials")]
    BadCredentials,
    /// The password is right, but the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// The server failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// Why the token of an email isn't accepted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailTokenError {
    /// Unknown or already used.
    #[error("the token is invalid")]
    Invalid,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// The new password is weak.
    #[error(transparent)]
    PasswordWeak(#[from] PasswordError),
    /// The server failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// A failure of the server itself. The texts go to the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InternalError {
    /// The database.
    #[error("la base de datos falló: {0}")]
    Store(#[from] StoreError),
    /// The password hasher.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The signature of an access token.
    #[error("no se pudo firmar el token: {0}")]
    Sign(#[from] SignError),
}

impl From<AddUserError> for RegisterError {
    fn from(error: AddUserError) -> Self {
        match error {
            AddUserError::UsernameTaken => Self::UsernameTaken,
            AddUserError::EmailTaken => Self::EmailTaken,
            AddUserError::Store(error) => Self::Internal(error.into()),
        }
    }
}

impl From<UseTokenError> for MailTokenError {
    fn from(error: UseTokenError) -> Self {
        match error {
            UseTokenError::NotFound => Self::Invalid,
            UseTokenError::Expired => Self::Expired,
            UseTokenError::Store(error) => Self::Internal(error.into()),
        }
    }
}

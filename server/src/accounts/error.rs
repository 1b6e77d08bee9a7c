//! Why a request about an account fails.

use super::HashError;
use crate::{
    domain::{EmailError, PasswordError, UsernameError},
    limits::RateLimitError,
    store::{AddKeyError, AddUserError, DeleteUserError, StoreError, UseTokenError},
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

/// Why a password and a code don't prove who asks.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    /// Too many wrong ones for this account from this address.
    #[error("too many attempts")]
    Throttled(RateLimitError),
    /// A field is missing or empty.
    #[error("a field is missing")]
    FieldMissing,
    /// Wrong password, or unknown account.
    #[error("wrong password")]
    PasswordWrong,
    /// The password is right, and the account has a second factor.
    #[error("a code is required")]
    CodeRequired,
    /// Wrong code, or one that was used before.
    #[error("wrong code")]
    CodeWrong,
    /// The server failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// Why a login fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoginError {
    /// It isn't proved who asks.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// Password and code are right, but the account is disabled.
    #[error("the account is disabled")]
    Disabled,
}

/// Why users can't change something of their own account.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OwnAccountError {
    /// It isn't proved who asks.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The new password is too short, too long or too common.
    #[error(transparent)]
    PasswordWeak(#[from] PasswordError),
    /// The new address isn't valid.
    #[error(transparent)]
    EmailInvalid(#[from] EmailError),
    /// The mail server can't send to the new address.
    #[error("the mail server takes only ASCII before the @")]
    EmailUndeliverable,
    /// Another account has the new address.
    #[error("the address is taken")]
    EmailTaken,
    /// Too many emails to the account.
    #[error("too many emails")]
    TooManyEmails(RateLimitError),
    /// No admin who can log in would be left.
    #[error("the last admin")]
    LastAdmin,
    /// The account has an active second factor already.
    #[error("the second factor is active")]
    TotpActive,
    /// The account has no second factor, or none that could be activated.
    #[error("no second factor")]
    TotpMissing,
    /// The name or the lifetime of an API key breaks the rules.
    #[error("the key's name or lifetime is invalid")]
    KeyInvalid,
    /// The account has as many API keys as it may have.
    #[error("too many keys")]
    TooManyKeys,
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
    /// Another account has taken the address that it changes to.
    #[error("the address is taken")]
    EmailTaken,
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
            UseTokenError::EmailTaken => Self::EmailTaken,
            UseTokenError::Store(error) => Self::Internal(error.into()),
        }
    }
}

impl From<InternalError> for OwnAccountError {
    fn from(error: InternalError) -> Self {
        Self::Check(error.into())
    }
}

impl From<StoreError> for OwnAccountError {
    fn from(error: StoreError) -> Self {
        InternalError::from(error).into()
    }
}

impl From<DeleteUserError> for OwnAccountError {
    fn from(error: DeleteUserError) -> Self {
        match error {
            // Deleted since the password was checked: as an unknown account.
            DeleteUserError::NotFound => CheckError::PasswordWrong.into(),
            DeleteUserError::LastAdmin => Self::LastAdmin,
            DeleteUserError::Store(error) => error.into(),
        }
    }
}

impl From<AddKeyError> for OwnAccountError {
    fn from(error: AddKeyError) -> Self {
        match error {
            // Another request has changed the account since the password was checked.
            AddKeyError::Changed => CheckError::PasswordWrong.into(),
            AddKeyError::TooMany => Self::TooManyKeys,
            AddKeyError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for CheckError {
    fn from(error: StoreError) -> Self {
        InternalError::from(error).into()
    }
}

impl From<HashError> for CheckError {
    fn from(error: HashError) -> Self {
        InternalError::from(error).into()
    }
}

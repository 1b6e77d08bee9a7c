//! An account as the rest of the server knows it.

use api::{Locale, Role};
use chrono::{DateTime, Utc};

/// One account, without its password hash. Names and addresses are as stored: they may predate today's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account's number.
    pub id: i64,
    /// The name as it was chosen.
    pub username: String,
    /// The address as it was given, with its domain in ASCII.
    pub email: String,
    /// What the account may do.
    pub role: Role,
    /// Whether the address was confirmed.
    pub email_confirmed: bool,
    /// Whether an admin has disabled the account.
    pub disabled: bool,
    /// The language of the account's mail.
    pub locale: Locale,
    /// The number of predictions made so far.
    pub predictions: u64,
    /// When the account was created.
    pub created_at: DateTime<Utc>,
    /// When the user last logged in.
    pub last_login_at: Option<DateTime<Utc>>,
}

/// Why an email is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailPurpose {
    /// To confirm the address.
    Confirm,
    /// To set a new password.
    Reset,
    /// To confirm the address that the account's is changed to.
    ChangeEmail,
    /// To say that the password was changed.
    PasswordChanged,
    /// To tell the former address that it was changed.
    EmailChanged,
    /// To say that the login asks for a second factor now.
    SecondFactorActivated,
    /// To say that the second factor was removed.
    SecondFactorRemoved,
    /// To say that the account was deleted.
    AccountDeleted,
    /// To say that an API key was made.
    KeyCreated,
}

impl MailPurpose {
    /// The stable name that is stored, and that tokens are derived with.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reset => "reset",
            Self::ChangeEmail => "change_email",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::SecondFactorActivated => "second_factor_activated",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::AccountDeleted => "account_deleted",
            Self::KeyCreated => "key_created",
        }
    }
}

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

/// Why an email with a token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailPurpose {
    /// To confirm the address.
    Confirm,
    /// To set a new password.
    Reset,
}

impl MailPurpose {
    /// The stable name that tokens are derived with.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reset => "reset",
        }
    }
}

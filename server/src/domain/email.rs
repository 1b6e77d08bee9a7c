//! The email address of an account.

use std::{fmt, str::FromStr};

/// An address that the form accepts and that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// Not a valid address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid address")]
pub struct EmailError;

impl Email {
    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(address: &str) -> Result<Self, EmailError> {
        // The form's rule, and the parser of the library that sends the mail.
        if api::validation::is_email(address) && address.parse::<lettre::Address>().is_ok() {
            Ok(Self(address.to_owned()))
        } else {
            Err(EmailError)
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_passes_both_parsers() {
        assert_eq!("Ana@example.com".parse::<Email>().unwrap().as_str(), "Ana@example.com");
        for address in [
            "ana",
            "ana@example.com\r\nBcc: eve@example.com",
            "Ana <ana@example.com>",
        ] {
            assert_eq!(address.parse::<Email>(), Err(EmailError), "{address}");
        }
    }
}

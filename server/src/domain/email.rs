//! The email address of an account.

use std::{borrow::Cow, fmt, str::FromStr};

use api::validation::EMAIL_LENGTH;
use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};

/// An address that the form accepts and that mail can be sent to. Its domain is in ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// Not a valid address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid address")]
pub struct EmailError;

impl Email {
    /// The address as it was given, except for a domain that wasn't in ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether only mail servers with SMTPUTF8 (RFC 6531) can send to it: there is no ASCII form for what precedes the `@`.
    pub fn needs_smtp_utf8(&self) -> bool {
        !self.0.is_ascii()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(address: &str) -> Result<Self, EmailError> {
        let address = with_ascii_domain(address).ok_or(EmailError)?;
        // The form's rule, and the parser of the library that sends the mail.
        let is_valid = api::validation::is_email(&address) && address.parse::<lettre::Address>().is_ok();
        if is_valid && is_complete(&address) {
            Ok(Self(address.into_owned()))
        } else {
            Err(EmailError)
        }
    }
}

/// Whether there can be a server for the domain: no name without a dot is on the internet (RFC 7085).
fn is_complete(address: &str) -> bool {
    let domain = address.rsplit('@').next().unwrap_or_default();
    domain.contains('.') || domain.starts_with('[') || domain.eq_ignore_ascii_case("localhost")
}

/// The address with its domain as mail servers know it: `ana@españa.es` is `ana@xn--espaa-rta.es`. `None` without a
/// domain, and with one that can't exist.
fn with_ascii_domain(address: &str) -> Option<Cow<'_, str>> {
    let (local_part, domain) = address.rsplit_once('@')?;
    if domain.starts_with('[') {
        // An IP address.
        return Some(address.into());
    }
    // No accepted address is as long, in any form; the conversion of others would take time.
    if domain.len() > 4 * EMAIL_LENGTH {
        return None;
    }
    let ascii = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    let ascii = ascii.ok()?;
    Some(if domain.is_ascii() {
        address.into()
    } else {
        format!("{local_part}@{ascii}").into()
    })
}

/// The form in which the name or the address of an account is unique: in lower case, and a domain in ASCII.
pub fn account_key(name_or_address: &str) -> String {
    let ascii = with_ascii_domain(name_or_address);
    ascii.as_deref().unwrap_or(name_or_address).to_lowercase()
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

    #[test]
    fn a_domain_is_kept_in_ascii() {
        for address in [
            "ana@españa.es",
            "ana@ESPAÑA.es",
            "ana@espan\u{303}a.es",
            "ana@españa。es",
            "ana@xn--espaa-rta.es",
        ] {
            assert_eq!(address.parse::<Email>().unwrap().as_str(), "ana@xn--espaa-rta.es");
            assert_eq!(account_key(address), "ana@xn--espaa-rta.es");
        }
        assert_eq!(account_key("ANA@XN--ESPAA-RTA.ES"), "ana@xn--espaa-rta.es");
        assert_eq!(account_key("Ñandú"), "ñandú");
    }

    #[test]
    fn an_address_without_a_possible_domain_is_refused() {
        for address in [
            "ana@gmail",
            "ana@españa",
            "ana@-a.es",
            "ana@a_b.es",
            "ana@xn--a.es",
            "ana@a\u{fffd}.es",
            &format!("ana@{}.es", "ñ".repeat(60)),
            &format!("ana@{}", "ñ.".repeat(8 << 20)),
        ] {
            assert_eq!(address.parse::<Email>(), Err(EmailError), "{address:.40}");
        }
        for address in ["ana@localhost", "ana@[127.0.0.1]", "ana@a--b.es"] {
            assert_eq!(address.parse::<Email>().unwrap().as_str(), address);
        }
    }

    #[test]
    fn only_the_part_before_the_at_sign_needs_smtp_utf8() {
        assert!("ñandú@example.com".parse::<Email>().unwrap().needs_smtp_utf8());
        assert!(!"ana@españa.es".parse::<Email>().unwrap().needs_smtp_utf8());
    }
}

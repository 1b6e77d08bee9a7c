//! The rules for usernames, email addresses, passwords and the names of API keys, shared by the forms and the server.

use email_address::{EmailAddress, Options};

/// Length of a username in characters.
pub const USERNAME_LENGTH: std::ops::RangeInclusive<usize> = 3..=32;

/// Length of a password in characters: the minimum of NIST SP 800-63B, and a bound on the hashing cost.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// Maximum length of an email address in bytes (RFC 5321, section 4.5.3.1.3, without the angle brackets).
pub const EMAIL_LENGTH: usize = 254;

/// Length of the name of an API key in characters.
pub const KEY_NAME_LENGTH: std::ops::RangeInclusive<usize> = 1..=64;

/// Days after which an API key may expire.
pub const KEY_DAYS: std::ops::RangeInclusive<u32> = 1..=3650;

/// 3 to 32 letters of the Latin script, digits, `_`, `.` and `-`.
///
/// Combining characters are not allowed, so that every name has one spelling.
pub fn is_username(name: &str) -> bool {
    let is_latin = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '\u{c0}'..='\u{24f}');
    let is_letter = |letter: char| is_latin(letter) && letter.is_alphanumeric();
    USERNAME_LENGTH.contains(&name.chars().count())
        && name
            .chars()
            .all(|letter| is_letter(letter) || matches!(letter, '_' | '.' | '-'))
}

/// Whether lettre can parse `address` as a mailbox without a display name.
pub fn is_email(address: &str) -> bool {
    let options = Options::default().without_display_text();
    address.len() <= EMAIL_LENGTH
        && address.trim() == address
        && !address.chars().any(char::is_control)
        && EmailAddress::parse_with_options(address, options).is_ok()
}

/// Whether the length is valid. Only the server checks against the list of common passwords.
pub fn is_password_length(password: &str) -> bool {
    PASSWORD_LENGTH.contains(&password.chars().count())
}

/// Whether `name` can be that of an API key: 1 to 64 characters, none of them a control character.
pub fn is_key_name(name: &str) -> bool {
    KEY_NAME_LENGTH.contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["ana", "Ana_1", "a.b-c", "ñandú", "x".repeat(32).as_str()] {
            assert!(is_username(name), "{name}");
        }
        let long = "x".repeat(33);
        let forbidden = [
            "",
            "an",
            "ana ",
            "ana<b>",
            "a\nb",
            "ana@b",
            "n\u{303}andu",
            "аnna",
            "a×b",
            &long,
        ];
        for name in forbidden {
            assert!(!is_username(name), "{name}");
        }
    }

    #[test]
    fn addresses() {
        for address in [
            "ana@example.com",
            "a+b@example.co",
            "ñ@example.com",
            "\"a b\"@example.com",
        ] {
            assert!(is_email(address), "{address}");
        }
        let long = format!("{}@example.com", "x".repeat(250));
        let forbidden = [
            "",
            "ana",
            "@example.com",
            "ana@",
            "ana@example.com\r\nBcc: eve@example.com",
            "Ana <ana@example.com>",
            " ana@example.com",
            "ana@exa mple.com",
            "a@b@c.com",
            &long,
        ];
        for address in forbidden {
            assert!(!is_email(address), "{address}");
        }
    }

    #[test]
    fn passwords() {
        assert!(is_password_length("contraseña"));
        assert!(is_password_length(&"ñ".repeat(128)));
        assert!(!is_password_length("siete77"));
        assert!(!is_password_length(&"x".repeat(129)));
    }
}

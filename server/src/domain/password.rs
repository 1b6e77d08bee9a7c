//! New passwords, and which ones are accepted.

use std::{collections::HashSet, fmt, str::FromStr, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// The 3,000 most common passwords of an accepted length; the file's head names the source.
const COMMON: &str = include_str!("common_passwords.txt");

static COMMON_PASSWORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COMMON.lines().filter(|line| !line.starts_with('#')).collect());

/// How many characters of a password are read. NFKC composes at most four into one, so a longer one is too long anyway.
const MAX_TYPED: usize = 4 * (*api::validation::PASSWORD_LENGTH.end() + 1);

/// A new password in [`normalized`] form that is neither too short, nor too long, nor common. Its text is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// The password is too short, too long or too common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password is weak")]
pub struct PasswordError;

impl Password {
    /// The password itself, to be hashed.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Password {
    type Err = PasswordError;

    fn from_str(password: &str) -> Result<Self, PasswordError> {
        let password = normalized(password);
        if is_strong(&password) {
            Ok(Self(password))
        } else {
            Err(PasswordError)
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// The password in Unicode's form NFKC (NIST SP 800-63B-4, section 3.1.1.2): keyboards and systems write `ñ` as one character
/// or as two.
pub fn normalized(password: &str) -> String {
    password.chars().take(MAX_TYPED).nfkc().collect()
}

/// Whether the length is accepted and the password isn't among the 3,000 most common, ignoring case.
fn is_strong(password: &str) -> bool {
    api::validation::is_password_length(password) && !COMMON_PASSWORDS.contains(password.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_what_it_says() {
        assert_eq!(COMMON_PASSWORDS.len(), 3000);
        assert!(COMMON_PASSWORDS.iter().all(|password| password.chars().count() >= 8));
    }

    #[test]
    fn a_password_is_never_printed() {
        let password: Password = "una frase larga".parse().unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert_eq!(password.expose(), "una frase larga");
        assert_eq!("password".parse::<Password>(), Err(PasswordError));
    }

    #[test]
    fn common_passwords_are_weak_in_any_case() {
        for password in [
            "password",
            "PassWord1",
            "12345678",
            "qwertyuiop",
            "short",
            &"x".repeat(129),
        ] {
            assert!(!is_strong(password), "{password}");
        }
        assert!(is_strong("testpassword") && is_strong("una frase que nadie usa"));
    }

    #[test]
    fn a_password_is_the_same_in_every_unicode_form() {
        let composed: Password = "contraseña".parse().unwrap();
        assert_eq!("contrasen\u{303}a".parse::<Password>(), Ok(composed));
        // Counted and compared as it is hashed.
        assert_eq!("n\u{303}".repeat(7).parse::<Password>(), Err(PasswordError));
        assert!("n\u{303}".repeat(128).parse::<Password>().is_ok());
        assert_eq!("ｐａｓｓｗｏｒｄ".parse::<Password>(), Err(PasswordError));
    }
}

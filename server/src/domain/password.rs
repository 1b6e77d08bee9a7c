//! New passwords, and which ones are accepted.

use std::{collections::HashSet, fmt, str::FromStr, sync::LazyLock};

/// The 3,000 most common passwords of an accepted length; the file's head names the source.
const COMMON: &str = include_str!("common_passwords.txt");

static COMMON_PASSWORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COMMON.lines().filter(|line| !line.starts_with('#')).collect());

/// A new password that is neither too short, nor too long, nor common. Its text is never printed.
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
        if is_strong(password) {
            Ok(Self(password.to_owned()))
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

/// Whether the length is accepted and the password isn't among the 3,000 most common, ignoring case.
pub fn is_strong(password: &str) -> bool {
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
}

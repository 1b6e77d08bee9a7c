//! New passwords, and which ones are accepted.

use std::{collections::HashSet, fmt, str::FromStr, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// The 3,000 most common passwords of an accepted length; the file's head names the source.
const COMMON: &str = include_str!("common_passwords.txt");

static COMMON_PASSWORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COMMON.lines().filter(|line| !line.starts_with('#')).collect());

/// Words of the service, longer ones before those they contain. They are what guesses at its passwords are made of.
const SERVICE_WORDS: [&str; 17] = [
    "administrador",
    "administrator",
    "admin",
    "clasificador",
    "classifier",
    "dígitos",
    "digitos",
    "dígito",
    "digito",
    "digits",
    "digit",
    "mnist",
    "predicción",
    "prediccion",
    "prediction",
    "predict",
    "trazo",
];

/// How many characters of a password are read. NFKC composes at most four into one, so a longer one is too long anyway.
const MAX_TYPED: usize = 4 * (*api::validation::PASSWORD_LENGTH.end() + 1);

/// A new password in [`normalized`] form that is neither too short, nor too long, nor easy to guess. Its text is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// The password is too short, too long or easy to guess.
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
        // A character that NFKC makes several of counts once.
        let is_short = password.chars().count() < *api::validation::PASSWORD_LENGTH.start();
        let password = normalized(password);
        if !is_short && is_strong(&password) {
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

/// Whether the length is accepted, and the password is neither among the 3,000 most common nor made of words of the
/// service, ignoring case.
fn is_strong(password: &str) -> bool {
    let lower = password.to_lowercase();
    api::validation::is_password_length(password)
        && !COMMON_PASSWORDS.contains(lower.as_str())
        && !is_made_of_service_words(&lower)
}

/// Whether all letters belong to words of the service, as in `trazo-2026` and `admin.trazo`.
fn is_made_of_service_words(lower: &str) -> bool {
    let rest = SERVICE_WORDS
        .iter()
        .fold(lower.to_owned(), |rest, word| rest.replace(word, ""));
    rest.len() < lower.len() && !rest.chars().any(char::is_alphabetic)
}

/// The password in Unicode's form NFKC (NIST SP 800-63B-4, section 3.1.1.2): keyboards and systems write `ñ` as one character
/// or as two.
pub fn normalized(password: &str) -> String {
    password.chars().take(MAX_TYPED).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_counts_once_whatever_it_is_made_of() {
        for accepted in ["cuarto ¼", "ñandúes!", "n\u{303}andu\u{301}es!"] {
            assert!(accepted.parse::<Password>().is_ok(), "{accepted}");
        }
        for short in ["sexto ½", "\u{fdfa}", "n\u{303}andu\u{301}es"] {
            assert!(short.parse::<Password>().is_err(), "{short}");
        }
    }

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
    fn words_of_the_service_alone_are_weak() {
        for password in [
            "Trazo-2026",
            "trazotrazo",
            "admin.trazo!",
            "DÍGITOS99",
            "1administrador1",
        ] {
            assert!(!is_strong(password), "{password}");
        }
        for password in ["adminpassword", "trazo de tinta", "1984-06-30!", "un dígito más"] {
            assert!(is_strong(password), "{password}");
        }
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

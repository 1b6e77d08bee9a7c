//! Which passwords are taken.

use std::{collections::HashSet, sync::LazyLock};

/// The 3,000 most common passwords that are long enough to be taken otherwise (see the file's head).
const COMMON: &str = include_str!("common_passwords.txt");

static COMMON_PASSWORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COMMON.lines().filter(|line| !line.starts_with('#')).collect());

/// Long enough, not too long, and not among the 3,000 most common; in any case of letters.
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

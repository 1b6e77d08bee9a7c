//! Values that must not be logged by any code: at level trace a library may log the database password.

use std::{
    borrow::Cow,
    sync::{PoisonError, RwLock},
};

use percent_encoding::percent_decode_str;

/// Shorter secrets would match ordinary words.
const MIN_SECRET_CHARS: usize = 4;

static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Replaces `secret` by `***` in all following lines. To be called as soon as a secret is known.
pub fn redact(secret: &str) {
    if secret.chars().count() < MIN_SECRET_CHARS {
        return;
    }
    let quoted = format!("{secret:?}");
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    // As it is and as `Debug` writes it.
    for form in [secret, quoted.trim_matches('"')] {
        if !secrets.iter().any(|known| known == form) {
            secrets.push(form.to_owned());
        }
    }
    // Longest first, so that a secret that contains another is replaced as a whole.
    secrets.sort_by_key(|form| std::cmp::Reverse(form.len()));
}

/// Redacts the password of a URL such as `postgres://user:password@host/name`, as written and percent-decoded. The URL is
/// split by hand, because the password of a malformed one, which a URL parser rejects, must be replaced as well.
pub fn redact_url_password(url: &str) {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.rsplit_once('@').map_or("", |(credentials, _)| credentials);
    if let Some((_, password)) = authority.split_once(':') {
        redact(password);
        // Without valid UTF-8 there is no decoded form that could be logged.
        if let Ok(decoded) = percent_decode_str(password).decode_utf8() {
            redact(&decoded);
        }
    }
}

/// `text` with every secret replaced.
pub(super) fn replace_secrets(text: &str) -> Cow<'_, str> {
    let mut replaced = Cow::Borrowed(text);
    for secret in SECRETS.read().unwrap_or_else(PoisonError::into_inner).iter() {
        if replaced.contains(secret.as_str()) {
            replaced = Cow::Owned(replaced.replace(secret.as_str(), "***"));
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_redacted_as_it_is_and_as_debug_writes_it() {
        redact("hush\"hush");
        assert_eq!(replace_secrets("it is hush\"hush, yes"), "it is ***, yes");
        assert_eq!(replace_secrets(&format!("{:?}", "hush\"hush")), "\"***\"");
    }

    #[test]
    fn the_password_of_a_url_is_redacted_encoded_and_decoded() {
        redact_url_password("postgres://trazo:s3cr%40t%2Fx@db.example/trazo");
        let line = replace_secrets("postgres://trazo:s3cr%40t%2Fx@db.example/trazo s3cr@t/x").into_owned();
        assert_eq!(line, "postgres://trazo:***@db.example/trazo ***");
        redact_url_password("sqlite://data/trazo.db");
        assert_eq!(replace_secrets("sqlite://data/trazo.db"), "sqlite://data/trazo.db");
    }

    #[test]
    fn empty_and_very_short_secrets_are_ignored() {
        redact("");
        redact("abc");
        assert_eq!(replace_secrets("abcdef"), "abcdef");
    }
}

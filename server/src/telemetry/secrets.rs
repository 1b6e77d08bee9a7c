//! Values that must never be in the log, whoever logs them: a library's TRACE span may carry the database's password.

use std::{
    borrow::Cow,
    sync::{PoisonError, RwLock},
};

/// Shorter ones would take ordinary words out of every line.
const SHORTEST: usize = 4;

static HIDDEN: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// From now on `***` stands in the log wherever `secret` would. To be called as soon as a secret is known: a setting,
/// or one made at the first start.
pub fn hide(secret: &str) {
    if secret.chars().count() < SHORTEST {
        return;
    }
    let quoted = format!("{secret:?}");
    let mut hidden = HIDDEN.write().unwrap_or_else(PoisonError::into_inner);
    // As it is, and as it stands in a Debug text.
    for form in [secret, quoted.trim_matches('"')] {
        if !hidden.iter().any(|known| known == form) {
            hidden.push(form.to_owned());
        }
    }
    // Longest first: one that contains another goes as a whole.
    hidden.sort_by_key(|form| std::cmp::Reverse(form.len()));
}

/// As [`hide`], for the password in a URL such as `postgres://user:password@host/name`, as written there and decoded.
pub fn hide_password_of(url: &str) {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.rsplit_once('@').map_or("", |(credentials, _)| credentials);
    if let Some((_, password)) = authority.split_once(':') {
        hide(password);
        hide(&decoded(password));
    }
}

/// `text` without any of them.
pub(super) fn redact(text: &str) -> Cow<'_, str> {
    let mut redacted = Cow::Borrowed(text);
    for secret in HIDDEN.read().unwrap_or_else(PoisonError::into_inner).iter() {
        if redacted.contains(secret.as_str()) {
            redacted = Cow::Owned(redacted.replace(secret.as_str(), "***"));
        }
    }
    redacted
}

/// Percent-decoded; what is no UTF-8 then stays as it was.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let coded = (*first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        if let Some(byte) = coded {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_as_it_is_and_as_debug_writes_it() {
        hide("hush\"hush");
        assert_eq!(redact("it is hush\"hush, yes"), "it is ***, yes");
        assert_eq!(redact(&format!("{:?}", "hush\"hush")), "\"***\"");
    }

    #[test]
    fn the_password_of_a_url_is_hidden_coded_and_decoded() {
        hide_password_of("postgres://trazo:s3cr%40t%2Fx@db.example/trazo");
        let line = redact("postgres://trazo:s3cr%40t%2Fx@db.example/trazo s3cr@t/x").into_owned();
        assert_eq!(line, "postgres://trazo:***@db.example/trazo ***");
        hide_password_of("sqlite://data/trazo.db");
        assert_eq!(redact("sqlite://data/trazo.db"), "sqlite://data/trazo.db");
    }

    #[test]
    fn the_empty_and_the_very_short_are_not_looked_for() {
        hide("");
        hide("abc");
        assert_eq!(redact("abcdef"), "abcdef");
    }
}

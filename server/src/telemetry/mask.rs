//! Masks email addresses, `j***@example.com`, and API keys, `trazo_1f0c93ab***`.

use std::borrow::Cow;

use crate::domain::api_key::{HINT_DIGITS, PREFIX};

/// Whole keys and parts of them, wherever they come from. The first digits stay, which tell keys apart.
pub(super) fn mask_keys(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(PREFIX) {
        let start = at + PREFIX.len();
        let digits = text[start..].bytes().take_while(u8::is_ascii_hexdigit).count();
        if digits > HINT_DIGITS {
            masked.push_str(&text[done..start + HINT_DIGITS]);
            masked.push_str("***");
            done = start + digits;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[done..]);
    Cow::Owned(masked)
}

pub(super) fn mask_emails(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('@') {
        let Some(start) = local_part(&text[done..at]).map(|start| done + start) else {
            continue;
        };
        if !text[at + 1..].starts_with(|next: char| next.is_alphanumeric() || next == '[') {
            continue;
        }
        masked.push_str(&text[done..start]);
        masked.extend(text[start..at].chars().next().filter(|&first| first != '"'));
        masked.push_str("***");
        done = at;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[done..]);
    Cow::Owned(masked)
}

/// The start of the local part that ends at the end of `text`.
fn local_part(text: &str) -> Option<usize> {
    if let Some(quoted) = text.strip_suffix('"') {
        return Some(quoted.rfind('"').unwrap_or_default());
    }
    let is_local = |character: char| character.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(character);
    let local = text.trim_end_matches(is_local);
    let start = text.len()
        - text[local.len()..]
            .trim_start_matches(|first: char| !first.is_alphanumeric())
            .len();
    (start < text.len()).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked_in_any_context() {
        for (text, masked) in [
            (
                "Email 'ana@example.com' ya registrado.",
                "Email 'a***@example.com' ya registrado.",
            ),
            ("a@x.org,b.c+d@y.org;é@ñ.es", "a***@x.org,b***@y.org;é***@ñ.es"),
            ("<o'brien@example.com>", "<o***@example.com>"),
            ("\"ana maria\"@example.com", "***@example.com"),
            ("ana@[127.0.0.1]", "a***@[127.0.0.1]"),
            ("ana@example.com@example.org", "a***@e***@example.org"),
            ("postgres://trazo:hush@db/trazo", "postgres://trazo:h***@db/trazo"),
        ] {
            assert_eq!(mask_emails(text), masked);
        }
    }

    #[test]
    fn keys_are_masked_but_for_their_first_digits() {
        let key = format!("trazo_{}", "0123456789abcdef".repeat(4));
        for (text, masked) in [
            (format!("el username '{key}'."), "el username 'trazo_01234567***'."),
            (format!("{key},{key}ñ"), "trazo_01234567***,trazo_01234567***ñ"),
            (key[..20].to_owned(), "trazo_01234567***"),
            (format!("trazo_{key}"), "trazo_trazo_01234567***"),
            (
                "trazo_01234567 trazo_session=x trazo_".to_owned(),
                "trazo_01234567 trazo_session=x trazo_",
            ),
        ] {
            assert_eq!(mask_keys(&text), masked);
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in ["", "@", "a @ b", "@ana", "ana@", "correo: ana@ ejemplo", "1 < 2"] {
            assert_eq!(mask_emails(text), text);
        }
    }
}

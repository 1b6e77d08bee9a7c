//! The words that the user search finds an account by.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Search terms used at most; the longest five narrow a search enough.
const MAX_SEARCH_TERMS: usize = 5;

/// The words of `text` in lower case and without accents and other marks: its runs of letters and digits. (The words that
/// are stored change with this function: a migration has to replace them.)
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let plain: String = lower.nfd().filter(|letter| !is_combining_mark(*letter)).collect();
    let words: Vec<_> = plain
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    words.into_iter()
}

/// The distinct words of a name and an address, with those of its domain in Unicode: an admin types `españa.es` or
/// `xn--espaa-rta.es`.
pub fn of_user(username: &str, email: &str) -> Vec<String> {
    let domain = email.rsplit('@').next().unwrap_or_default();
    let (unicode, _) = idna::domain_to_unicode(domain);
    let found = words(username).chain(words(email)).chain(words(&unicode));
    let mut found: Vec<_> = found.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The word prefixes that `search` asks for, the longest first, because it matches the fewest users.
pub fn search_terms(search: &str) -> Vec<String> {
    let mut terms: Vec<_> = words(search).collect();
    terms.sort_unstable_by_key(|word| std::cmp::Reverse(word.chars().count()));
    terms.truncate(MAX_SEARCH_TERMS);
    terms
}

/// The smallest string greater than every string with this prefix, in code point order; `None` if there is none.
pub fn prefix_upper_bound(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        // Skips the surrogates, which aren't characters.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_address_are_split_into_words() {
        assert_eq!(
            of_user("Ana.López_7", "ana@correo.example.com"),
            ["7", "ana", "com", "correo", "example", "lopez"]
        );
    }

    #[test]
    fn accents_and_other_marks_make_no_difference() {
        for text in ["MUÑOZ Güel", "mun\u{303}oz gu\u{308}el", "munoz guel"] {
            assert_eq!(search_terms(text), ["munoz", "guel"], "{text}");
        }
    }

    #[test]
    fn a_domain_is_found_in_both_forms() {
        assert_eq!(
            of_user("ana", "ana@xn--espaa-rta.es"),
            ["ana", "es", "espaa", "espana", "rta", "xn"]
        );
    }

    #[test]
    fn the_longest_word_is_looked_up_first() {
        assert_eq!(search_terms("a LOPEZ, com"), ["lopez", "com", "a"]);
        assert!(search_terms(" ._- ").is_empty());
    }

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        assert_eq!(prefix_upper_bound("ab").as_deref(), Some("ac"));
        assert_eq!(prefix_upper_bound("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(prefix_upper_bound("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(prefix_upper_bound("\u{10ffff}"), None);
    }
}

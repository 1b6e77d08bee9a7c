//! The words a user is found by.

/// Words looked for at most: more only narrows what is narrow already.
const MOST: usize = 5;

/// The words of `text` in lower case: what stands between anything that is no letter and no digit.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let words: Vec<_> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    words.into_iter()
}

/// What a user is found by: the words of name and address, each once.
pub fn of_user(username: &str, email: &str) -> Vec<String> {
    let mut found: Vec<_> = words(username).chain(words(email)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The beginnings of words that `search` asks for, the longest (which fits the fewest users) first.
pub fn wanted(search: &str) -> Vec<String> {
    let mut wanted: Vec<_> = words(search).collect();
    wanted.sort_unstable_by_key(|word| std::cmp::Reverse(word.chars().count()));
    wanted.truncate(MOST);
    wanted
}

/// The first text after all that begin with `prefix`, in the order of code points; `None` when there is none.
pub fn after(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        // Past the surrogates, which no text holds.
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
    fn name_and_address_fall_into_words() {
        assert_eq!(
            of_user("Ana.López_7", "ana@correo.example.com"),
            ["7", "ana", "com", "correo", "example", "lópez"]
        );
    }

    #[test]
    fn the_longest_word_is_looked_up_first() {
        assert_eq!(wanted("a LOPEZ, com"), ["lopez", "com", "a"]);
        assert!(wanted(" ._- ").is_empty());
    }

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        assert_eq!(after("ab").as_deref(), Some("ac"));
        assert_eq!(after("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(after("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after("\u{10ffff}"), None);
    }
}

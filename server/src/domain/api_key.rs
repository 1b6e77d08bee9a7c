//! What an API key looks like: a prefix by which people and secret scanners recognise it, and 256 random bits in hexadecimal.

/// What every key begins with.
pub const PREFIX: &str = "trazo_";

/// Hexadecimal digits of a key.
pub const DIGITS: usize = 64;

/// How many of them are stored, listed and logged, so that keys can be told apart. They leave 224 unknown bits.
pub const HINT_DIGITS: usize = 8;

/// The start of a key that gives no access. `None` of what isn't a key.
pub fn hint(key: &str) -> Option<&str> {
    let digits = key.strip_prefix(PREFIX)?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_key = digits.len() == DIGITS && digits.bytes().all(is_digit);
    key.get(..PREFIX.len() + HINT_DIGITS).filter(|_| is_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_key_has_a_hint() {
        let key = format!("trazo_{}", "0123456789abcdef".repeat(4));
        assert_eq!(hint(&key), Some("trazo_01234567"));
        let others = [
            "",
            "trazo_",
            "trazo_01234567",
            &key[..key.len() - 1],
            &format!("{key}0"),
            &key.to_uppercase(),
            &key.replace('f', "g"),
            &key.replace('f', "ñ"),
            &key.replace("trazo", "other"),
        ];
        for other in others {
            assert_eq!(hint(other), None, "{other}");
        }
    }
}

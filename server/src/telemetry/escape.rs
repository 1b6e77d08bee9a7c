//! Escapes control characters, so that no input can start a new line or control a terminal.

/// `text` with every control character escaped, as Rust writes it in a literal: `\n`, `\u{1b}`.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_control) {
        let (plain, tail) = rest.split_at(at);
        escaped.push_str(plain);
        let mut characters = tail.chars();
        escaped.extend(characters.next().into_iter().flat_map(char::escape_default));
        rest = characters.as_str();
    }
    escaped.push_str(rest);
    escaped
}

/// Control characters, the two line separators of Unicode, and the characters that change the text direction.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(escape("a\r\nb\tc\u{1b}[31md"), r"a\r\nb\tc\u{1b}[31md");
        assert_eq!(escape("a\u{0}b\u{7f}c\u{85}d"), r"a\u{0}b\u{7f}c\u{85}d");
        assert_eq!(escape("a\u{2028}b\u{202e}gnp.c"), r"a\u{2028}b\u{202e}gnp.c");
    }

    #[test]
    fn other_characters_are_unchanged() {
        let text = "Predicción fallida: 'dígito ñ 数字 🙂 \\ \"'.";
        assert_eq!(escape(text), text);
    }
}

//! Label matchers of PromQL, whatever the values contain.

/// `name="value"`.
pub(super) fn equals(name: &str, value: &str) -> String {
    format!("{name}=\"{}\"", quoted(value))
}

/// `name=~"one|other"`.
pub(super) fn any_of<'a>(name: &str, values: impl Iterator<Item = &'a String>) -> String {
    let escaped: Vec<_> = values.map(|value| literal(value)).collect();
    format!("{name}=~\"{}\"", quoted(&escaped.join("|")))
}

/// The regular expression for exactly this text.
fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A text between double quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leaves_its_quotes() {
        assert_eq!(equals("instance", "web-1:3000"), r#"instance="web-1:3000""#);
        assert_eq!(
            equals("instance", "\"} or up{a=\"\\\n"),
            r#"instance="\"} or up{a=\"\\\n""#
        );
        let jobs = ["trazo".to_owned(), "a.b|c\"".to_owned()];
        assert_eq!(any_of("job", jobs.iter()), r#"job=~"trazo|a\\.b\\|c\"""#);
    }
}

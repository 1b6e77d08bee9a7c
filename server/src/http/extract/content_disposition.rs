//! What a part of a form is named, and its file, as the libraries of programs write it. The rules are those of werkzeug,
//! the parser of the earlier service; it doesn't decode RFC 2047.

use axum::http::{HeaderMap, header::CONTENT_DISPOSITION};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;

/// The parameters `name` and `filename` of a part.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentDisposition {
    /// The name of the field.
    pub(crate) name: Option<String>,
    /// The name of the file; `None` for a text field.
    pub(crate) file_name: Option<String>,
}

impl ContentDisposition {
    /// What the headers of a part say.
    pub(crate) fn of(part: &HeaderMap) -> Self {
        let header = part.get(CONTENT_DISPOSITION);
        header.map_or_else(Self::default, |header| Self::parse(&text(header.as_bytes())))
    }

    fn parse(header: &str) -> Self {
        let mut found = Self::default();
        let mut rest = after_semicolon(header);
        while !rest.is_empty() {
            let end = rest.find(['=', ';']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            rest = after;
            if let Some(after) = after.strip_prefix('=') {
                let (value, after) = split_value(after.trim_start());
                if let Some(value) = value {
                    found.set(&key.trim().to_ascii_lowercase(), &value);
                }
                rest = after;
            }
            rest = after_semicolon(rest);
        }
        found
    }

    /// Sets a parameter; the last of several counts. A key that ends with `*` has an encoded value (RFC 5987), and a long
    /// value may come in numbered pieces, `filename*0`, `filename*1` and so on (RFC 2231).
    fn set(&mut self, key: &str, value: &str) {
        let (key, value) = match key.strip_suffix('*') {
            Some(key) => (key, decoded_value(value)),
            None => (key, decoded_words(value)),
        };
        let (key, continues) = match key.split_once('*') {
            Some((key, piece)) => (key, piece != "0"),
            None => (key, false),
        };
        let parameter = match key {
            "name" => &mut self.name,
            "filename" => &mut self.file_name,
            _ => return,
        };
        match parameter {
            Some(start) if continues => start.push_str(&value),
            _ => *parameter = Some(value),
        }
    }
}

fn after_semicolon(text: &str) -> &str {
    text.split_once(';').map_or("", |(_, rest)| rest)
}

/// The value at the start, and what follows it; no value if it has an opening quote only.
fn split_value(text: &str) -> (Option<String>, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_at(text.find(';').unwrap_or(text.len()));
        return (Some(value.trim_end().to_owned()), rest);
    };
    let mut is_escaped = false;
    let end = quoted.find(|letter| {
        let closes = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        closes
    });
    let Some(end) = end else { return (None, quoted) };
    // Browsers escape a quote as `%22`. Other backslashes are those of a path of Windows.
    let value = quoted[..end]
        .replace("\\\\", "\\")
        .replace("\\\"", "\"")
        .replace("%22", "\"");
    (Some(value), &quoted[end + 1..])
}

/// A value such as `UTF-8''d%C3%ADgito.png`.
fn decoded_value(value: &str) -> String {
    let encoded = value.splitn(3, '\'').nth(2).unwrap_or(value);
    text(&percent_decode_str(encoded).collect::<Vec<_>>())
}

/// A value with its RFC 2047 words, such as `=?UTF-8?Q?d=C3=ADgito?=`, decoded. The space between two words isn't part
/// of the text.
fn decoded_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    while let Some((before, word, after)) = next_word(rest) {
        if rest.len() == value.len() || !before.trim().is_empty() {
            decoded.push_str(before);
        }
        decoded.push_str(&word);
        rest = after;
    }
    decoded + rest
}

/// The first RFC 2047 word, decoded, with what is before and after it.
fn next_word(value: &str) -> Option<(&str, String, &str)> {
    let (before, rest) = value.split_once("=?")?;
    let (_charset, rest) = rest.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (word, after) = rest.split_once("?=")?;
    let bytes = match encoding {
        "B" | "b" => BASE64_STANDARD.decode(word).ok()?,
        // Percent encoding with another sign, and `_` for a space.
        "Q" | "q" => {
            let word = word.replace('%', "=25").replace('=', "%").replace('_', " ");
            percent_decode_str(&word).collect()
        }
        _ => return None,
    };
    Some((before, text(&bytes), after))
}

/// UTF-8, or else Latin-1: what the two kinds of clients send. The declared encoding isn't needed: the name is only
/// logged, and its extension is ASCII.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_name(parameters: &str) -> Option<String> {
        ContentDisposition::parse(&format!("form-data; {parameters}")).file_name
    }

    #[test]
    fn every_way_to_write_a_name() {
        for parameters in [
            "filename=dígito.png",
            r#"filename="dígito.png""#,
            r#"FileName = "dígito.png" ; a=b"#,
            "filename*=utf-8''d%C3%ADgito.png",
            "filename*=UTF-8'es'd%c3%adgito.png",
            "filename*=iso-8859-1''d%EDgito.png",
            r#"filename*="UTF-8''d%C3%ADgito.png""#,
            r#"filename="x"; filename*=UTF-8''d%C3%ADgito.png"#,
            r#"filename*=UTF-8''x; filename="dígito.png""#,
            "filename*0*=UTF-8''d%C3%ADgi; filename*1=to.png",
            r#"filename="=?UTF-8?Q?d=C3=ADgito.png?=""#,
            r#"filename="=?utf-8?B?ZMOtZ2l0by5wbmc=?=""#,
            r#"filename="d=?UTF-8?q?=C3=AD?= =?UTF-8?B?Z2l0bw==?=.png""#,
            "a; filename=dígito.png",
        ] {
            assert_eq!(file_name(parameters).as_deref(), Some("dígito.png"), "{parameters}");
        }
    }

    #[test]
    fn quotes_semicolons_and_backslashes() {
        for (parameters, name) in [
            (r#"filename="a;b.png""#, "a;b.png"),
            (r#"filename="a\"b.png""#, "a\"b.png"),
            (r#"filename="a%22b.png""#, "a\"b.png"),
            (r#"filename="a\\b.png""#, r"a\b.png"),
            (r#"filename="C:\fotos\b.png""#, r"C:\fotos\b.png"),
            (r#"filename="100%.png""#, "100%.png"),
            (r#"filename="=?x.png""#, "=?x.png"),
            (r#"filename="""#, ""),
            ("filename=", ""),
        ] {
            assert_eq!(file_name(parameters).as_deref(), Some(name), "{parameters}");
        }
        for parameters in ["", "=", ";;", "name=file", "filename", r#"filename="a.png"#] {
            assert_eq!(file_name(parameters), None, "{parameters}");
        }
    }

    #[test]
    fn the_name_of_the_field_may_follow() {
        let found = ContentDisposition::parse(r#"form-data; filename="mi name=x.png"; Name=file"#);
        assert_eq!(found.name.as_deref(), Some("file"));
        assert_eq!(found.file_name.as_deref(), Some("mi name=x.png"));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_latin_1() {
        let mut part = HeaderMap::new();
        let header = b"form-data; name=\"file\"; filename=\"d\xedgito.png\"".as_slice();
        part.insert(CONTENT_DISPOSITION, header.try_into().unwrap());
        assert_eq!(ContentDisposition::of(&part).file_name.as_deref(), Some("dígito.png"));
        assert_eq!(ContentDisposition::of(&HeaderMap::new()), ContentDisposition::default());
    }
}

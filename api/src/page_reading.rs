//! What the page has read of the picture that it sends. The server compares it with its own answer.

/// The request header. Only the page sends it.
pub const PAGE_READING: &str = "page-reading";

/// In place of a numeral, where the page has read none.
const NONE: &str = "-";

/// The longest version and the longest numeral that are compared, in bytes.
const MAX_LENGTH: usize = 64;

/// What the page has read, and with which model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageReading {
    /// The version of the page's model.
    pub model: String,
    /// The digit or the number, on one line; `None` if the page sees none.
    pub numeral: Option<String>,
}

impl PageReading {
    /// The value of the header: the version, a space, and the numeral.
    pub fn header(&self) -> String {
        format!("{} {}", self.model, self.numeral.as_deref().unwrap_or(NONE))
    }

    /// Reads the value of the header. `None` for anything that the page doesn't send.
    pub fn parse(header: &str) -> Option<Self> {
        let (model, numeral) = header.split_once(' ')?;
        let fits = |text: &str| (1..=MAX_LENGTH).contains(&text.len());
        let is_version = fits(model) && model.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_numeral = fits(numeral)
            && numeral.bytes().any(|byte| byte.is_ascii_digit())
            && numeral
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'?' | b' '));
        (is_version && (is_numeral || numeral == NONE)).then(|| Self {
            model: model.to_owned(),
            numeral: is_numeral.then(|| numeral.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_sends_is_read() {
        for numeral in [Some("7"), Some("20?7"), Some("12 34"), None] {
            let reading = PageReading {
                model: "digits-b5f2eee8".to_owned(),
                numeral: numeral.map(str::to_owned),
            };
            assert_eq!(PageReading::parse(&reading.header()), Some(reading));
        }
    }

    #[test]
    fn anything_else_is_not() {
        let long = "1".repeat(65);
        for header in [
            "",
            "7",
            "digits",
            "digits ",
            " 7",
            "digits x",
            "digits ?",
            "digits  ",
            "digits --",
            "digits 7\n",
            "digits 7\u{1b}[2J",
            "digits ٧",
            "dig.its 7",
            &format!("digits {long}"),
            &format!("{long} 7"),
        ] {
            assert_eq!(PageReading::parse(header), None, "{header:?}");
        }
    }
}

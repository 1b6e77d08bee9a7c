//! The languages of the interface, and the one that a request asks for.

/// The lifetime of that cookie: a year, in seconds.
const LOCALE_COOKIE_MAX_AGE: u32 = 31_536_000;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// Spanish.
    #[default]
    Es,
    /// English.
    En,
}

impl Locale {
    /// Both, Spanish first.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// The cookie that stores the chosen language.
    pub const COOKIE: &str = "trazo_lang";

    /// The tag of `<html lang>` and of the cookie.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The name of the language in that language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es => "Español",
            Self::En => "English",
        }
    }

    /// The other language.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Es => Self::En,
            Self::En => Self::Es,
        }
    }

    /// Parses a language tag; the region is ignored (`en-GB` is English).
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|locale| language.eq_ignore_ascii_case(locale.tag()))
    }

    /// The locale that an `Accept-Language` header prefers; `None` if it names neither.
    pub fn accepted(accept_language: &str) -> Option<Self> {
        preferred(accept_language)
    }

    /// The cookie that selects this language on the next visit, as in a `Set-Cookie` header.
    pub fn cookie(self) -> String {
        format!(
            "{}={}; Path=/; Max-Age={LOCALE_COOKIE_MAX_AGE}; SameSite=Lax",
            Self::COOKIE,
            self.tag()
        )
    }

    /// The locale of a request: the cookie, else `Accept-Language`, else Spanish.
    pub fn requested(cookies: Option<&str>, accept_language: Option<&str>) -> Self {
        cookies
            .and_then(from_cookie)
            .or_else(|| accept_language.and_then(preferred))
            .unwrap_or_default()
    }
}

/// The choice stored in a `Cookie` header.
fn from_cookie(cookies: &str) -> Option<Locale> {
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == Locale::COOKIE)
        .and_then(|(_, tag)| Locale::from_tag(tag))
}

/// The supported language of an `Accept-Language` header with the highest weight; the first of equals.
fn preferred(accept_language: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for range in accept_language.split(',') {
        let mut parts = range.split(';');
        let Some(locale) = parts.next().and_then(Locale::from_tag) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok())
            .unwrap_or(1.0);
        if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_unless_asked_otherwise() {
        assert_eq!(Locale::requested(None, None), Locale::Es);
        assert_eq!(Locale::requested(Some(""), Some("de, fr;q=0.5, *;q=0.1")), Locale::Es);
    }

    #[test]
    fn the_heaviest_of_our_languages_wins() {
        assert_eq!(Locale::requested(None, Some("en-US,en;q=0.9,es;q=0.8")), Locale::En);
        assert_eq!(Locale::requested(None, Some("de, en;q=0.3, es-MX;q=0.7")), Locale::Es);
        assert_eq!(Locale::requested(None, Some("en;q=0, es;q=0.1")), Locale::Es);
        assert_eq!(Locale::requested(None, Some(";;q=x,,en;q=no")), Locale::En);
    }

    #[test]
    fn a_remembered_choice_beats_the_browser() {
        let cookies = Some("a=b; trazo_lang=es; c");
        assert_eq!(Locale::requested(cookies, Some("en")), Locale::Es);
        assert_eq!(Locale::requested(Some("trazo_lang=xx"), Some("en")), Locale::En);
        assert_eq!(Locale::requested(Some("not_trazo_lang=en"), None), Locale::Es);
    }
}

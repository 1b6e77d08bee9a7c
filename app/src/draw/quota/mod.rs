//! What is left of the quota, from the headers that every client gets. Only the code that asks the server needs it, so it is in
//! that code's file.

mod texts;

use std::ops::RangeInclusive;

use js_sys::Date;

use crate::{
    browser::dates,
    i18n::{Locale, TextTable},
    session::Session,
};
use texts::QuotaWords;

/// A day is between these, in seconds: the times in the headers are rounded.
const DAY: RangeInclusive<u64> = 64_800..=108_000;

/// A quota of a shorter period, in seconds, is one against floods.
const SHORTEST: u64 = 60;

/// What is left, in each language.
#[derive(Debug, Clone)]
pub struct QuotaTexts {
    es: String,
    en: String,
}

impl QuotaTexts {
    pub fn of(&self, locale: Locale) -> String {
        match locale {
            Locale::Es => &self.es,
            Locale::En => &self.en,
        }
        .clone()
    }
}

/// What the headers of a response say. `None` if they say nothing.
pub fn describe(headers: &str, session: Session) -> Option<QuotaTexts> {
    let quota = Quota::parse(headers, unix_time)?;
    let is_confirmed = session.is_confirmed();
    let text = |locale| quota.text(locale, is_confirmed, &dates::time_in(quota.wait, locale));
    Some(QuotaTexts {
        es: text(Locale::Es),
        en: text(Locale::En),
    })
}

/// The `Date` header in seconds since the Unix epoch. The page's clock may be wrong.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a date since 1970 is positive, and a float is cast to the nearest integer"
)]
fn unix_time(date: &str) -> u64 {
    (Date::parse(date) / 1000.0) as u64
}

/// The state of the quota.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Quota {
    limit: u64,
    remaining: u64,
    is_daily: bool,
    /// Seconds until there is one more.
    wait: f64,
}

impl Quota {
    fn parse(headers: &str, unix_time: impl Fn(&str) -> u64) -> Option<Self> {
        let text = |wanted: &str| {
            let fields = headers.lines().filter_map(|line| line.split_once(':'));
            let mut found = fields.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.next().map(|(_, value)| value.trim())
        };
        let number = |name| text(name)?.parse::<u64>().ok();
        let limit = number("x-ratelimit-limit")?;
        let remaining = number("x-ratelimit-remaining")?;
        // All of the spent ones come back one after another until then.
        let until_full = number("x-ratelimit-reset")?.saturating_sub(unix_time(text("date")?));
        let spent = limit.saturating_sub(remaining).max(1);
        let period = until_full.saturating_mul(limit) / spent;
        let wait = number("retry-after").unwrap_or_else(|| until_full.div_ceil(spent));
        (period >= SHORTEST).then(|| Self {
            limit,
            remaining,
            is_daily: DAY.contains(&period),
            wait: f64::from(u32::try_from(wait).unwrap_or(u32::MAX)),
        })
    }

    /// In words. `next` is when there is one more.
    fn text(&self, locale: Locale, is_confirmed: bool, next: &str) -> String {
        let texts = QuotaWords::of(locale);
        if self.remaining == 0 {
            return (texts.none)(self.limit, next);
        }
        let left = (texts.left)(self.remaining, self.limit);
        let today = if self.is_daily { texts.today } else { "" };
        // Before, an account has fewer, which no header says.
        let condition = if is_confirmed { "" } else { texts.if_confirmed };
        format!("{left}{today}{condition}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the date in seconds.
    fn parse(headers: &str) -> Option<Quota> {
        Quota::parse(headers, |date| date.parse().unwrap())
    }

    fn headers(limit: u64, remaining: u64, reset: u64) -> String {
        format!(
            "content-type: application/json\r\ndate: 1000\r\nx-ratelimit-limit: {limit}\r\n\
             X-RateLimit-Remaining: {remaining}\r\nx-ratelimit-reset: {reset}\r\n"
        )
    }

    #[test]
    fn a_daily_quota_says_what_is_left_today() {
        // 13 of 864 seconds each are spent.
        let quota = parse(&headers(100, 87, 1000 + 13 * 864)).unwrap();
        let text = |locale, is_confirmed| quota.text(locale, is_confirmed, "18:42");
        assert_eq!(text(Locale::Es, true), "Te quedan 87 de 100 hoy.");
        assert_eq!(text(Locale::En, true), "87 of 100 left today.");
        assert_eq!(
            text(Locale::Es, false),
            "Te quedan 87 de 100 hoy si confirmas tu correo."
        );
        assert_eq!(
            text(Locale::En, false),
            "87 of 100 left today once you confirm your address."
        );
        // The times may be a second apart.
        for reset in [863, 864, 865] {
            let quota = parse(&headers(100, 99, 1000 + reset)).unwrap();
            assert_eq!(
                quota.text(Locale::Es, true, ""),
                "Te quedan 99 de 100 hoy.",
                "{reset} s"
            );
        }
        let last = parse(&headers(2, 1, 1000 + 43_200)).unwrap();
        assert_eq!(last.text(Locale::Es, true, ""), "Te queda 1 de 2 hoy.");
    }

    #[test]
    fn another_quota_says_nothing_of_today() {
        let hourly = parse(&headers(10, 8, 1000 + 2 * 360)).unwrap();
        assert_eq!(hourly.text(Locale::Es, true, ""), "Te quedan 8 de 10.");
    }

    #[test]
    fn a_spent_quota_says_when_there_is_one_more() {
        let quota = parse(&headers(100, 0, 1000 + 86_400)).unwrap();
        assert!((quota.wait - 864.0).abs() < 0.1, "{quota:?}");
        assert_eq!(
            quota.text(Locale::Es, true, "18:42"),
            "No te queda ninguna de 100. La próxima: 18:42"
        );
        assert_eq!(
            quota.text(Locale::En, false, "6:42 PM"),
            "None of 100 left. The next one: 6:42 PM"
        );
        let refused = format!("{}retry-after: 300\r\n", headers(100, 0, 1000 + 86_400));
        assert!((parse(&refused).unwrap().wait - 300.0).abs() < 0.1);
    }

    #[test]
    fn headers_without_a_quota_say_nothing() {
        assert_eq!(parse(""), None);
        assert_eq!(parse("date: 1000\r\nx-ratelimit-limit: 5\r\n"), None);
        // The limit against floods.
        assert_eq!(parse(&headers(100, 0, 1001)), None);
    }
}

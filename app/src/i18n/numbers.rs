//! Numbers in the format of each language, with integer arithmetic: formatting floats adds kilobytes to the first load.

use super::Locale;

/// A probability in thousandths, the precision that is shown.
pub fn thousandths(probability: f32) -> u32 {
    whole(f64::from(probability) * 1000.0)
}

/// Thousandths as a percentage with one decimal: `98,2 %` in Spanish, `98.2%` in English. The space is a no-break space.
pub fn percent(thousandths: u32, locale: Locale) -> String {
    with_sign(&decimal(thousandths, 1, locale), locale)
}

/// A share as a percentage with two decimals, as [`percent`].
pub fn percent_in_full(share: f64, locale: Locale) -> String {
    with_sign(&decimal(whole(share * 10_000.0), 2, locale), locale)
}

fn with_sign(number: &str, locale: Locale) -> String {
    match locale {
        Locale::Es => format!("{number}\u{a0}%"),
        Locale::En => format!("{number}%"),
    }
}

/// A duration: one decimal below ten milliseconds, none above. The space is a no-break space.
pub fn milliseconds(duration: f64, locale: Locale) -> String {
    if duration < 9.95 {
        format!("{}\u{a0}ms", decimal(whole(duration * 10.0), 1, locale))
    } else {
        format!("{}\u{a0}ms", whole(duration))
    }
}

/// A number with `places` decimals, given in units of the last one.
fn decimal(number: u32, places: u32, locale: Locale) -> String {
    let mark = match locale {
        Locale::Es => ',',
        Locale::En => '.',
    };
    let unit = 10_u32.pow(places);
    let (integer, fraction, width) = (number / unit, number % unit, places as usize);
    format!("{integer}{mark}{fraction:0width$}")
}

/// Rounded to the nearest integer; zero for negative numbers, infinity and NaN.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits just before"
)]
fn whole(number: f64) -> u32 {
    if number.is_finite() {
        number.round().clamp(0.0, 1e9) as u32
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_decimal_mark() {
        assert_eq!(percent(thousandths(0.982), Locale::Es), "98,2\u{a0}%");
        assert_eq!(percent(thousandths(0.982), Locale::En), "98.2%");
        assert_eq!(percent(thousandths(1.0), Locale::Es), "100,0\u{a0}%");
        assert_eq!(percent(thousandths(0.000_4), Locale::En), "0.0%");
    }

    #[test]
    fn short_times_have_a_decimal() {
        assert_eq!(milliseconds(1.25, Locale::Es), "1,3\u{a0}ms");
        assert_eq!(milliseconds(9.94, Locale::En), "9.9\u{a0}ms");
        assert_eq!(milliseconds(9.96, Locale::En), "10\u{a0}ms");
        assert_eq!(milliseconds(1234.4, Locale::En), "1234\u{a0}ms");
    }

    #[test]
    fn not_a_number_is_zero() {
        assert_eq!(percent(thousandths(f32::NAN), Locale::Es), "0,0\u{a0}%");
        assert_eq!(milliseconds(-3.0, Locale::Es), "0,0\u{a0}ms");
    }
}

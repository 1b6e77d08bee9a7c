//! Quantities with their units, in the format of each language. Only for lazily loaded pages: formatting floats adds
//! kilobytes.

use super::Locale;

/// The unit of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A number of things per second.
    PerSecond,
    /// Seconds.
    Seconds,
    /// A share of one, shown as a percentage.
    Share,
    /// Bytes.
    Bytes,
}

/// A no-break space.
const SPACE: char = '\u{a0}';
/// A narrow no-break space.
const NARROW_SPACE: char = '\u{202f}';

impl Unit {
    /// A number with its unit; a dash for NaN and infinity.
    pub fn show(self, value: f64, locale: Locale) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        match self {
            Self::Count => number(value, locale),
            Self::PerSecond => format!("{}/s", number(value, locale)),
            Self::Share => match locale {
                Locale::Es => format!("{}{SPACE}%", number(value * 100.0, locale)),
                Locale::En => format!("{}%", number(value * 100.0, locale)),
            },
            Self::Seconds => {
                let size = value.abs();
                let (value, unit) = match size {
                    0.0 => (0.0, "ms"),
                    ..0.001 => (value * 1e6, "µs"),
                    ..1.0 => (value * 1e3, "ms"),
                    _ => (value, "s"),
                };
                format!("{}{SPACE}{unit}", number(value, locale))
            }
            Self::Bytes => {
                let (value, unit) = match value.abs() {
                    ..1e3 => (value, "B"),
                    ..1e6 => (value / 1e3, "kB"),
                    ..1e9 => (value / 1e6, "MB"),
                    _ => (value / 1e9, "GB"),
                };
                format!("{}{SPACE}{unit}", number(value, locale))
            }
        }
    }
}

/// Three significant digits; all digits of an integer.
fn number(value: f64, locale: Locale) -> String {
    let size = value.abs();
    let places = if size.fract() == 0.0 {
        0
    } else {
        match size {
            100.0.. => 0,
            10.0.. => 1,
            1.0.. => 2,
            0.1.. => 3,
            0.000_5.. => 4,
            _ => 6,
        }
    };
    let text = format!("{value:.places$}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = decimals.trim_end_matches('0');
    let whole = grouped(whole, locale);
    match (decimals, locale) {
        ("", _) => whole,
        (_, Locale::Es) => format!("{whole},{decimals}"),
        (_, Locale::En) => format!("{whole}.{decimals}"),
    }
}

/// With thousands separators: in English from four digits, in Spanish from five.
fn grouped(whole: &str, locale: Locale) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    let (mark, from) = match locale {
        Locale::Es => (NARROW_SPACE, 5),
        Locale::En => (',', 4),
    };
    if digits.len() < from {
        return format!("{sign}{digits}");
    }
    let mut grouped = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(mark);
        }
        grouped.push(digit);
    }
    grouped
}

/// A change with its sign.
pub fn change(value: f64, locale: Locale) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", number(value, locale))
}

/// A duration in its two largest units, `3 d 4 h`: the same in both languages.
pub fn duration(seconds: f64) -> String {
    let seconds = whole(seconds);
    let [days, hours, minutes] = [seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60];
    let two = |large: u64, unit: &str, small: u64, smaller: &str| {
        if small == 0 {
            format!("{large}{SPACE}{unit}")
        } else {
            format!("{large}{SPACE}{unit} {small}{SPACE}{smaller}")
        }
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}{SPACE}s"),
        (0, 0, _) => two(minutes, "min", seconds % 60, "s"),
        (0, ..) => two(hours, "h", minutes, "min"),
        _ => two(days, "d", hours, "h"),
    }
}

/// The time of day, `10:15:30`, in the time zone that is `offset` seconds ahead of UTC.
pub fn clock(time: f64, offset: f64) -> String {
    let seconds = whole(time + offset) % 86_400;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The month and the day, `11-27`, in the time zone that is `offset` seconds ahead of UTC.
pub fn date(time: f64, offset: f64) -> String {
    // Of years that begin in March, so that a leap day is the last one (Howard Hinnant's `civil_from_days`).
    let days = whole(time + offset) / 86_400 + 719_468;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    format!("{:02}-{day:02}", (month + 2) % 12 + 1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits just before"
)]
fn whole(seconds: f64) -> u64 {
    if seconds.is_finite() {
        seconds.clamp(0.0, 1e15) as u64
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Locale::{En, Es};

    #[test]
    fn numbers_have_three_significant_digits() {
        let all = [
            0.0,
            0.000_123_4,
            0.034_56,
            3.274,
            12.34,
            123.4,
            1234.0,
            12_345.0,
            1_234_567.0,
            -0.5,
        ];
        assert_eq!(
            all.map(|value| number(value, Es)),
            [
                "0",
                "0,000123",
                "0,0346",
                "3,27",
                "12,3",
                "123",
                "1234",
                "12\u{202f}345",
                "1\u{202f}234\u{202f}567",
                "−0,5"
            ]
        );
        assert_eq!(
            [1234.0, 0.5, 12_345.6].map(|value| number(value, En)),
            ["1,234", "0.5", "12,346"]
        );
    }

    #[test]
    fn each_unit_is_chosen_by_size() {
        let seconds = [0.0, 0.000_25, 0.0042, 0.5, 1.5, 75.0].map(|value| Unit::Seconds.show(value, Es));
        assert_eq!(
            seconds,
            [
                "0\u{a0}ms",
                "250\u{a0}µs",
                "4,2\u{a0}ms",
                "500\u{a0}ms",
                "1,5\u{a0}s",
                "75\u{a0}s"
            ]
        );
        let bytes = [512.0, 2048.0, 81_500_000.0, 2.5e9].map(|value| Unit::Bytes.show(value, En));
        assert_eq!(bytes, ["512\u{a0}B", "2.05\u{a0}kB", "81.5\u{a0}MB", "2.5\u{a0}GB"]);
        assert_eq!(Unit::Share.show(0.123_45, Es), "12,3\u{a0}%");
        assert_eq!(Unit::Share.show(1.0, En), "100%");
        assert_eq!(Unit::PerSecond.show(2.5, En), "2.5/s");
        assert_eq!(Unit::Count.show(f64::NAN, En), "–");
    }

    #[test]
    fn durations_have_two_units() {
        let told = [0.4, 59.9, 60.0, 125.0, 3600.0, 90_000.0, 86_400.0, -5.0].map(duration);
        assert_eq!(
            told.map(|text| text.replace('\u{a0}', " ")),
            ["0 s", "59 s", "1 min", "2 min 5 s", "1 h", "1 d 1 h", "1 d", "0 s"]
        );
        assert_eq!(clock(1_700_000_010.4, 3600.0), "23:13:30");
        // 2023-11-14, a leap day, New Year's Eve and the day after in a zone to the east.
        let days = [1_700_000_010.0, 1_709_208_000.0, 1_735_689_599.0].map(|time| date(time, 0.0));
        assert_eq!(days, ["11-14", "02-29", "12-31"]);
        assert_eq!(date(1_735_689_599.0, 3600.0), "01-01");
        assert_eq!(
            (change(12.0, Es), change(-3.0, Es), change(0.0, Es)),
            ("+12".into(), "−3".into(), "0".into())
        );
    }
}

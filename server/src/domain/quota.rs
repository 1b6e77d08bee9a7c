//! Rate limits in Flask-Limiter's notation: `200 per day;50 per hour`, `10/minute`, `5 per 2 hours`.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

/// The longest period: 100 years, of 360 days as below. Limiters and caches count in nanoseconds, of which 64 bits hold
/// five centuries.
const MAX_PERIOD: Duration = Duration::from_hours(100 * 360 * 24);

/// Several limits that apply together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas(pub Vec<Quota>);

/// At most `count` requests per `period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The number of requests.
    pub count: NonZeroU32,
    /// The length of the window.
    pub period: Duration,
}

/// The text isn't a limit in Flask-Limiter's notation.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("write limits as '200 per day;50 per hour' or '10/minute'")]
pub struct QuotaError;

impl Quotas {
    /// One limit: `count` requests per `period`; one request for a count of 0.
    pub(crate) fn one(count: u32, period: Duration) -> Self {
        let count = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self(vec![Quota { count, period }])
    }
}

impl FromStr for Quotas {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, QuotaError> {
        text.split([';', ',', '|'])
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl FromStr for Quota {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, QuotaError> {
        let text = text.to_lowercase().replace('/', " per ");
        let words: Vec<_> = text.split_whitespace().collect();
        let (count, times, unit): (_, u32, _) = match *words.as_slice() {
            [count, "per", unit] => (count, 1, unit),
            [count, "per", times, unit] => (count, times.parse().map_err(|_| QuotaError)?, unit),
            _ => return Err(QuotaError),
        };
        let seconds: u32 = match unit.strip_suffix('s').unwrap_or(unit) {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            "month" => 2_592_000,
            "year" => 31_104_000,
            _ => return Err(QuotaError),
        };
        let period = Duration::from_secs(u64::from(seconds) * u64::from(times));
        let count: NonZeroU32 = count.parse().map_err(|_| QuotaError)?;
        // A limiter counts in nanoseconds per request.
        if (period / count.get()).is_zero() || period > MAX_PERIOD {
            return Err(QuotaError);
        }
        Ok(Self { count, period })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, u64)>, QuotaError> {
        let Quotas(quotas) = text.parse()?;
        Ok(quotas
            .iter()
            .map(|quota| (quota.count.get(), quota.period.as_secs()))
            .collect())
    }

    #[test]
    fn flask_limiters_notation_is_read() {
        assert_eq!(read("200 per day;50 per hour"), Ok(vec![(200, 86_400), (50, 3600)]));
        assert_eq!(read("10/minute"), Ok(vec![(10, 60)]));
        assert_eq!(read("5 per 2 hours, 1 / second"), Ok(vec![(5, 7200), (1, 1)]));
        assert_eq!(read("1 per 100 years"), Ok(vec![(1, 3_110_400_000)]));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            ";",
            "ten per hour",
            "0 per hour",
            "1 per 0 hours",
            "-1/day",
            "5 per fortnight",
            "4000000000 per second;",
            "1 per 101 years",
            "1 per 4294967295 years",
        ] {
            assert_eq!(read(text), Err(QuotaError), "{text}");
        }
    }
}

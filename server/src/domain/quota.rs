//! Limits as Flask-Limiter writes them: `200 per day;50 per hour`, `10/minute`, `5 per 2 hours`.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

/// Several limits that hold at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas(pub Vec<Quota>);

/// At most so many in such a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many.
    pub count: NonZeroU32,
    /// In how long.
    pub period: Duration,
}

/// No limit in Flask-Limiter's notation.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("write limits as '200 per day;50 per hour' or '10/minute'")]
pub struct NoQuota;

impl FromStr for Quotas {
    type Err = NoQuota;

    fn from_str(text: &str) -> Result<Self, NoQuota> {
        text.split([';', ',', '|']).map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Quota {
    type Err = NoQuota;

    fn from_str(text: &str) -> Result<Self, NoQuota> {
        let text = text.to_lowercase().replace('/', " per ");
        let words: Vec<_> = text.split_whitespace().collect();
        let (count, times, unit): (_, u32, _) = match *words.as_slice() {
            [count, "per", unit] => (count, 1, unit),
            [count, "per", times, unit] => (count, times.parse().map_err(|_| NoQuota)?, unit),
            _ => return Err(NoQuota),
        };
        let seconds: u32 = match unit.strip_suffix('s').unwrap_or(unit) {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            "month" => 2_592_000,
            "year" => 31_104_000,
            _ => return Err(NoQuota),
        };
        let period = Duration::from_secs(u64::from(seconds) * u64::from(times));
        let count: NonZeroU32 = count.parse().map_err(|_| NoQuota)?;
        // Less than a nanosecond a request is no limit.
        if (period / count.get()).is_zero() {
            return Err(NoQuota);
        }
        Ok(Self { count, period })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, u64)>, NoQuota> {
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
        ] {
            assert_eq!(read(text), Err(NoQuota), "{text}");
        }
    }
}

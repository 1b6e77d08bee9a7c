//! The current time, which a test can move.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Where the time comes from; cheap to clone.
///
/// Everything that expires asks a clock. Durations that are only measured use [`std::time::Instant`].
#[derive(Debug, Clone, Default)]
pub struct Clock(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    System,
    /// The system's time plus an offset in microseconds, which all clones share.
    Mock(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock for tests: it shows the system's time until [`Clock::advance`] moves it.
    pub fn mock() -> Self {
        Self(Source::Mock(Arc::default()))
    }

    /// The time in UTC, in whole microseconds: what Postgres stores, so that values read equal the values written.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let offset = match &self.0 {
            Source::System => 0,
            Source::Mock(offset) => offset.load(Ordering::Relaxed),
        };
        (Utc::now() + TimeDelta::microseconds(offset)).trunc_subsecs(6)
    }

    /// Moves a mock clock and all its clones; the system's clock stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Mock(offset) = &self.0 {
            offset.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mock_clock_moves_with_its_clones() {
        let clock = Clock::mock();
        let clone = clock.clone();
        let before = clone.now();
        clock.advance(TimeDelta::hours(25));
        let passed = clone.now() - before;
        assert!(
            passed >= TimeDelta::hours(25) && passed < TimeDelta::hours(26),
            "{passed}"
        );
    }

    #[test]
    fn the_system_clock_cannot_be_moved() {
        let clock = Clock::system();
        let before = clock.now();
        clock.advance(TimeDelta::hours(25));
        assert!(clock.now() - before < TimeDelta::hours(1));
    }
}

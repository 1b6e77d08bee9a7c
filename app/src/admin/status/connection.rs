//! Whether the page can be believed: live, stale, offline, and why.

/// Why there was no scrape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The server can't be reached.
    Offline,
    /// It answers too slowly.
    TimedOut,
    /// Nobody has signed in, or not any more.
    SignedOut,
    /// The user may not see this.
    Forbidden,
    /// It refuses, with this status.
    Refused(u16),
    /// It answers, but with no metrics.
    Unreadable,
}

/// What the page's badge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Nothing has come yet.
    Waiting,
    /// As fresh as can be.
    Live,
    /// The next scrape is overdue.
    Stale,
    /// The last try failed.
    Failed(Failure),
    /// The visitor said so.
    Paused,
}

/// Seconds that an answer may take before the figures count as old.
const GRACE: f64 = 3.0;

/// The connection at `now`, with a scrape wanted every `interval` seconds and the last one taken at `last`.
pub fn connection(now: f64, last: Option<f64>, failure: Option<Failure>, is_paused: bool, interval: f64) -> Connection {
    match (is_paused, failure, last) {
        (true, ..) => Connection::Paused,
        (false, Some(failure), _) => Connection::Failed(failure),
        (false, None, None) => Connection::Waiting,
        (false, None, Some(last)) if now - last > interval + GRACE => Connection::Stale,
        (false, None, Some(_)) => Connection::Live,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_live_until_the_next_is_overdue() {
        let at = |now| connection(now, Some(100.0), None, false, 5.0);
        assert_eq!(at(100.0), Connection::Live);
        assert_eq!(at(108.0), Connection::Live);
        assert_eq!(at(108.5), Connection::Stale);
        assert_eq!(connection(1.0, None, None, false, 5.0), Connection::Waiting);
    }

    #[test]
    fn a_failure_is_told_until_a_scrape_comes_and_a_pause_covers_all() {
        let failed = Some(Failure::Offline);
        assert_eq!(
            connection(101.0, Some(100.0), failed, false, 5.0),
            Connection::Failed(Failure::Offline)
        );
        assert_eq!(
            connection(101.0, None, failed, false, 5.0),
            Connection::Failed(Failure::Offline)
        );
        assert_eq!(connection(900.0, Some(100.0), failed, true, 5.0), Connection::Paused);
    }
}

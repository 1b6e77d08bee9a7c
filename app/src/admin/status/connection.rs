//! How current the figures are, and why they are not.

/// Why a scrape failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionError {
    /// The server can't be reached.
    Offline,
    /// The server takes too long to answer.
    TimedOut,
    /// The session has ended.
    SignedOut,
    /// The user may not see the metrics.
    Forbidden,
    /// The server answered with this error status.
    Refused(u16),
    /// The response has no metrics of this service.
    Unreadable,
}

/// The state of the connection, for the page's badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Before the first scrape.
    Waiting,
    /// The last scrape is recent.
    Live,
    /// The next scrape is overdue.
    Stale,
    /// The last scrape failed.
    Failed(ConnectionError),
    /// Paused by the user.
    Paused,
}

/// Seconds that a scrape may take before the figures count as stale.
const GRACE: f64 = 3.0;

/// The state at `now`, with a scrape every `interval` seconds and the last one taken at `last`.
pub fn connection(
    now: f64,
    last: Option<f64>,
    error: Option<ConnectionError>,
    is_paused: bool,
    interval: f64,
) -> Connection {
    match (is_paused, error, last) {
        (true, ..) => Connection::Paused,
        (false, Some(error), _) => Connection::Failed(error),
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
        let failed = Some(ConnectionError::Offline);
        assert_eq!(
            connection(101.0, Some(100.0), failed, false, 5.0),
            Connection::Failed(ConnectionError::Offline)
        );
        assert_eq!(
            connection(101.0, None, failed, false, 5.0),
            Connection::Failed(ConnectionError::Offline)
        );
        assert_eq!(connection(900.0, Some(100.0), failed, true, 5.0), Connection::Paused);
    }
}

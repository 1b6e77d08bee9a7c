//! The texts of the status dashboard. In a table of their own, so that they are loaded with that page.

mod en;
mod es;

use super::connection::ConnectionError;
use crate::i18n::{ProblemText, TextTable};
use api::{ServiceRange, alerts::Alert};

/// The dashboard's texts in one language.
#[derive(Debug)]
pub struct StatusTexts {
    // The toolbar.
    pub title: &'static str,
    pub heading: &'static str,
    pub waiting: &'static str,
    pub live: &'static str,
    pub stale: &'static str,
    pub offline: &'static str,
    pub paused: &'static str,
    /// The age of the values.
    pub age: fn(&str) -> String,
    pub pause: &'static str,
    pub interval: &'static str,
    pub time_range: &'static str,
    pub recent: &'static str,
    pub whole: &'static str,
    /// A range of Prometheus, as a choice and as a note.
    pub range: fn(ServiceRange) -> &'static str,
    pub service_range: fn(ServiceRange) -> &'static str,
    pub controls: &'static str,
    /// The choice of the server.
    pub source: &'static str,
    pub whole_service: &'static str,
    pub this_server: &'static str,
    pub only_this: fn(&str) -> String,
    /// Whose figures are shown.
    pub shows_own: fn(&str) -> String,
    pub shows_service: fn(usize) -> String,
    pub shows_instance: fn(&str) -> String,
    pub asks_prometheus: &'static str,
    pub prometheus_away: fn(&str) -> String,
    pub prometheus_empty: fn(&str) -> String,
    pub now: &'static str,
    pub time: &'static str,
    pub table: &'static str,
    pub no_data: &'static str,
    pub no_value: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,

    // Connection errors.
    pub unreachable: ProblemText,
    pub timed_out: ProblemText,
    pub signed_out: ProblemText,
    pub forbidden: ProblemText,
    pub refused: ProblemText,
    pub unreadable: ProblemText,
    pub try_now: &'static str,
    pub sign_in: &'static str,

    // The totals and the charts.
    pub requests: &'static str,
    pub errors: &'static str,
    pub users: &'static str,
    pub since_start: &'static str,
    pub errors_note: &'static str,
    pub users_note: &'static str,
    /// The change, and the time in which it happened.
    pub change: fn(&str, &str) -> String,
    pub change_name: &'static str,
    pub rate: &'static str,
    pub error_rate: &'static str,
    pub latency: &'static str,

    // The alerts.
    pub alerts: &'static str,
    pub all_well: &'static str,
    pub rules_checked: fn(usize) -> String,
    pub alerts_unknown: &'static str,
    pub pending: &'static str,
    pub critical: &'static str,
    pub warning: &'static str,
    pub held: fn(&str) -> String,
    pub alert: fn(Alert) -> &'static str,

    // The tables.
    pub endpoints: &'static str,
    pub route: &'static str,
    pub per_second: &'static str,
    pub sort_by: &'static str,
    pub no_requests: &'static str,
    pub digits: &'static str,
    pub stages: &'static str,
    pub stage: fn(&str) -> &'static str,
    pub mean: &'static str,
    pub throughput: &'static str,
    pub cached: &'static str,
    pub batches: &'static str,
    pub batch_mean: &'static str,
    pub queue: &'static str,

    // The corrected answers.
    pub corrected: &'static str,
    pub corrected_days: &'static str,
    pub day: &'static str,
    pub answers: &'static str,
    pub corrected_answers: &'static str,
    pub corrected_share: &'static str,
    pub no_answers: &'static str,

    // The server.
    pub server: &'static str,
    pub cpu: &'static str,
    pub memory: &'static str,
    pub pending_requests: &'static str,
    pub files: &'static str,
    pub threads: &'static str,
    pub database: &'static str,
    pub mails: &'static str,
    pub disk: &'static str,
    pub uptime: &'static str,
    pub restarts: &'static str,
    pub version: &'static str,
    pub model: &'static str,
    pub backend: &'static str,

    // The log.
    pub log: &'static str,
    pub log_failed: &'static str,
    pub log_empty: &'static str,
    pub error: &'static str,
}

impl TextTable for StatusTexts {
    const ES: &'static Self = &es::ES;
    const EN: &'static Self = &en::EN;
}

impl StatusTexts {
    /// Why no metrics came, and what to do.
    pub fn connection_error(&self, error: ConnectionError) -> ProblemText {
        let text = match error {
            ConnectionError::Offline => &self.unreachable,
            ConnectionError::TimedOut => &self.timed_out,
            ConnectionError::SignedOut => &self.signed_out,
            ConnectionError::Forbidden => &self.forbidden,
            ConnectionError::Refused(_) => &self.refused,
            ConnectionError::Unreadable => &self.unreadable,
        };
        match error {
            ConnectionError::Refused(status) => ProblemText {
                happened: text.happened,
                remedy: format!("{} (HTTP {status})", text.remedy).into(),
            },
            _ => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, assert_no_empty_text};

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<StatusTexts>();
    }

    #[test]
    fn every_connection_error_and_alert_has_a_text_in_both_languages() {
        let errors = [
            ConnectionError::Offline,
            ConnectionError::TimedOut,
            ConnectionError::SignedOut,
            ConnectionError::Forbidden,
            ConnectionError::Refused(500),
            ConnectionError::Unreadable,
        ];
        for error in errors {
            let [es, en] = Locale::ALL.map(|locale| StatusTexts::of(locale).connection_error(error));
            assert!(
                es != en && !es.happened.is_empty() && !es.remedy.is_empty(),
                "{error:?}"
            );
        }
        for alert in Alert::ALL {
            let [es, en] = Locale::ALL.map(|locale| (StatusTexts::of(locale).alert)(alert));
            assert!(es != en && !es.is_empty(), "{alert:?}");
        }
        assert!(
            StatusTexts::ES
                .connection_error(ConnectionError::Refused(500))
                .remedy
                .contains("500")
        );
    }
}

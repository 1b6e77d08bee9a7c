//! The conditions of the alert rules, evaluated at every scrape as Prometheus does.
//!
//! A condition that is true makes its alert pending; after the rule's duration it fires. Four rules are not evaluated
//! here: `ServiceDown` is what the page shows as a connection error, and `PredictedDigitsShifted`, `ConfidenceDropped` and
//! `CorrectionsRose` compare with the days before, which only Prometheus keeps.

use super::select::{any, bucket, disk_free, finite, is_class, ratio};
use crate::prometheus::{Labels, Window, histogram_quantile};
use api::{alerts::Alert, metrics};

/// The alerts whose conditions the page evaluates.
pub const EVALUATED: [Alert; 11] = [
    Alert::NoModelReady,
    Alert::HighErrorRatio,
    Alert::SlowRequests,
    Alert::QueueSaturated,
    Alert::FailedSignInBurst,
    Alert::MailOutboxStuck,
    Alert::LogLinesLost,
    Alert::PageDisagrees,
    Alert::LimitStorageDown,
    Alert::ModelFallback,
    Alert::DiskAlmostFull,
];

/// An alert whose condition is true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActiveAlert {
    /// The rule.
    pub alert: Alert,
    /// Since when the condition is true, as Unix time in seconds.
    pub since: f64,
    /// Whether it has been true for the rule's duration; the alert is pending until then.
    pub is_firing: bool,
    /// The measured value; `None` if Prometheus has evaluated the rule.
    pub value: Option<f64>,
}

impl ActiveAlert {
    /// An alert whose condition is true since then, at `time`.
    pub(super) fn new(alert: Alert, since: f64, time: f64, value: Option<f64>) -> Self {
        Self {
            alert,
            since,
            is_firing: time - since >= alert.rule().for_seconds,
            value,
        }
    }
}

/// Firing before pending, the most severe first.
pub(super) fn sort(active: &mut [ActiveAlert]) {
    active.sort_by_key(|active| (!active.is_firing, active.alert.rule().severity));
}

/// The state of every evaluated alert.
#[derive(Debug, Clone, Default)]
pub struct Alerts(Vec<ActiveAlert>);

impl Alerts {
    /// Evaluates every condition on the window's last scrape, which was taken at `time`.
    pub fn ingest(&mut self, time: f64, window: &Window) {
        let before = std::mem::take(&mut self.0);
        for alert in EVALUATED {
            let Some(value) = triggering_value(alert, window) else {
                continue;
            };
            let since = before
                .iter()
                .find(|active| active.alert == alert)
                .map_or(time, |active| active.since);
            self.0.push(ActiveAlert::new(alert, since, time, Some(value)));
        }
        sort(&mut self.0);
    }

    /// Firing before pending, the most severe first.
    pub fn active(&self) -> &[ActiveAlert] {
        &self.0
    }
}

/// The value that the rule measures, if its condition is true.
fn triggering_value(alert: Alert, window: &Window) -> Option<f64> {
    let rule = alert.rule();
    let (range, threshold) = (rule.range_seconds, rule.threshold);
    let precondition = rule.preconditions.first().copied().unwrap_or_default();
    match alert {
        Alert::NoModelReady => window
            .sum(metrics::MODEL_READY, any)
            .filter(|ready| *ready <= threshold),
        Alert::HighErrorRatio => {
            let rate = |choose: fn(&Labels) -> bool| window.rate(metrics::HTTP_REQUESTS_TOTAL, range, choose);
            let all = rate(any).filter(|rate| *rate > precondition)?;
            let failed = rate(|labels| is_class(labels, '5'))?;
            ratio(failed, all).filter(|share| *share > threshold)
        }
        Alert::SlowRequests => {
            let buckets = window.buckets(&bucket(metrics::HTTP_REQUESTS_DURATION_SECONDS), range, any);
            finite(histogram_quantile(0.99, &buckets)).filter(|seconds| *seconds > threshold)
        }
        Alert::QueueSaturated => {
            let capacity = window.sum(metrics::PREDICTION_QUEUE_CAPACITY, any)?;
            let depths = window.sums(metrics::PREDICTION_QUEUE_DEPTH, range);
            let scrapes = depths.iter().fold(0.0, |count, _| count + 1.0);
            let mean = ratio(depths.iter().sum(), scrapes)?;
            ratio(mean, capacity).filter(|share| *share > threshold)
        }
        Alert::FailedSignInBurst => {
            let is_failed = |labels: &Labels| matches!(labels.get("result"), "failure" | "limited");
            window
                .rate(metrics::LOGINS_TOTAL, range, is_failed)
                .filter(|rate| *rate > threshold)
        }
        Alert::MailOutboxStuck => {
            let is_sent = |labels: &Labels| labels.get("result") == "sent";
            let sent = window.increase(metrics::MAIL_SENT_TOTAL, range, is_sent)?;
            let pending = window.sums(metrics::MAIL_OUTBOX_PENDING, range);
            let pending = pending.into_iter().reduce(f64::min)?;
            (sent.amount <= precondition && pending > threshold).then_some(pending)
        }
        Alert::LogLinesLost => {
            let lost = window.increase(metrics::LOG_LINES_DROPPED_TOTAL, range, any)?;
            Some(lost.amount).filter(|lines| *lines > threshold)
        }
        Alert::PageDisagrees => {
            let counted = |choose: fn(&Labels) -> bool| {
                let increase = window.increase(metrics::PAGE_AGREEMENT_TOTAL, range, choose)?;
                Some(increase.amount)
            };
            let disagreed = counted(|labels| labels.get("result") == "disagreed").filter(|count| *count > threshold)?;
            let compared = counted(|labels| labels.get("result") != "outdated")?;
            ratio(disagreed, compared)
                .filter(|share| *share > precondition)
                .map(|_| disagreed)
        }
        Alert::LimitStorageDown => window
            .sum(metrics::RATELIMIT_STORAGE_UP, any)
            .filter(|up| *up <= threshold),
        Alert::ModelFallback => window
            .sum(metrics::MODEL_FALLBACK, any)
            .filter(|fallback| *fallback > threshold),
        Alert::DiskAlmostFull => disk_free(window).filter(|share| *share < threshold),
        // Not in `EVALUATED`.
        Alert::ServiceDown | Alert::PredictedDigitsShifted | Alert::ConfidenceDropped | Alert::CorrectionsRose => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prometheus::Scrape;

    /// The active alerts after scrapes of `text` (with `{n}` for the scrape's number) every 15 seconds.
    fn after(scrapes: u32, text: &str) -> Vec<(Alert, bool)> {
        let (mut window, mut alerts) = (Window::new(900.0, 450), Alerts::default());
        for number in 0..scrapes {
            let time = 1000.0 + 15.0 * f64::from(number);
            window.push(time, &Scrape::parse(&text.replace("{n}", &number.to_string())));
            alerts.ingest(time, &window);
        }
        alerts
            .active()
            .iter()
            .map(|active| (active.alert, active.is_firing))
            .collect()
    }

    #[test]
    fn a_condition_is_pending_for_the_duration_of_its_rule() {
        let text = "model_ready 0\n";
        assert_eq!(after(4, text), [(Alert::NoModelReady, false)]);
        assert_eq!(after(5, text), [(Alert::NoModelReady, true)]);
        assert_eq!(after(5, "model_ready 1\n"), []);
    }

    #[test]
    fn every_condition_can_become_true() {
        let errors = "http_requests_total{status=\"200\"} {n}0\nhttp_requests_total{status=\"500\"} {n}\n";
        assert_eq!(after(30, errors), [(Alert::HighErrorRatio, true)]);
        let slow = "http_requests_duration_seconds_bucket{le=\"1\"} 0\n\
                    http_requests_duration_seconds_bucket{le=\"10\"} {n}\n\
                    http_requests_duration_seconds_bucket{le=\"+Inf\"} {n}\n";
        assert_eq!(after(60, slow), [(Alert::SlowRequests, true)]);
        let queue = "prediction_queue_depth 60\nprediction_queue_capacity 64\n";
        assert_eq!(after(30, queue), [(Alert::QueueSaturated, true)]);
        assert_eq!(after(30, "logins_total{result=\"failure\"} {n}0\n"), []);
        assert_eq!(
            after(30, "logins_total{result=\"failure\"} {n}00\n"),
            [(Alert::FailedSignInBurst, true)]
        );
        let mail = "mail_outbox_pending 2\nmail_sent_total{result=\"sent\"} 5\n";
        assert_eq!(after(30, mail), [(Alert::MailOutboxStuck, true)]);
        assert_eq!(
            after(30, "mail_outbox_pending 2\nmail_sent_total{result=\"sent\"} {n}\n"),
            []
        );
        assert_eq!(after(3, "log_lines_dropped_total {n}\n"), [(Alert::LogLinesLost, true)]);
        let others = "page_agreement_total{result=\"agreed\"} {n}0\n\
                      page_agreement_total{result=\"disagreed\"} {n}\n\
                      page_agreement_total{result=\"outdated\"} {n}00\n";
        assert_eq!(after(4, others), []);
        assert_eq!(after(6, others), [(Alert::PageDisagrees, true)]);
        assert_eq!(after(6, &others.replace("{n}0\n", "{n}00\n")), []);
        assert_eq!(after(5, "ratelimit_storage_up 0\n"), [(Alert::LimitStorageDown, true)]);
        assert_eq!(after(5, "ratelimit_storage_up 1\n"), []);
        assert_eq!(after(5, "model_fallback 1\n"), [(Alert::ModelFallback, true)]);
        assert_eq!(after(5, "model_fallback 0\n"), []);
        let disk = "disk_available_bytes{folder=\"logs\"} 5\ndisk_size_bytes{folder=\"logs\"} 100\n";
        assert_eq!(after(50, disk), [(Alert::DiskAlmostFull, true)]);
    }
}

//! What is wrong now: the conditions of `deploy/`'s alert rules, evaluated as Prometheus does at every scrape.
//!
//! A condition that holds is pending, and after its time fires. `ServiceDown` has no condition here: the page sees that
//! for itself. `PredictedDigitsShifted` and `ConfidenceDropped` compare with the day before, which only Prometheus has.

use super::{
    point::is_class,
    process::disk_free,
    watch::{any, number, ratio},
};
use crate::prometheus::{Labels, Window, histogram_quantile};

/// A rule, by the name of its alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// There is no model to read with.
    NoModelReady,
    /// Too many answers are 5xx.
    HighErrorRatio,
    /// Answers are slow.
    SlowRequests,
    /// The queue for inference is nearly full.
    QueueSaturated,
    /// Many sign-ins fail.
    FailedSignInBurst,
    /// Mails wait and none goes out.
    MailOutboxStuck,
    /// Log lines were lost.
    LogLinesLost,
    /// The disk is nearly full.
    DiskAlmostFull,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Users are affected.
    Critical,
    /// They will be.
    Warning,
}

/// An alarm whose condition holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Active {
    /// Which.
    pub alarm: Alarm,
    /// Since when, in seconds since 1970.
    pub since: f64,
    /// Whether it has held for its time; it is pending until then.
    pub is_firing: bool,
    /// The number that is too high or too low.
    pub value: f64,
}

/// The state of every alarm.
#[derive(Debug, Clone, Default)]
pub struct Alarms(Vec<Active>);

impl Alarms {
    /// Look at every condition again.
    pub fn take(&mut self, time: f64, window: &Window) {
        let before = std::mem::take(&mut self.0);
        for alarm in Alarm::ALL {
            let Some(value) = alarm.holds(window) else { continue };
            let since = before
                .iter()
                .find(|active| active.alarm == alarm)
                .map_or(time, |active| active.since);
            self.0.push(Active {
                alarm,
                since,
                is_firing: time - since >= alarm.hold(),
                value,
            });
        }
        self.0
            .sort_by_key(|active| (!active.is_firing, active.alarm.severity()));
    }

    /// What holds: firing before pending, the worst first.
    pub fn active(&self) -> &[Active] {
        &self.0
    }
}

impl Alarm {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NoModelReady,
        Self::HighErrorRatio,
        Self::SlowRequests,
        Self::QueueSaturated,
        Self::FailedSignInBurst,
        Self::MailOutboxStuck,
        Self::LogLinesLost,
        Self::DiskAlmostFull,
    ];

    /// How bad it is: the rule's `severity`, "page" or "ticket".
    pub fn severity(self) -> Severity {
        match self {
            Self::NoModelReady | Self::HighErrorRatio | Self::QueueSaturated => Severity::Critical,
            _ => Severity::Warning,
        }
    }

    /// The seconds that the condition has to hold: the rule's `for`.
    pub fn hold(self) -> f64 {
        match self {
            Self::LogLinesLost => 0.0,
            Self::NoModelReady => 60.0,
            Self::HighErrorRatio | Self::QueueSaturated | Self::FailedSignInBurst | Self::MailOutboxStuck => 300.0,
            Self::SlowRequests | Self::DiskAlmostFull => 600.0,
        }
    }

    /// The value, where the condition holds.
    fn holds(self, window: &Window) -> Option<f64> {
        match self {
            Self::NoModelReady => window.sum("model_ready", any).filter(|ready| *ready == 0.0),
            Self::HighErrorRatio => {
                let rate = |choose: fn(&Labels) -> bool| window.rate("http_requests_total", 300.0, choose);
                let all = rate(any).filter(|rate| *rate > 0.1)?;
                let failed = rate(|labels| is_class(labels, '5'))?;
                ratio(failed, all).filter(|share| *share > 0.05)
            }
            Self::SlowRequests => {
                let buckets = window.buckets("http_requests_duration_seconds_bucket", 300.0, any);
                number(histogram_quantile(0.99, &buckets)).filter(|seconds| *seconds > 1.0)
            }
            Self::QueueSaturated => {
                let capacity = window.sum("prediction_queue_capacity", any)?;
                let depths = window.sums("prediction_queue_depth", 300.0);
                let scrapes = depths.iter().fold(0.0, |count, _| count + 1.0);
                let mean = ratio(depths.iter().sum(), scrapes)?;
                ratio(mean, capacity).filter(|share| *share > 0.8)
            }
            Self::FailedSignInBurst => {
                let is_failed = |labels: &Labels| matches!(labels.get("result"), "failure" | "limited");
                window.rate("logins_total", 300.0, is_failed).filter(|rate| *rate > 1.0)
            }
            Self::MailOutboxStuck => {
                let sent = window.increase("mail_sent_total", 900.0, |labels| labels.get("result") == "sent")?;
                let waiting = window.sums("mail_outbox_pending", 900.0).into_iter().reduce(f64::min)?;
                (sent.amount == 0.0 && waiting > 0.0).then_some(waiting)
            }
            Self::LogLinesLost => {
                let lost = window.increase("log_lines_dropped_total", 600.0, any)?;
                Some(lost.amount).filter(|lines| *lines > 0.0)
            }
            Self::DiskAlmostFull => disk_free(window).filter(|share| *share < 0.1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prometheus::Scrape;

    /// What holds after scrapes of `text` (with `{n}` for the scrape's number) every 15 seconds.
    fn after(scrapes: u32, text: &str) -> Vec<(Alarm, bool)> {
        let (mut window, mut alarms) = (Window::new(900.0, 450), Alarms::default());
        for number in 0..scrapes {
            let time = 1000.0 + 15.0 * f64::from(number);
            window.push(time, &Scrape::parse(&text.replace("{n}", &number.to_string())));
            alarms.take(time, &window);
        }
        alarms
            .active()
            .iter()
            .map(|active| (active.alarm, active.is_firing))
            .collect()
    }

    #[test]
    fn a_condition_is_pending_until_it_has_held() {
        let text = "model_ready 0\n";
        assert_eq!(after(4, text), [(Alarm::NoModelReady, false)]);
        assert_eq!(after(5, text), [(Alarm::NoModelReady, true)]);
        assert_eq!(after(5, "model_ready 1\n"), []);
    }

    #[test]
    fn every_rule_has_its_trouble() {
        let errors = "http_requests_total{status=\"200\"} {n}0\nhttp_requests_total{status=\"500\"} {n}\n";
        assert_eq!(after(30, errors), [(Alarm::HighErrorRatio, true)]);
        let slow = "http_requests_duration_seconds_bucket{le=\"1\"} 0\n\
                    http_requests_duration_seconds_bucket{le=\"10\"} {n}\n\
                    http_requests_duration_seconds_bucket{le=\"+Inf\"} {n}\n";
        assert_eq!(after(60, slow), [(Alarm::SlowRequests, true)]);
        let queue = "prediction_queue_depth 60\nprediction_queue_capacity 64\n";
        assert_eq!(after(30, queue), [(Alarm::QueueSaturated, true)]);
        assert_eq!(after(30, "logins_total{result=\"failure\"} {n}0\n"), []);
        assert_eq!(
            after(30, "logins_total{result=\"failure\"} {n}00\n"),
            [(Alarm::FailedSignInBurst, true)]
        );
        let mail = "mail_outbox_pending 2\nmail_sent_total{result=\"sent\"} 5\n";
        assert_eq!(after(30, mail), [(Alarm::MailOutboxStuck, true)]);
        assert_eq!(
            after(30, "mail_outbox_pending 2\nmail_sent_total{result=\"sent\"} {n}\n"),
            []
        );
        assert_eq!(after(3, "log_lines_dropped_total {n}\n"), [(Alarm::LogLinesLost, true)]);
        let disk = "disk_available_bytes{folder=\"logs\"} 5\ndisk_size_bytes{folder=\"logs\"} 100\n";
        assert_eq!(after(50, disk), [(Alarm::DiskAlmostFull, true)]);
    }
}

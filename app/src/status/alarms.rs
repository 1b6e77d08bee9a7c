//! What is wrong now: the conditions of `ops/`'s alert rules, evaluated as Prometheus does at every scrape.
//!
//! A condition that holds is pending, and after its time fires. `ServerDown` has no condition here: the page sees that
//! for itself.

use super::watch::{any, number, ratio};
use crate::metrics::{Labels, Window, histogram_quantile};

/// A rule, by the name of its alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// There is no model to read with.
    ModelNotReady,
    /// Too many answers are 5xx.
    HighErrorRatio,
    /// Answers are slow.
    SlowRequests,
    /// The queue for inference is nearly full.
    QueueSaturated,
    /// Many sign-ins fail.
    FailedLoginBurst,
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
        Self::ModelNotReady,
        Self::HighErrorRatio,
        Self::SlowRequests,
        Self::QueueSaturated,
        Self::FailedLoginBurst,
        Self::MailOutboxStuck,
        Self::LogLinesLost,
        Self::DiskAlmostFull,
    ];

    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::ModelNotReady | Self::HighErrorRatio | Self::QueueSaturated => Severity::Critical,
            _ => Severity::Warning,
        }
    }

    /// The seconds that the condition has to hold: the rule's `for`.
    pub fn hold(self) -> f64 {
        match self {
            Self::ModelNotReady => 60.0,
            Self::HighErrorRatio | Self::SlowRequests => 300.0,
            Self::QueueSaturated => 120.0,
            Self::FailedLoginBurst | Self::LogLinesLost => 0.0,
            Self::MailOutboxStuck | Self::DiskAlmostFull => 600.0,
        }
    }

    /// The value, where the condition holds.
    fn holds(self, window: &Window) -> Option<f64> {
        let gauge = |name| window.sum(name, any);
        match self {
            Self::ModelNotReady => gauge("model_ready").filter(|ready| *ready == 0.0),
            Self::HighErrorRatio => {
                let rate = |choose: fn(&Labels) -> bool| window.rate("http_requests_total", 300.0, choose);
                let failed = rate(|labels| labels.get("status").starts_with('5'))?;
                ratio(failed, rate(any)?).filter(|share| *share > 0.05)
            }
            Self::SlowRequests => {
                let buckets = window.buckets("http_requests_duration_seconds_bucket", 300.0, any);
                number(histogram_quantile(0.99, &buckets)).filter(|seconds| *seconds > 1.0)
            }
            Self::QueueSaturated => ratio(gauge("prediction_queue_depth")?, gauge("prediction_queue_capacity")?)
                .filter(|share| *share > 0.8),
            Self::FailedLoginBurst => grown(window, "logins_total", |labels| labels.get("result") == "failure", 20.0),
            Self::MailOutboxStuck => gauge("mail_outbox_pending").filter(|mails| *mails > 0.0),
            Self::LogLinesLost => grown(window, "log_lines_dropped_total", any, 0.0),
            Self::DiskAlmostFull => None,
        }
    }
}

/// How much counters grew in five minutes, where that is more than `most`.
fn grown(window: &Window, name: &str, choose: impl Fn(&Labels) -> bool, most: f64) -> Option<f64> {
    let increase = window.increase(name, 300.0, choose)?;
    Some(increase.amount).filter(|amount| *amount > most)
}

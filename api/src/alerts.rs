//! The alert rules: their names, severities, thresholds and durations.
//!
//! The dashboard evaluates most of them itself; Prometheus evaluates all of them with the expressions in
//! `deploy/prometheus/alerts.yml`. A test of the server compares both.

/// An alert, named as in `deploy/prometheus/alerts.yml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alert {
    /// The server doesn't answer.
    ServiceDown,
    /// No model is loaded.
    NoModelReady,
    /// Share of responses with a 5xx status.
    HighErrorRatio,
    /// 99th percentile of the request duration, in seconds.
    SlowRequests,
    /// Mean fill level of the inference queue.
    QueueSaturated,
    /// Failed logins per second.
    FailedSignInBurst,
    /// Emails are waiting and none is sent.
    MailOutboxStuck,
    /// Log lines that could not be written to the file.
    LogLinesLost,
    /// Readings of the page that were not those of the server.
    PageDisagrees,
    /// The limits aren't counted where the settings say, but in each process.
    LimitStorageDown,
    /// Another model answers than the live one, which can't be loaded.
    ModelFallback,
    /// Share of the disk that is free.
    DiskAlmostFull,
    /// Total variation distance between the predicted digits of the last hour and of the day before.
    PredictedDigitsShifted,
    /// Drop of the mean confidence from the day before to the last hour.
    ConfidenceDropped,
    /// The share of answers that users corrected in the last day, as a multiple of that in the week before.
    CorrectionsRose,
}

/// How urgent an alert is: the label `severity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Needs a person at once.
    Page,
    /// Can wait for working hours.
    Ticket,
}

/// When an alert fires.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// How urgent it is.
    pub severity: Severity,
    /// Seconds for which the condition must be true: Prometheus' `for`.
    pub for_seconds: f64,
    /// Seconds over which the value is measured; 0 for the current value.
    pub range_seconds: f64,
    /// Threshold of the measured value.
    pub threshold: f64,
    /// Thresholds of the preconditions, such as a minimum of requests, in the order of the expression.
    pub preconditions: &'static [f64],
}

impl Alert {
    /// All alerts, in the order of `alerts.yml`.
    pub const ALL: [Self; 15] = [
        Self::ServiceDown,
        Self::NoModelReady,
        Self::HighErrorRatio,
        Self::SlowRequests,
        Self::QueueSaturated,
        Self::FailedSignInBurst,
        Self::MailOutboxStuck,
        Self::LogLinesLost,
        Self::PageDisagrees,
        Self::LimitStorageDown,
        Self::ModelFallback,
        Self::DiskAlmostFull,
        Self::PredictedDigitsShifted,
        Self::ConfidenceDropped,
        Self::CorrectionsRose,
    ];

    /// The label `alertname`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServiceDown => "ServiceDown",
            Self::NoModelReady => "NoModelReady",
            Self::HighErrorRatio => "HighErrorRatio",
            Self::SlowRequests => "SlowRequests",
            Self::QueueSaturated => "QueueSaturated",
            Self::FailedSignInBurst => "FailedSignInBurst",
            Self::MailOutboxStuck => "MailOutboxStuck",
            Self::LogLinesLost => "LogLinesLost",
            Self::PageDisagrees => "PageDisagrees",
            Self::LimitStorageDown => "LimitStorageDown",
            Self::ModelFallback => "ModelFallback",
            Self::DiskAlmostFull => "DiskAlmostFull",
            Self::PredictedDigitsShifted => "PredictedDigitsShifted",
            Self::ConfidenceDropped => "ConfidenceDropped",
            Self::CorrectionsRose => "CorrectionsRose",
        }
    }

    /// When it fires.
    pub const fn rule(self) -> Rule {
        match self {
            Self::ServiceDown | Self::NoModelReady => page(60.0, 0.0, 0.0),
            // Ratios of a handful of requests say little: at least 0.1 requests per second.
            Self::HighErrorRatio => page(300.0, 300.0, 0.05).if_also(&[0.1]),
            Self::SlowRequests => ticket(600.0, 300.0, 1.0),
            Self::QueueSaturated => page(300.0, 300.0, 0.8),
            Self::FailedSignInBurst => ticket(300.0, 300.0, 1.0),
            // No email sent in the same range.
            Self::MailOutboxStuck => ticket(300.0, 900.0, 0.0).if_also(&[0.0]),
            Self::LogLinesLost => ticket(0.0, 600.0, 0.0),
            // A drawing on the border of two digits may be read differently, and one client may lie: several, and a
            // twentieth of what was compared.
            Self::PageDisagrees => ticket(0.0, 900.0, 3.0).if_also(&[0.05]),
            Self::LimitStorageDown | Self::ModelFallback => ticket(60.0, 0.0, 0.0),
            Self::DiskAlmostFull => ticket(600.0, 0.0, 0.1),
            // At least 200 predictions in the last hour and 1,000 in the day before.
            Self::PredictedDigitsShifted => ticket(900.0, 3_600.0, 0.3).if_also(&[200.0, 1_000.0]),
            Self::ConfidenceDropped => ticket(900.0, 3_600.0, 0.05).if_also(&[200.0, 1_000.0]),
            // At least 20 corrections in the last day and 1,000 predictions in the week before.
            Self::CorrectionsRose => ticket(3_600.0, 86_400.0, 2.0).if_also(&[20.0, 1_000.0]),
        }
    }
}

const fn page(for_seconds: f64, range_seconds: f64, threshold: f64) -> Rule {
    Rule {
        severity: Severity::Page,
        for_seconds,
        range_seconds,
        threshold,
        preconditions: &[],
    }
}

const fn ticket(for_seconds: f64, range_seconds: f64, threshold: f64) -> Rule {
    Rule {
        severity: Severity::Ticket,
        ..page(for_seconds, range_seconds, threshold)
    }
}

impl Rule {
    const fn if_also(self, preconditions: &'static [f64]) -> Self {
        Self { preconditions, ..self }
    }
}

impl Severity {
    /// The value of the label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        }
    }
}

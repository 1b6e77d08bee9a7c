//! The expected results of queries, computed from raw samples.

use std::collections::BTreeMap;

use crate::support::prometheus::{Labels, Sample};

/// The raw samples: all of them, because the test is shorter than any range.
pub(crate) struct Raw {
    pub(crate) samples: Vec<Sample>,
    /// The time of the query.
    pub(crate) now: f64,
}

/// Values by label values.
pub(crate) type Numbers = BTreeMap<Vec<String>, f64>;

type Filter = fn(&Labels) -> bool;

pub(crate) fn all(_: &Labels) -> bool {
    true
}

fn status(labels: &Labels, class: char) -> bool {
    labels["status"].starts_with(class)
}

impl Raw {
    /// A value of each series of this name, summed by these labels.
    fn by(&self, name: &str, labels: &[&str], filter: Filter, number: impl Fn(&Sample) -> f64) -> Numbers {
        let mut numbers = Numbers::new();
        for sample in &self.samples {
            if sample.labels["__name__"] == name && filter(&sample.labels) {
                let key = labels.iter().map(|label| sample.labels[*label].clone()).collect();
                *numbers.entry(key).or_default() += number(sample);
            }
        }
        numbers
    }

    /// The increase of counters from the first to the last sample.
    pub(crate) fn counted(&self, name: &str, labels: &[&str], filter: Filter) -> Numbers {
        self.by(name, labels, filter, |sample| {
            sample.values[sample.values.len() - 1] - sample.values[0]
        })
    }

    /// The increase of counters as computed by `increase`: extrapolated to the range, but not below zero.
    fn grown(&self, name: &str, labels: &[&str], filter: Filter) -> Numbers {
        self.by(name, labels, filter, |sample| {
            let last = sample.values.len() - 1;
            let grown = sample.values[last] - sample.values[0];
            if grown == 0.0 {
                return 0.0;
            }
            let sampled = sample.times[last] - sample.times[0];
            let distance = sampled / last as f64;
            let near = |gap: f64| if gap < distance * 1.1 { gap } else { distance / 2.0 };
            // The range starts long before the first sample.
            let before = near(sampled * sample.values[0] / grown);
            let after = near(self.now - sample.times[last]);
            grown * (before + sampled + after) / sampled
        })
    }

    /// The last values of gauges.
    pub(crate) fn last(&self, name: &str, labels: &[&str]) -> Numbers {
        self.by(name, labels, all, |sample| sample.values[sample.values.len() - 1])
    }

    /// Increase per second of a range.
    fn rate(&self, name: &str, labels: &[&str], filter: Filter, window: f64) -> Numbers {
        self.grown(name, labels, filter)
            .into_iter()
            .map(|(key, grown)| (key, grown / window))
            .collect()
    }

    /// `histogram_quantile` according to its documentation.
    fn quantile(&self, quantile: f64, labels: &[&str]) -> Numbers {
        let with_bounds: Vec<_> = labels.iter().copied().chain(["le"]).collect();
        let mut histograms = BTreeMap::<Vec<String>, Vec<(f64, f64)>>::new();
        for (mut key, count) in self.grown("http_requests_duration_seconds_bucket", &with_bounds, all) {
            let bound = key.pop().unwrap().parse().unwrap();
            histograms.entry(key).or_default().push((bound, count));
        }
        let value = |mut buckets: Vec<(f64, f64)>| {
            buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
            let rank = quantile * buckets[buckets.len() - 1].1;
            let place = buckets.iter().position(|(_, count)| *count >= rank).unwrap();
            let (bound, count) = buckets[place];
            let (lower, below) = if place == 0 { (0.0, 0.0) } else { buckets[place - 1] };
            if bound.is_infinite() {
                lower
            } else {
                lower + (bound - lower) * (rank - below) / (count - below)
            }
        };
        histograms
            .into_iter()
            .map(|(key, buckets)| (key, value(buckets)))
            .collect()
    }
}

fn ratio(one: &Numbers, other: &Numbers) -> Numbers {
    one.iter()
        .map(|(key, number)| (key.clone(), number / other[key]))
        .collect()
}

/// The values that satisfy the condition of an alert.
fn only(numbers: Numbers, alerts: impl Fn(f64) -> bool) -> Numbers {
    numbers.into_iter().filter(|(_, number)| alerts(*number)).collect()
}

/// The expected result of a query and the labels that distinguish its values; `None` for an unknown query.
pub(crate) fn expected(query: &str, raw: &Raw) -> Option<(&'static [&'static str], Numbers)> {
    const REQUESTS: &str = "http_requests_total";
    const M1: f64 = 60.0;
    const M5: f64 = 300.0;
    let server_errors = |labels: &Labels| status(labels, '5');
    let client_errors = |labels: &Labels| status(labels, '4');
    let errors = |labels: &Labels| status(labels, '4') || status(labels, '5');
    let mean = |name: &str, labels: &[&str]| {
        let sum = raw.grown(&format!("{name}_sum"), labels, all);
        ratio(&sum, &raw.grown(&format!("{name}_count"), labels, all))
    };
    let share = |filter: Filter| ratio(&raw.grown(REQUESTS, &[], filter), &raw.grown(REQUESTS, &[], all));
    let digits = || {
        let total = raw.grown("predictions_total", &[], all)[&vec![]];
        let digits = raw.grown("predictions_total", &["digit"], all);
        digits.into_iter().map(|(key, number)| (key, number / total)).collect()
    };
    Some(match query {
        // Panels.
        "sum(increase(http_requests_total[1h]))" => (&[], raw.grown(REQUESTS, &[], all)),
        "sum(increase(http_requests_total{status=~\"[45]..\"}[1h]))" => (&[], raw.grown(REQUESTS, &[], errors)),
        "sum(max by (confirmed) (registered_users))" => (&[], raw.last("registered_users", &[])),
        "up{job=\"trazo\"}" => (&["instance"], raw.last("up", &["instance"])),
        "model_ready" => (&["instance"], raw.last("model_ready", &["instance"])),
        "app_info" => (
            &["version", "model", "backend", "instructions"],
            raw.last("app_info", &["version", "model", "backend", "instructions"]),
        ),
        "sum(rate(http_requests_total[1m])) by (endpoint)" => {
            (&["endpoint"], raw.rate(REQUESTS, &["endpoint"], all, M1))
        }
        "sum(rate(http_requests_total{status=~\"[45]..\"}[5m])) by (endpoint, status)" => (
            &["endpoint", "status"],
            raw.rate(REQUESTS, &["endpoint", "status"], errors, M5),
        ),
        "sum(rate(http_requests_total{status=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m]))" => {
            (&[], share(server_errors))
        }
        "sum(rate(http_requests_total{status=~\"4..\"}[5m])) / sum(rate(http_requests_total[5m]))" => {
            (&[], share(client_errors))
        }
        "histogram_quantile(0.5, sum(rate(http_requests_duration_seconds_bucket[5m])) by (le))" => {
            (&[], raw.quantile(0.5, &[]))
        }
        "histogram_quantile(0.95, sum(rate(http_requests_duration_seconds_bucket[5m])) by (le))" => {
            (&[], raw.quantile(0.95, &[]))
        }
        "histogram_quantile(0.99, sum(rate(http_requests_duration_seconds_bucket[5m])) by (le))" => {
            (&[], raw.quantile(0.99, &[]))
        }
        "histogram_quantile(0.99, sum(rate(http_requests_duration_seconds_bucket[5m])) by (endpoint, le))" => {
            (&["endpoint"], raw.quantile(0.99, &["endpoint"]))
        }
        "sum(http_requests_pending) by (endpoint)" => (&["endpoint"], raw.last("http_requests_pending", &["endpoint"])),
        "sum(rate(predictions_total[5m])) by (digit)" => {
            (&["digit"], raw.rate("predictions_total", &["digit"], all, M5))
        }
        "sum(rate(predictions_total{source=\"cache\"}[5m])) / sum(rate(predictions_total[5m]))" => {
            let cached = raw.grown("predictions_total", &[], |labels| labels["source"] == "cache");
            (&[], ratio(&cached, &raw.grown("predictions_total", &[], all)))
        }
        "sum(rate(prediction_seconds_sum[5m])) by (stage) / sum(rate(prediction_seconds_count[5m])) by (stage)" => {
            (&["stage"], mean("prediction_seconds", &["stage"]))
        }
        "prediction_queue_depth" => (&[], raw.last("prediction_queue_depth", &[])),
        "prediction_queue_capacity" => (&[], raw.last("prediction_queue_capacity", &[])),
        "sum(rate(prediction_batch_size_sum[5m])) / sum(rate(prediction_batch_size_count[5m]))" => {
            (&[], mean("prediction_batch_size", &[]))
        }
        "sum(rate(prediction_confidence_sum[5m])) / sum(rate(prediction_confidence_count[5m]))" => {
            (&[], mean("prediction_confidence", &[]))
        }
        "max(corrections_waiting)" => (&[], raw.last("corrections_waiting", &[])),
        "sum(increase(corrections_reviewed_total[1h])) by (decision)" => {
            (&["decision"], raw.grown("corrections_reviewed_total", &["decision"], all))
        }
        "sum(increase(corrections_total[1d])) by (model) / sum(increase(predictions_total[1d])) by (model)" => {
            let corrected = raw.grown("corrections_total", &["model"], all);
            (&["model"], ratio(&corrected, &raw.grown("predictions_total", &["model"], all)))
        }
        "prediction_cache_entries" => (&[], raw.last("prediction_cache_entries", &[])),
        "sum(rate(page_agreement_total[5m])) by (result)" => {
            (&["result"], raw.rate("page_agreement_total", &["result"], all, M5))
        }
        "sum(rate(logins_total[5m])) by (result)" => (&["result"], raw.rate("logins_total", &["result"], all, M5)),
        "sum(rate(rate_limited_total[5m])) by (endpoint)" => {
            (&["endpoint"], raw.rate("rate_limited_total", &["endpoint"], all, M5))
        }
        "ratelimit_storage_up" => (&["instance"], raw.last("ratelimit_storage_up", &["instance"])),
        "max(mail_outbox_pending)" => (&[], raw.last("mail_outbox_pending", &[])),
        "sum(rate(mail_sent_total[5m])) by (result)" => {
            (&["result"], raw.rate("mail_sent_total", &["result"], all, M5))
        }
        "max by (confirmed) (registered_users)" => (&["confirmed"], raw.last("registered_users", &["confirmed"])),
        "sum(database_pool_connections) by (state)" => (&["state"], raw.last("database_pool_connections", &["state"])),
        "sum(database_pool_connections_max)" => (&[], raw.last("database_pool_connections_max", &[])),
        "rate(process_cpu_seconds_total[5m])" => (&[], raw.rate("process_cpu_seconds_total", &[], all, M5)),
        "process_resident_memory_bytes" => (&[], raw.last("process_resident_memory_bytes", &[])),
        "process_open_fds" => (&[], raw.last("process_open_fds", &[])),
        "process_threads" => (&[], raw.last("process_threads", &[])),
        "disk_available_bytes / disk_size_bytes" => (&["folder"], {
            let size = raw.last("disk_size_bytes", &["folder"]);
            ratio(&raw.last("disk_available_bytes", &["folder"]), &size)
        }),
        "increase(log_lines_dropped_total[1h])" => (&[], raw.grown("log_lines_dropped_total", &[], all)),

        // Recording rules.
        "trazo:requests:rate5m" => (&[], raw.rate(REQUESTS, &[], all, M5)),
        "trazo:errors:ratio5m" => (&[], share(server_errors)),
        "trazo:request_seconds:p99_5m" => (&[], raw.quantile(0.99, &[])),
        "trazo:queue:ratio" => {
            let capacity = raw.last("prediction_queue_capacity", &[]);
            (&[], ratio(&raw.last("prediction_queue_depth", &[]), &capacity))
        }
        "trazo:digit:share1h" => (&["digit"], digits()),
        "trazo:confidence:mean1h" => (&[], mean("prediction_confidence", &[])),
        "trazo:corrections:share1d" => {
            let corrected = raw.grown("corrections_total", &[], all);
            (&[], ratio(&corrected, &raw.grown("predictions_total", &[], all)))
        }

        // Alerts.
        "HighErrorRatio" => (&[], only(share(server_errors), |ratio| ratio > 0.05)),
        "SlowRequests" => (&[], only(raw.quantile(0.99, &[]), |seconds| seconds > 1.0)),
        "DiskAlmostFull" => (&["folder"], {
            let size = raw.last("disk_size_bytes", &["folder"]);
            let left = ratio(&raw.last("disk_available_bytes", &["folder"]), &size);
            only(left, |left| left < 0.1)
        }),
        "ServiceDown"
        | "NoModelReady"
        | "QueueSaturated"
        | "FailedSignInBurst"
        | "MailOutboxStuck"
        | "LogLinesLost"
        | "PageDisagrees"
        | "LimitStorageDown"
        | "ModelFallback"
        | "PredictedDigitsShifted"
        | "ConfidenceDropped"
        | "CorrectionsRose"
        // There are no samples with an offset of an hour yet.
        | "trazo:digit:share1d"
        | "trazo:digit:shift"
        | "trazo:confidence:mean1d"
        | "trazo:corrections:share7d" => (&[], Numbers::new()),
        _ => return None,
    })
}
